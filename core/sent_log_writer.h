#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "core/result.h"
#include "core/sent_log.h"
#include "core/time.h"

namespace yagura {

/// Appends to a log. Buffers; writes out when the oldest buffered record is 200 ms old (judged at
/// each call), when the buffer is full, on Flush and at destruction. One thread. A failed write is
/// remembered, later records are dropped, and Flush says so.
class SentLogWriter {
 public:
  /// Creates the file, or goes on in an existing log: cuts off a torn tail and closes sessions left
  /// open (kLost, at `now`). kUnavailable: the file can't be written. Otherwise as SentLogReader.
  [[nodiscard]] static Result<std::unique_ptr<SentLogWriter>> Open(
      const std::filesystem::path& path, const Clock& clock);
  ~SentLogWriter();
  SentLogWriter(const SentLogWriter&) = delete;
  SentLogWriter& operator=(const SentLogWriter&) = delete;

  void Camera(const SentCamera& camera);
  void Epoch(const SentEpoch& epoch);
  /// Notes a session and gives it the number that its frames and its end must carry;
  /// `session.session` is ignored.
  [[nodiscard]] std::uint32_t Begin(const SentSession& session);
  /// Notes a frame; nothing where its session has ended meanwhile.
  void Frame(const SentFrame& frame);
  void End(const SentSessionEnd& end);

  /// Writes out what has been buffered for 200 ms; for a caller whose cameras may fall silent.
  void FlushIfDue();
  /// kUnavailable: this or an earlier write failed; the log is not complete.
  [[nodiscard]] Result<void> Flush();

 private:
  SentLogWriter(std::FILE* file, const Clock& clock);
  /// Room for a record of `size_bytes`, its header written.
  std::span<std::uint8_t> Reserve(char kind, std::uint8_t flags, std::size_t size_bytes);

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  const Clock& clock_;
  std::vector<std::uint8_t> buffer_;
  MonoTime oldest_{};  // when the first record in buffer_ came
  bool failed_ = false;
  std::uint32_t next_session_ = 1;
  std::map<std::uint32_t, std::uint64_t> first_numbers_;  // of open sessions
};

}  // namespace yagura
