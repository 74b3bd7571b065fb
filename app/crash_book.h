#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/camera_stream.h"
#include "core/time.h"

/// Which stream's bytes were being parsed when the recorder crashed, kept across its lives, and
/// whether it is parked for it. Values and pure functions; docs/design/crash-book.md.
namespace yagura::app {

/// One boot of one machine. All zero: unknown.
using BootId = Id<struct BootTag>;

struct CrashEntry {
  CameraId camera;
  int signal = 0;         // that ended the recorder; kLift: none, its parking was lifted
  WallTime at;            // by our clock; of a lift: RecordedCamera::parking_lifted_at
  microseconds uptime{};  // of the machine then: no step of the wall clock moves it
  BootId boot;
  Stream stream = Stream::kMain;  // of the camera
  friend bool operator==(const CrashEntry&, const CrashEntry&) = default;
};
inline constexpr int kLift = 0;

inline constexpr std::size_t kCrashEntryBytes = 64;
/// Async-signal-safe, once it was called outside of a signal handler.
[[nodiscard]] std::array<std::uint8_t, kCrashEntryBytes> EncodeCrashEntry(const CrashEntry& entry);

struct CrashEntries {
  std::vector<CrashEntry> entries;
  std::size_t skipped_bytes = 0;  // torn or damaged: no entries, wherever they lie
};
[[nodiscard]] CrashEntries DecodeCrashEntries(std::span<const std::uint8_t> bytes);

/// What the entries, in the order in which they were written, come to. Order decides what was
/// before a lift, not the clock, which may have been set back between. One thread.
class CrashBook {
 public:
  /// Two crashes no further apart than this park a camera.
  static constexpr std::chrono::minutes kParkWithin{10};
  /// Kept() has no more, the newest: of some 20,000 cameras.
  static constexpr std::size_t kEntriesMax = 65'536;

  void Add(const CrashEntry& entry);

  /// The two crashes that park the stream; of another one its last crash since its parking was
  /// lifted, if any.
  [[nodiscard]] std::vector<CrashEntry> CrashesOf(const CameraStream& of) const;
  [[nodiscard]] bool IsParked(const CameraStream& of) const { return CrashesOf(of).size() == 2; }
  /// The newest lift of the stream that is noted.
  [[nodiscard]] std::optional<WallTime> LiftedAt(const CameraStream& of) const;

  /// Entries that come to the same.
  [[nodiscard]] std::vector<CrashEntry> Kept() const;

 private:
  struct Numbered {
    std::uint64_t number = 0;
    CrashEntry entry;
  };
  struct Account {
    std::optional<Numbered> lift;
    std::vector<Numbered> crashes;  // since then
  };
  std::map<CameraStream, Account> accounts_;
  std::uint64_t added_ = 0;
};

}  // namespace yagura::app
