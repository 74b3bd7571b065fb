#include "tests/api/served_office.h"

#include "core/check.h"

namespace yagura::api {
namespace {

constexpr const char* kPublicUrl = "https://office.example";

std::string RequestText(std::string_view method, std::string_view path, std::string_view token,
                        const std::vector<std::string>& fields, std::string_view body) {
  std::string text =
      std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: office.example\r\n";
  if (!token.empty()) text += "Authorization: Bearer " + std::string(token) + "\r\n";
  for (const std::string& field : fields) text += field + "\r\n";
  if (!body.empty())
    text +=
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

template <class T>
T OrStop(Result<T> result) {
  if (!result.has_value()) fprintf(stderr, "%s\n", ToString(result.error()).c_str());
  CHECK(result.has_value());
  return *std::move(result);
}

}  // namespace

std::string Answer::comparable() const {
  std::string text;
  std::string_view rest = head;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(std::min(rest.size(), line.size() + 2));
    if (line.substr(0, 5) == "Date:" || line.substr(0, 13) == "X-Request-Id:") continue;
    text += std::string(line) + "\n";
  }
  return text + body;
}

ServedOffice::ServedOffice(const pg::ConnectOptions& as_api, const pg::ConnectOptions& as_media,
                           const OfficeCalendar& calendar, const std::string& live_socket,
                           std::size_t transcodes_max)
    : rest_(OrStop(RestApi::Start({{}, as_api, kPublicUrl}, clock_))),
      media_(OrStop(
          MediaApi::Start({{},
                           as_media,
                           kPublicUrl,
                           live_socket,
                           {.program = YAGURA_PROGRAM},
                           {.worker = {.program = YAGURA_PROGRAM}, .at_once_max = transcodes_max}},
                          calendar, clock_))) {}

Answer ServedOffice::Ask(std::string_view path, std::string_view token,
                         const std::vector<std::string>& fields, std::string_view method,
                         std::string_view body) {
  RawClient client(IsMediaPath(path) ? media_port() : rest_port());
  client.Send(RequestText(method, path, token, fields, body));
  const std::string text = client.ReadResponse(method == "HEAD", std::chrono::seconds(30));
  Answer answer;
  if (text.size() > 12) answer.status = std::stoi(text.substr(9, 3));
  answer.head = text.substr(0, text.find("\r\n\r\n"));
  answer.body = BodyOf(text);
  return answer;
}

bool IsMediaPath(std::string_view path) {
  const auto has = [&](std::string_view part) { return path.find(part) != std::string_view::npos; };
  return has("/playback.m3u8") || has("/video.mp4") || has("/init.mp4") || has("/media") ||
         has("/live.") || has("/live-init.mp4") || has("/frame.jpg") || has("/thumbnail.jpg") ||
         has("/h264.m4s") || has("/activity");
}

std::string Span(WallTime from, WallTime to) {
  return "?from=" + FormatRfc3339(from) + "&to=" + FormatRfc3339(to);
}

}  // namespace yagura::api
