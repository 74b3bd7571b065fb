#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/volume_writer.h"

namespace yagura::storage {

/// The volumes of a recorder, and which of them is to store what. Volumes are added and never taken
/// away. Thread-safe.
class VolumeSet final : public OtherVolumes {
 public:
  void Add(std::unique_ptr<VolumeWriter> volume);
  [[nodiscard]] std::vector<VolumeWriter*> all() const;
  [[nodiscard]] bool empty() const;

  /// Where a stream begins. There must be a volume.
  [[nodiscard]] VolumeWriter& Home();
  /// Where the next run of a stream goes that was recorded on `last`: there, as long as that
  /// volume accepts, and where none does.
  [[nodiscard]] VolumeWriter& ForRun(VolumeWriter& last) const;

  // OtherVolumes
  [[nodiscard]] bool AcceptFrom(const Volume& one) const override;
  [[nodiscard]] bool Take(const Volume& one, RescuedClip clip) override;

 private:
  [[nodiscard]] VolumeWriter* Elsewhere(const Volume& one) const;

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<VolumeWriter>> volumes_;
  std::size_t next_home_ = 0;
};

}  // namespace yagura::storage
