#include "core/pg/connection_string.h"

#include <algorithm>
#include <string_view>

namespace yagura::pg {
namespace {

using std::chrono::milliseconds;

std::string Quoted(std::string_view value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

/// libpq counts whole seconds, and takes fewer than two for two.
std::string ConnectSeconds(milliseconds timeout) {
  return std::to_string(
      std::max<std::int64_t>(2, std::chrono::ceil<std::chrono::seconds>(timeout).count()));
}

std::string SessionSettings(const ConnectOptions& options) {
  const auto setting = [](std::string_view name, milliseconds value) {
    return " -c " + std::string(name) + "=" + std::to_string(value.count());
  };
  return "-c TimeZone=UTC -c DateStyle=ISO -c client_min_messages=warning" +
         setting("statement_timeout", options.statement_timeout) +
         setting("lock_timeout", options.lock_timeout) +
         setting("idle_in_transaction_session_timeout", options.transaction_timeout);
}

}  // namespace

std::string ConnectionString(const ConnectOptions& options) {
  const std::string user_timeout = std::to_string(options.transaction_timeout.count());
  return "host=" + Quoted(options.host) + " port=" + std::to_string(options.port) +
         " dbname=" + Quoted(options.database) + " user=" + Quoted(options.role) +
         " application_name=yagura client_encoding=UTF8 connect_timeout=" +
         ConnectSeconds(options.connect_timeout) + " tcp_user_timeout=" + user_timeout +
         " keepalives_idle=10 keepalives_interval=5 keepalives_count=3 options=" +
         Quoted(SessionSettings(options));
}

}  // namespace yagura::pg
