#include "api/media/response_head.h"

#include <array>
#include <ctime>

#include "api/error_to_http.h"

namespace yagura::api {
namespace {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7), whatever the locale.
std::string HttpDate(std::chrono::system_clock::time_point now) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   kDays.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                                   kMonths.at(static_cast<std::size_t>(utc.tm_mon)),
                                   utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

std::string SerializeHead(const Response& response, bool closes,
                          std::chrono::system_clock::time_point now, Endless endless) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " +
                     std::string(StatusText(response.status)) + "\r\n";
  for (const auto& field : response.headers) head += field.name + ": " + field.value + "\r\n";
  head += "Date: " + HttpDate(now) + "\r\n";
  const auto size_bytes = BodySize(response);
  if (size_bytes && response.status != 204 && response.status != 304) {
    head += "Content-Length: " + std::to_string(*size_bytes) + "\r\n";
  }
  if (!size_bytes && endless == Endless::kChunked) head += "Transfer-Encoding: chunked\r\n";
  if (closes) head += "Connection: close\r\n";
  return head + "\r\n";
}

}  // namespace yagura::api
