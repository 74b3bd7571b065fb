#include "core/sent_log.h"

#include <array>
#include <cerrno>
#include <cstring>

#include "core/sent_log_format.h"

namespace yagura {
namespace {

using namespace sent_log_format;

bool SizeFits(char kind, std::size_t size) {
  switch (kind) {
    case kCamera:
      return size >= kHeaderSize + 4 && size <= kHeaderSize + 4 + kPathMax;
    case kEpoch:
      return size == kEpochSize;
    case kSession:
      return size == kSessionSize;
    case kFrame:
      return size == kFrameSize;
    case kEnd:
      return size == kEndSize;
    default:
      return size >= kHeaderSize;
  }
}

SentCamera DecodeCamera(std::span<const std::uint8_t> body) {
  SentCamera camera;
  Get(body) >> camera.camera;
  const auto path = body.subspan(sizeof camera.camera);
  camera.path.assign(reinterpret_cast<const char*>(path.data()), path.size());
  return camera;
}

SentEpoch DecodeEpoch(std::span<const std::uint8_t> body) {
  SentEpoch epoch;
  Get(body) >> epoch.camera >> epoch.epoch >> epoch.start;
  return epoch;
}

SentSession DecodeSession(std::span<const std::uint8_t> body) {
  SentSession session;
  std::uint32_t zero = 0;
  Get(body) >> session.session >> session.camera >> zero >> session.epoch >> session.first_number >>
      session.begin;
  return session;
}

SentFrame DecodeFrame(std::span<const std::uint8_t> body, std::uint8_t flags) {
  SentFrame frame;
  std::uint32_t number = 0;
  std::uint32_t captured_before_us = 0;
  Get(body) >> frame.session >> number >> captured_before_us >> frame.sent >> frame.crc >>
      frame.rtp_time;
  frame.number = number;  // the caller adds the session's first
  frame.captured = frame.sent - microseconds(captured_before_us);
  frame.keyframe = (flags & kKeyframeFlag) != 0;
  frame.broken = (flags & kBrokenFlag) != 0;
  return frame;
}

SentSessionEnd DecodeEnd(std::span<const std::uint8_t> body, std::uint8_t flags) {
  SentSessionEnd end;
  Get(body) >> end.session >> end.at;
  end.reason = static_cast<SessionEnd>(flags);
  return end;
}

}  // namespace

Result<SentLogReader> SentLogReader::Open(const std::filesystem::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) {
    return Failure(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
                   "can't open sent log \"" + path.string() + "\": " + std::strerror(errno));
  }
  SentLogReader reader(file);
  std::array<char, kMagic.size()> magic{};
  const std::size_t got = std::fread(magic.data(), 1, magic.size(), file);
  if (std::string_view(magic.data(), got) != kMagic) {
    return Failure(ErrorCode::kInvalidArgument, "\"" + path.string() + "\" is no sent log");
  }
  reader.offset_bytes_ = kMagic.size();
  return reader;
}

bool SentLogReader::Fill(std::size_t size_bytes) {
  if (buffer_.size() - used_ >= size_bytes) return true;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  const std::size_t have = buffer_.size();
  buffer_.resize(have + kBufferMax);
  std::clearerr(file_.get());  // the file may have grown since the last end of file
  buffer_.resize(have + std::fread(buffer_.data() + have, 1, kBufferMax, file_.get()));
  return buffer_.size() >= size_bytes;
}

Result<std::optional<SentRecord>> SentLogReader::Next() {
  while (Fill(kHeaderSize)) {
    const std::size_t size = buffer_[used_ + 2] | std::size_t{buffer_[used_ + 3]} << 8;
    if (!SizeFits(static_cast<char>(buffer_[used_]), size)) {
      return Failure(ErrorCode::kDataLoss,
                     "no record at offset " + std::to_string(offset_bytes_) + " of the sent log");
    }
    if (!Fill(size)) break;
    ASSIGN_OR_RETURN(auto record, Decode(std::span(buffer_).subspan(used_, size)));
    used_ += size;
    offset_bytes_ += size;
    if (record) return record;
  }
  return std::nullopt;
}

Result<std::optional<SentRecord>> SentLogReader::Decode(std::span<const std::uint8_t> record) {
  const std::uint8_t flags = record[1];
  const auto body = record.subspan(kHeaderSize);
  switch (static_cast<char>(record[0])) {
    case kCamera:
      return DecodeCamera(body);
    case kEpoch:
      return DecodeEpoch(body);
    case kSession: {
      const SentSession session = DecodeSession(body);
      first_numbers_[session.session] = session.first_number;
      return session;
    }
    case kFrame: {
      SentFrame frame = DecodeFrame(body, flags);
      const auto first = first_numbers_.find(frame.session);
      if (first == first_numbers_.end()) {
        return Failure(ErrorCode::kDataLoss, "sent log has a frame of a session that never began");
      }
      frame.number += first->second;
      return frame;
    }
    case kEnd:
      return DecodeEnd(body, flags);
    default:
      return std::nullopt;
  }
}

Result<SentLog> LoadSentLog(const std::filesystem::path& path) {
  ASSIGN_OR_RETURN(SentLogReader reader, SentLogReader::Open(path));
  SentLog log;
  while (true) {
    ASSIGN_OR_RETURN(const auto record, reader.Next());
    if (!record) return log;
    if (const auto* camera = std::get_if<SentCamera>(&*record)) log.cameras.push_back(*camera);
    if (const auto* epoch = std::get_if<SentEpoch>(&*record)) log.epochs.push_back(*epoch);
    if (const auto* session = std::get_if<SentSession>(&*record)) log.sessions.push_back(*session);
    if (const auto* frame = std::get_if<SentFrame>(&*record)) log.frames.push_back(*frame);
    if (const auto* end = std::get_if<SentSessionEnd>(&*record)) log.ends.push_back(*end);
  }
}

}  // namespace yagura
