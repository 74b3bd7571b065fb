#include "core/sent_log_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

#include "core/sent_log_format.h"

namespace yagura {
namespace {

using namespace sent_log_format;

constexpr milliseconds kFlushAfter{200};

/// What a writer must know of a log that it goes on with.
struct LogEnd {
  std::uint64_t size_bytes = 0;
  std::uint32_t last_session = 0;
  std::set<std::uint32_t> open_sessions;
};

Result<LogEnd> FindEnd(const std::filesystem::path& path) {
  ASSIGN_OR_RETURN(SentLogReader reader, SentLogReader::Open(path));
  LogEnd end;
  while (true) {
    ASSIGN_OR_RETURN(const auto record, reader.Next());
    if (!record) break;
    if (const auto* session = std::get_if<SentSession>(&*record)) {
      end.last_session = std::max(end.last_session, session->session);
      end.open_sessions.insert(session->session);
    }
    if (const auto* gone = std::get_if<SentSessionEnd>(&*record)) {
      end.open_sessions.erase(gone->session);
    }
  }
  end.size_bytes = reader.offset_bytes();
  return end;
}

/// True where the file is missing, or so short that its writer died before the first record.
bool IsFresh(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error || size < kMagic.size();
}

Result<std::FILE*> OpenForWriting(const std::filesystem::path& path, const char* mode) {
  std::FILE* file = std::fopen(path.c_str(), mode);
  if (file == nullptr) {
    return Failure(ErrorCode::kUnavailable,
                   "can't write sent log \"" + path.string() + "\": " + std::strerror(errno));
  }
  std::setvbuf(file, nullptr, _IONBF, 0);  // SentLogWriter has a buffer of its own
  return file;
}

}  // namespace

Result<std::unique_ptr<SentLogWriter>> SentLogWriter::Open(const std::filesystem::path& path,
                                                           const Clock& clock) {
  if (IsFresh(path)) {
    ASSIGN_OR_RETURN(std::FILE * file, OpenForWriting(path, "wbe"));
    std::unique_ptr<SentLogWriter> writer(new SentLogWriter(file, clock));
    writer->buffer_.assign(kMagic.begin(), kMagic.end());
    RETURN_IF_ERROR(writer->Flush());
    return writer;
  }
  ASSIGN_OR_RETURN(const LogEnd end, FindEnd(path));
  std::error_code error;
  std::filesystem::resize_file(path, end.size_bytes, error);
  ASSIGN_OR_RETURN(std::FILE * file, OpenForWriting(path, "abe"));
  std::unique_ptr<SentLogWriter> writer(new SentLogWriter(file, clock));
  if (error) return Failure(ErrorCode::kUnavailable, "can't cut sent log: " + error.message());
  writer->next_session_ = end.last_session + 1;
  for (const std::uint32_t session : end.open_sessions) {
    writer->End({.session = session, .reason = SessionEnd::kLost, .at = clock.Now()});
  }
  return writer;
}

SentLogWriter::SentLogWriter(std::FILE* file, const Clock& clock)
    : file_(file, &std::fclose), clock_(clock) {
  buffer_.reserve(kBufferMax);
}

SentLogWriter::~SentLogWriter() {
  (void)Flush();  // who cares for the answer calls Flush before
}

std::span<std::uint8_t> SentLogWriter::Reserve(char kind, std::uint8_t flags,
                                               std::size_t size_bytes) {
  if (buffer_.size() + size_bytes > kBufferMax) (void)Flush();  // remembered in failed_
  FlushIfDue();
  if (buffer_.empty()) oldest_ = clock_.Monotonic();
  const std::size_t at = buffer_.size();
  buffer_.resize(at + size_bytes);
  const auto record = std::span(buffer_).subspan(at);
  Put(record) << static_cast<std::uint8_t>(kind) << flags << static_cast<std::uint16_t>(size_bytes);
  return record.subspan(kHeaderSize);
}

void SentLogWriter::Camera(const SentCamera& camera) {
  const auto path = std::string_view(camera.path).substr(0, kPathMax);
  const auto body = Reserve(kCamera, 0, kHeaderSize + sizeof camera.camera + path.size());
  Put(body) << camera.camera;
  std::ranges::copy(path, body.begin() + sizeof camera.camera);
}

void SentLogWriter::Epoch(const SentEpoch& epoch) {
  Put(Reserve(kEpoch, 0, kEpochSize)) << epoch.camera << epoch.epoch << epoch.start;
}

std::uint32_t SentLogWriter::Begin(const SentSession& session) {
  const std::uint32_t number = next_session_++;
  first_numbers_[number] = session.first_number;
  Put(Reserve(kSession, 0, kSessionSize)) << number << session.camera << std::uint32_t{0}
                                          << session.epoch << session.first_number << session.begin;
  return number;
}

void SentLogWriter::Frame(const SentFrame& frame) {
  const auto first = first_numbers_.find(frame.session);
  if (first == first_numbers_.end()) return;
  const auto number = frame.number - first->second;
  const auto captured_before = std::max<std::int64_t>((frame.sent - frame.captured).count(), 0);
  const auto flags = static_cast<std::uint8_t>((frame.keyframe ? kKeyframeFlag : 0) |
                                               (frame.broken ? kBrokenFlag : 0));
  Put(Reserve(kFrame, flags, kFrameSize))
      << frame.session << static_cast<std::uint32_t>(number)
      << static_cast<std::uint32_t>(captured_before) << frame.sent << frame.crc << frame.rtp_time;
}

void SentLogWriter::End(const SentSessionEnd& end) {
  first_numbers_.erase(end.session);
  Put(Reserve(kEnd, static_cast<std::uint8_t>(end.reason), kEndSize)) << end.session << end.at;
}

void SentLogWriter::FlushIfDue() {
  if (!buffer_.empty() && clock_.Monotonic() - oldest_ >= kFlushAfter) (void)Flush();
}

Result<void> SentLogWriter::Flush() {
  if (!buffer_.empty() && !failed_) {
    failed_ = std::fwrite(buffer_.data(), 1, buffer_.size(), file_.get()) != buffer_.size();
  }
  buffer_.clear();
  if (failed_) return Failure(ErrorCode::kUnavailable, "the sent log can't be written");
  return {};
}

}  // namespace yagura
