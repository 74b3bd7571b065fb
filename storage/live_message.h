#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "core/access_unit.h"
#include "core/ids.h"
#include "core/result.h"
#include "storage/journal_records.h"

/// What goes over the live relay's socket; layout and limits: docs/design/live-relay.md. Pure.
namespace yagura::storage {

/// What a subscriber asks for, once, as the first thing on its connection.
struct LiveRequest {
  CameraId camera;
  Stream stream = Stream::kMain;
  friend bool operator==(const LiveRequest&, const LiveRequest&) = default;
};
inline constexpr std::size_t kLiveRequestBytes = 24;
[[nodiscard]] std::vector<std::uint8_t> EncodeLiveRequest(const LiveRequest& request);
/// kInvalidArgument: another protocol or version, or no such stream. `bytes`: kLiveRequestBytes.
[[nodiscard]] Result<LiveRequest> ParseLiveRequest(std::span<const std::uint8_t> bytes);

/// Why the relay sends nothing more on a connection.
enum class LiveEnd : std::uint8_t {
  kNotUnderstood = 1,  // the request; asking again won't help
  kNotRecorded = 2,    // no such stream is recorded here now
  kEnded = 3,          // it was, and is no more
};

/// Each message is a length of four bytes, and as many bytes: a kind, and what belongs to it.
inline constexpr std::size_t kLiveLengthBytes = 4;
/// Longer than any: ingest lets no access unit over 8 MiB through.
inline constexpr std::uint32_t kLiveMessageBytesMax = 8 * 1024 * 1024 + 1024;

[[nodiscard]] std::vector<std::uint8_t> EncodeLiveFormat(const StreamFormat& format);
/// Everything of the unit's message but its data, which follows as it lies in memory.
[[nodiscard]] std::vector<std::uint8_t> EncodeLiveUnitHead(const AccessUnit& unit);
[[nodiscard]] std::vector<std::uint8_t> EncodeLiveEnd(LiveEnd end);

/// A message read: a format, a unit (without format), or the end.
using LiveMessage = std::variant<StreamFormat, AccessUnit, LiveEnd>;
/// `body`: what followed the length. The unit's data is a slice of it. kDataLoss: no such message.
[[nodiscard]] Result<LiveMessage> ParseLiveMessage(
    const std::shared_ptr<const std::uint8_t[]>& body, std::size_t size_bytes);

}  // namespace yagura::storage
