#pragma once

#include <cstdint>
#include <memory>
#include <variant>

#include "core/time.h"
#include "storage/run_writer.h"

namespace yagura::storage {

class StreamRoute;
class VolumeWriter;

struct PendingInterruption {
  std::uint64_t ordinal;  // of the stream's newest run at that moment
  Interruption interruption;
};

/// The stream's next run, from `next_start` on, is `next`'s.
struct LeaveVolume {
  std::weak_ptr<StreamRoute> route;
  VolumeWriter* next = nullptr;
  GapReason reason{};  // where the next volume doesn't take it
  MediaTime next_media_start;
  WallTime next_start{};
};

/// What is queued for a volume's writer.
struct VolumeCommand {
  using FailedClip = std::shared_ptr<OpenClip>;
  std::shared_ptr<StreamAccount> account;  // null of the last two
  std::variant<std::shared_ptr<const Fragment>, PendingInterruption, EndOfStream, LeaveVolume,
               FailedClip, RescuedClip>
      what;
  MonoTime queued_at{};  // by the volume
};

}  // namespace yagura::storage
