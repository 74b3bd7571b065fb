#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/api_server.h"
#include "tests/api/raw_client_posix.h"
#include "tests/api/recorded_office.h"

namespace yagura::api {

/// An answer over the wire.
struct Answer {
  int status = 0;
  std::string head;
  std::string body;
  [[nodiscard]] std::string field(std::string_view name) const { return FieldOf(head, name); }
  /// All that a caller could tell two answers apart by: not the date, and not the request's own id.
  [[nodiscard]] std::string comparable() const;
};

/// Both listeners over one database, and people who ask them.
class ServedOffice {
 public:
  explicit ServedOffice(const pg::ConnectOptions& as_api, const pg::ConnectOptions& as_media,
                        const OfficeCalendar& calendar,
                        const std::string& live_socket = "/nowhere/live.socket",
                        std::size_t transcodes_max = 32);

  /// `path` with its query; sent to the listener that serves it. `fields`: "Name: value" each.
  Answer Ask(std::string_view path, std::string_view token = {},
             const std::vector<std::string>& fields = {}, std::string_view method = "GET",
             std::string_view body = {});
  [[nodiscard]] std::uint16_t rest_port() const { return rest_->port(); }
  [[nodiscard]] std::uint16_t media_port() const { return media_->port(); }
  void StopMedia() { media_.reset(); }

 private:
  SystemClock clock_;
  std::unique_ptr<RestApi> rest_;
  std::unique_ptr<MediaApi> media_;
};

[[nodiscard]] bool IsMediaPath(std::string_view path);
/// "?from=…&to=…"
[[nodiscard]] std::string Span(WallTime from, WallTime to);

}  // namespace yagura::api
