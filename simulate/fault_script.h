#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace yagura::simulate {

enum class FaultKind : std::uint8_t {
  kReset,        // its connections end with a TCP RST
  kHalfOpen,     // connections stay and are taken, and nothing comes any more
  kReboot,       // off, then on again: new sessions, new SSRCs, a new epoch
  kCredentials,  // those that it was given so far are refused; its sessions end
  kAnswer,       // it answers requests with an error of its own
  kClock,        // its own clock is set
  kTimestamps,   // its RTP timestamps jump
  kFootage,      // it shows something else
  kDrop,         // packets that it gave up
  kDuplicate,    // packets sent twice
  kReorder,      // packets sent behind the one after them
  kMalform,      // packets whose payload nobody can read
};

/// What a malformed packet holds, behind an RTP header that is in order.
enum class Malformation : std::uint8_t {
  kTruncatedFragment,  // an FU indicator alone
  kWrongAggregate,     // a STAP-A or AP that names more bytes than it has
  kOversize,           // the same, as long as an interleaved frame can be
  kShortHeader,        // not even an RTP header
};

/// Packets by number, from 1: ranges in rising order, both ends in.
struct PacketNumbers {
  struct Range {
    std::uint32_t first = 1;
    std::uint32_t last = 1;
    friend bool operator==(const Range&, const Range&) = default;
  };
  std::vector<Range> ranges{};
  [[nodiscard]] bool Holds(std::uint32_t number) const;
  [[nodiscard]] std::uint32_t last() const { return ranges.empty() ? 0 : ranges.back().last; }
  friend bool operator==(const PacketNumbers&, const PacketNumbers&) = default;
};

/// One line of a script. What a kind doesn't use stays as it is here.
struct Fault {
  milliseconds at{};  // since the farm's start
  std::uint32_t first_camera = 1;
  std::uint32_t last_camera = 1;
  FaultKind kind = FaultKind::kReset;
  milliseconds length{};         // from beginning to end
  std::string method{};          // of kAnswer; empty: any
  unsigned status = 0;           // of kAnswer
  std::chrono::seconds step{};   // of kClock: forward or back
  std::int64_t ticks = 0;        // of kTimestamps, 1/90000 s: forward or back
  std::filesystem::path loop{};  // of kFootage
  PacketNumbers packets{};       // counted, for each client, from the fault's beginning
  Malformation malformation{};   // of kMalform
  friend bool operator==(const Fault&, const Fault&) = default;
};

/// What is to go wrong with cameras 1 to `cameras`, and when: docs/design/fault-script.md.
/// kInvalidArgument: names the line and what is wrong in it.
[[nodiscard]] Result<std::vector<Fault>> ParseFaultScript(std::string_view text,
                                                          std::uint32_t cameras);
/// The same from a file; loops that it names without a folder lie beside it. kNotFound: there is
/// none.
[[nodiscard]] Result<std::vector<Fault>> ReadFaultScript(const std::filesystem::path& path,
                                                         std::uint32_t cameras);

/// The word that stands for it in a script.
[[nodiscard]] std::string_view ToString(FaultKind kind);

}  // namespace yagura::simulate
