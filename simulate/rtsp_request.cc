#include "simulate/rtsp_request.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace yagura::simulate {
namespace {

constexpr std::size_t kHeadMax = 16 * 1024;
constexpr std::size_t kBodyMax = 64 * 1024;

bool SameLetters(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string_view TakeLine(std::string_view& rest) {
  const std::size_t end = rest.find("\r\n");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
  return line;
}

Result<RtspRequest> ParseHead(std::string_view head) {
  RtspRequest request;
  const std::string_view line = TakeLine(head);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || line.substr(last + 1) != "RTSP/1.0") {
    return Failure(ErrorCode::kInvalidArgument, "not an RTSP/1.0 request");
  }
  request.method = line.substr(0, first);
  request.uri = line.substr(first + 1, last - first - 1);
  while (!head.empty()) {
    const std::string_view header = TakeLine(head);
    const std::size_t colon = header.find(':');
    if (colon == std::string_view::npos) continue;
    request.headers.emplace_back(header.substr(0, colon), Trim(header.substr(colon + 1)));
  }
  return request;
}

Result<std::size_t> BodySize(const RtspRequest& request) {
  const std::string_view text = request.Header("Content-Length");
  std::size_t size = 0;
  if (text.empty()) return size;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc() || end != text.data() + text.size() || size > kBodyMax) {
    return Failure(ErrorCode::kResourceExhausted, "request body of \"" + std::string(text) + "\"");
  }
  return size;
}

}  // namespace

std::string_view RtspRequest::Header(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers, [&](const auto& header) { return SameLetters(header.first, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

void RtspRequestReader::Feed(std::span<const std::uint8_t> bytes) {
  const std::size_t skipped = std::min(skip_, bytes.size());
  skip_ -= skipped;
  bytes = bytes.subspan(skipped);
  buffer_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

bool RtspRequestReader::SkipInterleaved() {
  constexpr std::size_t kHeader = 4;  // '$', channel, length
  if (buffer_.size() < kHeader) return false;
  const std::size_t size =
      kHeader + (static_cast<std::size_t>(static_cast<unsigned char>(buffer_[2])) << 8 |
                 static_cast<unsigned char>(buffer_[3]));
  ++packets_;
  const std::size_t have = std::min(size, buffer_.size());
  buffer_.erase(0, have);
  skip_ = size - have;
  return skip_ == 0;
}

Result<std::optional<RtspRequest>> RtspRequestReader::Next() {
  while (!buffer_.empty() && buffer_.front() == '$') {
    if (!SkipInterleaved()) return std::nullopt;
  }
  const std::size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (buffer_.size() > kHeadMax) {
      return Failure(ErrorCode::kResourceExhausted, "request head without end");
    }
    return std::nullopt;
  }
  if (buffer_.starts_with("RTSP/")) {
    buffer_.erase(0, end + 4);  // clients answer without a body
    return Next();
  }
  ASSIGN_OR_RETURN(RtspRequest request, ParseHead(std::string_view(buffer_).substr(0, end + 2)));
  ASSIGN_OR_RETURN(skip_, BodySize(request));
  std::string rest = buffer_.substr(end + 4);
  buffer_.clear();
  Feed(std::span(reinterpret_cast<const std::uint8_t*>(rest.data()), rest.size()));
  return request;
}

}  // namespace yagura::simulate
