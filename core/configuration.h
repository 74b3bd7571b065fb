#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace yagura {

/// What a key is called, and a line's value to show to someone who left it out: {"port", "5432"}.
struct ConfigurationKey {
  std::string name;
  std::string example;  // as it would be written in the file, with quotes where it is a text
};

/// One table of a configuration file. A getter that finds something wrong notes it in the file
/// (ConfigurationFile::Finish) and gives an empty value, so that a reader goes straight through its
/// keys. Valid as long as its file; one thread.
class ConfigurationTable {
 public:
  [[nodiscard]] std::string Text(const ConfigurationKey& key);
  [[nodiscard]] std::string Text(const ConfigurationKey& key, std::string_view standard);
  [[nodiscard]] std::int64_t Integer(const ConfigurationKey& key, std::int64_t min,
                                     std::int64_t max);
  [[nodiscard]] std::int64_t Integer(const ConfigurationKey& key, std::int64_t min,
                                     std::int64_t max, std::int64_t standard);
  /// A text such as "20G" (K, M, G, T: powers of 1024) or a number of bytes; nothing where the key
  /// is not there.
  [[nodiscard]] std::optional<std::uint64_t> Bytes(const ConfigurationKey& key);
  /// A text such as "36h" or "30d" (s, m, h, d); nothing where the key is not there.
  [[nodiscard]] std::optional<microseconds> Duration(const ConfigurationKey& key);
  /// Notes that the value of a key, which was of the right type, is wrong for another reason.
  void Refuse(const ConfigurationKey& key, std::string_view expected);

 private:
  friend class ConfigurationFile;
  struct State;
  explicit ConfigurationTable(State* state) : state_(state) {}
  State* state_;  // owned by the file
};

/// A TOML file (toml.io, 1.0), read strictly: what nobody asked for is an error. One thread.
class ConfigurationFile {
 public:
  /// kNotFound: no such file; kPermissionDenied: it may not be read; kInvalidArgument: not TOML,
  /// with line and column.
  [[nodiscard]] static Result<ConfigurationFile> Load(const std::filesystem::path& path);
  /// The same for a text; `name` stands for the path in errors.
  [[nodiscard]] static Result<ConfigurationFile> Parse(std::string_view text,
                                                       std::string_view name);

  /// The table [name], which must be there.
  [[nodiscard]] ConfigurationTable Table(const std::string& name);
  /// The table [name], if it is there.
  [[nodiscard]] std::optional<ConfigurationTable> FindTable(const std::string& name);
  /// The tables [[name]], of which there must be one at least.
  [[nodiscard]] std::vector<ConfigurationTable> Tables(const std::string& name);

  /// kInvalidArgument: the first thing wrong, in the file's order: a key or table that nobody asked
  /// for, a value of another type or outside its range, something required that is not there. With
  /// path, line, what was expected and what came. Call it last.
  [[nodiscard]] Result<void> Finish();

 private:
  struct Root;
  explicit ConfigurationFile(std::shared_ptr<Root> root) : root_(std::move(root)) {}
  friend class ConfigurationTable;
  std::shared_ptr<Root> root_;
};

/// "20G", "512M" or "1048576" in bytes; nothing where it is no such text.
[[nodiscard]] std::optional<std::uint64_t> ParseBytes(std::string_view text);

/// "90s", "15m", "36h", "30d" as a time; nothing where it is no such text, or above a thousand
/// years.
[[nodiscard]] std::optional<microseconds> ParseDuration(std::string_view text);

}  // namespace yagura
