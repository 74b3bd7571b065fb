#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace yagura {

/// What simulated cameras sent: the yardstick of `yagura check --sent`. The file format and what
/// each instant means are in docs/design/sent-log.md.

struct SentCamera {
  std::uint32_t camera = 0;
  std::string path{};  // "/camera/7"
  friend bool operator==(const SentCamera&, const SentCamera&) = default;
};

/// A camera started; frame numbers start anew.
struct SentEpoch {
  std::uint32_t camera = 0;
  std::uint64_t epoch = 0;
  WallTime start{};
  friend bool operator==(const SentEpoch&, const SentEpoch&) = default;
};

/// A client's PLAY was answered.
struct SentSession {
  std::uint32_t session = 0;  // unique in the log
  std::uint32_t camera = 0;
  std::uint64_t epoch = 0;
  std::uint64_t first_number = 0;  // no frame of the session has a smaller one
  WallTime begin{};
  friend bool operator==(const SentSession&, const SentSession&) = default;
};

/// One frame was handed to the kernel completely.
struct SentFrame {
  std::uint32_t session = 0;
  std::uint64_t number = 0;
  std::uint32_t crc = 0;  // as in the frame's stamp
  std::uint32_t rtp_time = 0;
  bool keyframe = false;
  WallTime sent{};      // its last byte was given to the kernel
  WallTime captured{};  // its RTP timestamp, by our clock
  bool broken = false;  // by script: its packets weren't all there, in order and as they should be
  friend bool operator==(const SentFrame&, const SentFrame&) = default;
};

enum class SessionEnd : std::uint8_t {
  kClientClosed = 0,
  kTeardown = 1,
  kClientSlow = 2,      // more unsent data than the bound
  kSessionTimeout = 3,  // nothing came from the client for the session's timeout
  kScripted = 4,        // the camera was stopped, or its sessions dropped
  kShutdown = 5,
  kLost = 6,         // the sending process died
  kFarmStalled = 7,  // the sending process was held up for seconds, and gave up
};

struct SentSessionEnd {
  std::uint32_t session = 0;
  SessionEnd reason = SessionEnd::kClientClosed;
  WallTime at{};
  friend bool operator==(const SentSessionEnd&, const SentSessionEnd&) = default;
};

using SentRecord = std::variant<SentCamera, SentEpoch, SentSession, SentFrame, SentSessionEnd>;

/// Reads records in file order; a log that is still being written too. One thread.
class SentLogReader {
 public:
  /// kNotFound: no such file. kInvalidArgument: the file is no sent log.
  [[nodiscard]] static Result<SentLogReader> Open(const std::filesystem::path& path);

  /// The next record; nothing at the end or before a record that is not whole (yet): a later call
  /// reads what has come since. kDataLoss: a record makes no sense; no further record can be read.
  [[nodiscard]] Result<std::optional<SentRecord>> Next();

  /// Position after the last whole record.
  [[nodiscard]] std::uint64_t offset_bytes() const { return offset_bytes_; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit SentLogReader(std::FILE* file) : file_(file) {}
  [[nodiscard]] Result<std::optional<SentRecord>> Decode(std::span<const std::uint8_t> record);
  [[nodiscard]] bool Fill(std::size_t size_bytes);

  std::unique_ptr<std::FILE, Closer> file_;
  std::vector<std::uint8_t> buffer_;
  std::size_t used_ = 0;
  std::uint64_t offset_bytes_ = 0;
  std::map<std::uint32_t, std::uint64_t> first_numbers_;  // by session
};

/// A whole log in memory, for tests and for `yagura check`.
struct SentLog {
  std::vector<SentCamera> cameras;
  std::vector<SentEpoch> epochs;
  std::vector<SentSession> sessions;
  std::vector<SentFrame> frames;  // in the order in which they were sent
  std::vector<SentSessionEnd> ends;
};
/// As SentLogReader; what is not whole at the end is left out.
[[nodiscard]] Result<SentLog> LoadSentLog(const std::filesystem::path& path);

}  // namespace yagura
