#include "api/media/live_body.h"

#include <array>
#include <charconv>
#include <utility>

namespace yagura::api {
namespace {

/// Of a chunk (RFC 9112, 7.1).
std::string ChunkSizeLine(std::size_t size_bytes) {
  std::array<char, 20> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), size_bytes, 16).ptr;
  return std::string(text.data(), end) + "\r\n";
}

}  // namespace

LiveBody::Step LiveBody::Proceed() {
  LiveSource::Taken piece = source_->Take();
  const bool chunked = endless_ == Endless::kChunked;
  switch (piece.state) {
    case LiveSource::State::kWait:
      return {Next::kWait, {}, {}, {}};
    case LiveSource::State::kEnd:
      if (!head_.empty()) return {Next::kAnswerElse, {}, {}, {}};
      return {Next::kFinish, chunked ? "0\r\n\r\n" : "", {}, {}};
    case LiveSource::State::kPiece:
      break;
  }
  std::string before = std::exchange(head_, {});
  if (chunked) before += ChunkSizeLine(piece.head.size() + piece.bytes.size());
  before += piece.head;
  return {Next::kSend, std::move(before), std::move(piece.bytes), chunked ? "\r\n" : ""};
}

}  // namespace yagura::api
