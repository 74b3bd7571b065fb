#include "ingest/rtsp_message.h"

#include "ingest/limits.h"
#include "ingest/text.h"

namespace yagura::ingest {
namespace {

tl::unexpected<Error> NotRtsp(std::string_view line) {
  return Failure(ErrorCode::kInvalidArgument, "expected an RTSP message, got " + Quoted(line));
}

tl::unexpected<Error> TooMuch(const std::string& what) {
  return Failure(ErrorCode::kResourceExhausted, what + " is over the limit");
}

/// Length of the header part with the empty line that ends it; 0 when that isn't there yet.
std::size_t HeaderPartSize(std::string_view bytes) {
  for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    if (bytes.substr(at + 1, 1) == "\n") return at + 2;
    if (bytes.substr(at + 1, 2) == "\r\n") return at + 3;
  }
  return 0;
}

bool IsToken(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  for (const char c : text) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.') return false;
  }
  return true;
}

/// "RTSP/1.0 200 OK" or "OPTIONS rtsp://... RTSP/1.0".
Result<void> ParseStartLine(std::string_view line, RtspMessage& message) {
  std::string_view rest = line;
  const std::string_view first = CutAt(rest, ' ');
  if (first.starts_with("RTSP/1.")) {
    const auto status = ParseNumber(Trimmed(CutAt(rest, ' ')), 999);
    if (!status || *status < 100) return NotRtsp(line);
    message.status = static_cast<int>(*status);
    return {};
  }
  const bool version_at_end = line.size() > 9 && line.substr(line.size() - 9, 8) == " RTSP/1.";
  if (!IsToken(first) || !version_at_end) return NotRtsp(line);
  message.method = std::string(first);
  return {};
}

Result<void> ParseHeaderLine(std::string_view line, std::vector<RtspHeader>& headers) {
  const bool folded = line.front() == ' ' || line.front() == '\t';
  if (folded) {
    if (headers.empty()) return NotRtsp(line);
    headers.back().value.append(" ").append(Trimmed(line));
    return {};
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(Trimmed(line.substr(0, colon))))
    return NotRtsp(line);
  headers.push_back(
      {std::string(Trimmed(line.substr(0, colon))), std::string(Trimmed(line.substr(colon + 1)))});
  return {};
}

Result<RtspMessage> ParseHeaderPart(std::string_view part) {
  RtspMessage message;
  std::size_t lines = 0;
  while (!part.empty()) {
    std::string_view line = CutAt(part, '\n');
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) break;
    if (++lines > kMaxHeaderLines) return TooMuch("the number of header lines");
    if (lines == 1) {
      RETURN_IF_ERROR(ParseStartLine(line, message));
    } else {
      RETURN_IF_ERROR(ParseHeaderLine(line, message.headers));
    }
  }
  return message;
}

Result<std::size_t> BodySize(const RtspMessage& message) {
  const auto length = message.Header("Content-Length");
  if (!length) return 0;
  const auto size = ParseNumber(*length, UINT64_MAX);
  if (!size) return Failure(ErrorCode::kInvalidArgument, "content-length is " + Quoted(*length));
  if (*size > kMaxBodyBytes) return TooMuch("a body of " + std::to_string(*size) + " bytes");
  return static_cast<std::size_t>(*size);
}

/// A cheap look at the first bytes, so that garbage isn't collected up to the header limit.
bool CanBecomeRtsp(std::string_view bytes) {
  for (const char c : bytes.substr(0, 5)) {
    if (c == ' ' || c == '/') return true;
    if (!((c >= 'A' && c <= 'Z') || c == '_')) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string_view> RtspMessage::Header(std::string_view name) const {
  for (const RtspHeader& header : headers) {
    if (EqualsIgnoringCase(header.name, name)) return header.value;
  }
  return std::nullopt;
}

Result<std::optional<ParsedRtspMessage>> ParseRtspMessage(std::string_view bytes) {
  if (!CanBecomeRtsp(bytes)) return NotRtsp(bytes.substr(0, 16));
  const std::size_t header_size = HeaderPartSize(bytes.substr(0, kMaxHeaderBytes));
  if (header_size == 0) {
    if (bytes.size() >= kMaxHeaderBytes) return TooMuch("the header part of a message");
    return std::nullopt;
  }
  ParsedRtspMessage parsed;
  ASSIGN_OR_RETURN(parsed.message, ParseHeaderPart(bytes.substr(0, header_size)));
  ASSIGN_OR_RETURN(const std::size_t body_size, BodySize(parsed.message));
  if (bytes.size() - header_size < body_size) return std::nullopt;
  parsed.message.body = std::string(bytes.substr(header_size, body_size));
  parsed.size_bytes = header_size + body_size;
  return parsed;
}

std::string FormatRtspMessage(std::string_view start_line, const std::vector<RtspHeader>& headers) {
  std::string text(start_line);
  text += "\r\n";
  for (const RtspHeader& header : headers)
    text.append(header.name).append(": ").append(header.value).append("\r\n");
  return text + "\r\n";
}

}  // namespace yagura::ingest
