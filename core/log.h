#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "core/result.h"

namespace yagura::log {

enum class Level { kDebug, kInfo, kWarning, kError };

/// One "name=value" of a line. Values are ids, counts, times: never a credential, a token, or a
/// person's or department's name.
struct Field {
  std::string_view name;
  std::string value;
  Field(std::string_view field_name, std::string text) : name(field_name), value(std::move(text)) {}
  Field(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}
  Field(std::string_view field_name, const char* text) : name(field_name), value(text) {}
  Field(std::string_view field_name, std::int64_t number)
      : name(field_name), value(std::to_string(number)) {}
  Field(std::string_view field_name, const Error& error)
      : name(field_name), value(ToString(error)) {}
};
using Fields = std::initializer_list<Field>;

/// Writes `2027-06-15T05:03:22.120Z info record: camera is back camera=… after_s=12` to standard
/// error. Thread-safe; control characters in values are escaped.
void Debug(std::string_view message, Fields fields = {});
void Info(std::string_view message, Fields fields = {});
void Warning(std::string_view message, Fields fields = {});
void Error(std::string_view message, Fields fields = {});

/// Called once by main: the process's name in each line, and the least level shown.
void Configure(std::string_view process, Level least);

}  // namespace yagura::log
