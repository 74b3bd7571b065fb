#include "core/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstdio>
#include <memory>

namespace yagura::log {
namespace {

std::shared_ptr<spdlog::logger>& Logger() {
  static std::shared_ptr<spdlog::logger> logger = [] {
    auto made = spdlog::stderr_logger_mt("yagura");
    spdlog::drop("yagura");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %n: %v", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return logger;
}

bool NeedsQuotes(std::string_view value) {
  return value.empty() || value.find_first_of(" \"=") != std::string_view::npos;
}

void AppendEscaped(std::string& line, std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\x%02x", static_cast<unsigned char>(c));
      line += escape.data();
    } else {
      if (c == '"') line += '\\';
      line += c;
    }
  }
}

void Write(spdlog::level::level_enum level, std::string_view message, const Fields& fields) {
  if (!Logger()->should_log(level)) return;
  std::string line(message);
  for (const Field& field : fields) {
    line += ' ';
    line += field.name;
    line += '=';
    const bool quotes = NeedsQuotes(field.value);
    if (quotes) line += '"';
    AppendEscaped(line, field.value);
    if (quotes) line += '"';
  }
  Logger()->log(level, "{}", line);
}

}  // namespace

void Debug(std::string_view message, Fields fields) {
  Write(spdlog::level::debug, message, fields);
}
void Info(std::string_view message, Fields fields) { Write(spdlog::level::info, message, fields); }
void Warning(std::string_view message, Fields fields) {
  Write(spdlog::level::warn, message, fields);
}
void Error(std::string_view message, Fields fields) { Write(spdlog::level::err, message, fields); }

void Configure(std::string_view process, Level least) {
  Logger() = Logger()->clone(std::string(process));
  switch (least) {
    case Level::kDebug:
      return Logger()->set_level(spdlog::level::debug);
    case Level::kInfo:
      return Logger()->set_level(spdlog::level::info);
    case Level::kWarning:
      return Logger()->set_level(spdlog::level::warn);
    case Level::kError:
      return Logger()->set_level(spdlog::level::err);
  }
}

}  // namespace yagura::log
