#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/volume_writer.h"

namespace yagura::storage {

/// The volumes of a recorder, and which of them is to store what: streams are spread by the
/// volumes' weights, and what a volume refuses goes elsewhere. Volumes are added and never taken
/// away; one of weight 0 gets only what no other volume takes. Thread-safe.
class VolumeSet final : public OtherVolumes {
 public:
  void Add(std::unique_ptr<VolumeWriter> volume, std::uint32_t weight);
  void SetWeight(const VolumeWriter& volume, std::uint32_t weight);
  [[nodiscard]] std::vector<VolumeWriter*> all() const;
  [[nodiscard]] bool empty() const;

  /// Where a stream begins, until it is given up again by Forget. There must be a volume.
  [[nodiscard]] VolumeWriter& Home();
  void Forget(const VolumeWriter& last);
  /// Whether a stream that is recorded on `at` should go on elsewhere: its volume doesn't accept,
  /// and another one does.
  [[nodiscard]] bool IsRefused(const VolumeWriter& at) const;
  /// The same, since Balance found that `at` has more than its share: true for so many calls as
  /// streams are to leave it. Asked for each access unit: no lock where nothing is to move.
  [[nodiscard]] bool TakeLeave(const VolumeWriter& at);
  /// Where the next run of a stream goes that was recorded on `last`: there, as long as that
  /// volume accepts and the stream has no leave to take, and where no other does.
  [[nodiscard]] VolumeWriter& ForRun(VolumeWriter& last, bool takes_leave);

  /// A few streams leave each volume that has more than its share of those that the volumes have
  /// which accept. One that didn't gets nothing back before it did for kSettled.
  void Balance(MonoTime now);
  static constexpr std::chrono::seconds kSettled{60};
  /// Of each volume, in a round.
  static constexpr std::size_t kMovesMax = 10;

  // OtherVolumes
  [[nodiscard]] bool AcceptFrom(const Volume& one) const override;
  [[nodiscard]] bool Take(const Volume& one, RescuedClip clip) override;

 private:
  struct Member {
    std::unique_ptr<VolumeWriter> volume;
    std::uint32_t weight = 1;
    std::size_t streams = 0;   // whose runs go there
    std::size_t to_leave = 0;  // of them
    bool refused = false;      // when last looked at
    MonoTime settled_at{};     // it counts for shares from then on
  };

  [[nodiscard]] Member& Of(const VolumeWriter& volume);
  [[nodiscard]] const Member* Elsewhere(const Volume& one, bool drained_too) const;
  template <class Predicate>
  [[nodiscard]] const Member* LeastLadenOf(const Predicate& may) const;
  [[nodiscard]] std::vector<std::size_t> Shares() const;

  mutable std::mutex mutex_;
  std::vector<Member> members_;
  std::atomic<bool> any_to_leave_ = false;
};

}  // namespace yagura::storage
