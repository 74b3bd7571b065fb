#include "core/configuration.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <system_error>

#include "core/closest_word.h"

namespace yagura {
namespace {

using Line = std::uint32_t;
constexpr Line kAfterTheLast = std::numeric_limits<Line>::max();  // where something is missing

std::string KindOf(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "the text \"" + node.as_string()->get() + "\"";
    case toml::node_type::integer:
      return "the number " + std::to_string(node.as_integer()->get());
    case toml::node_type::boolean:
      return node.as_boolean()->get() ? "true" : "false";
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    default:
      return "a value of another kind";
  }
}

}  // namespace

struct ConfigurationFile::Root {
  std::string name;
  toml::table table;
  std::map<std::string, bool> asked;  // names of tables; whether as [[name]]
  std::vector<std::unique_ptr<ConfigurationTable::State>> tables;
  std::vector<std::pair<Line, std::string>> problems;

  void Note(Line line, const std::string& problem) { problems.emplace_back(line, problem); }
  ConfigurationTable::State* Add(std::string title, const toml::table* from);
};

struct ConfigurationTable::State {
  ConfigurationFile::Root* root;
  std::string title;         // "[database]"
  const toml::table* table;  // null where the file has none: already noted
  std::set<std::string> asked;

  /// The value of a key; null where it isn't there.
  const toml::node* Find(const ConfigurationKey& key) {
    asked.insert(key.name);
    return table == nullptr ? nullptr : table->get(key.name);
  }
  void Missing(const ConfigurationKey& key) {
    if (table == nullptr) return;
    root->Note(table->source().begin.line,
               title + " lacks " + key.name + "; add a line: " + key.name + " = " + key.example);
  }
  void Wrong(const ConfigurationKey& key, std::string_view expected) {
    const toml::node* node = table == nullptr ? nullptr : table->get(key.name);
    if (node == nullptr) return;
    root->Note(node->source().begin.line, title + " " + key.name + ": expected " +
                                              std::string(expected) + ", found " + KindOf(*node) +
                                              "; for example: " + key.name + " = " + key.example);
  }
  void NoteUnknownKeys() {
    if (table == nullptr) return;
    for (const auto& [key, node] : *table) {
      const std::string name(key.str());
      if (asked.contains(name)) continue;
      const std::vector<std::string> known(asked.begin(), asked.end());
      const auto closest = ClosestWord(name, known);
      root->Note(key.source().begin.line,
                 title + " has no key \"" + name + "\"" +
                     (closest ? "; did you mean \"" + *closest + "\"?" : ""));
    }
  }
};

ConfigurationTable::State* ConfigurationFile::Root::Add(std::string title,
                                                        const toml::table* from) {
  tables.push_back(std::make_unique<ConfigurationTable::State>(
      ConfigurationTable::State{this, std::move(title), from, {}}));
  return tables.back().get();
}

std::string ConfigurationTable::Text(const ConfigurationKey& key) {
  const toml::node* node = state_->Find(key);
  if (node == nullptr) {
    state_->Missing(key);
    return "";
  }
  if (node->is_string() && !node->as_string()->get().empty()) return node->as_string()->get();
  state_->Wrong(key, "a text in quotes");
  return "";
}

std::string ConfigurationTable::Text(const ConfigurationKey& key, std::string_view standard) {
  return state_->Find(key) == nullptr ? std::string(standard) : Text(key);
}

std::int64_t ConfigurationTable::Integer(const ConfigurationKey& key, std::int64_t min,
                                         std::int64_t max) {
  const toml::node* node = state_->Find(key);
  if (node == nullptr) {
    state_->Missing(key);
    return min;
  }
  const toml::value<std::int64_t>* number = node->as_integer();
  if (number != nullptr && number->get() >= min && number->get() <= max) return number->get();
  state_->Wrong(key, "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  return min;
}

std::int64_t ConfigurationTable::Integer(const ConfigurationKey& key, std::int64_t min,
                                         std::int64_t max, std::int64_t standard) {
  return state_->Find(key) == nullptr ? standard : Integer(key, min, max);
}

std::optional<std::uint64_t> ConfigurationTable::Bytes(const ConfigurationKey& key) {
  const toml::node* node = state_->Find(key);
  if (node == nullptr) return std::nullopt;
  if (node->is_string()) {
    const auto bytes = ParseBytes(node->as_string()->get());
    if (bytes && *bytes > 0) return bytes;
  }
  if (node->is_integer() && node->as_integer()->get() > 0) {
    return static_cast<std::uint64_t>(node->as_integer()->get());
  }
  state_->Wrong(key, "a size");
  return std::nullopt;
}

std::optional<microseconds> ConfigurationTable::Duration(const ConfigurationKey& key) {
  const toml::node* node = state_->Find(key);
  if (node == nullptr) return std::nullopt;
  if (node->is_string()) {
    if (const auto duration = ParseDuration(node->as_string()->get())) return duration;
  }
  state_->Wrong(key, "a time with its unit");
  return std::nullopt;
}

void ConfigurationTable::Refuse(const ConfigurationKey& key, std::string_view expected) {
  state_->Wrong(key, expected);
}

Result<ConfigurationFile> ConfigurationFile::Load(const std::filesystem::path& path) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) {
    return Failure(ErrorCode::kInvalidArgument, "\"" + path.string() + "\" is a folder");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    const auto reason = std::error_code(errno, std::generic_category());
    const auto code = reason == std::errc::permission_denied ? ErrorCode::kPermissionDenied
                      : reason == std::errc::no_such_file_or_directory ? ErrorCode::kNotFound
                                                                       : ErrorCode::kUnavailable;
    return Failure(code, "\"" + path.string() + "\" can't be read: " + reason.message());
  }
  return Parse(text, path.string());
}

Result<ConfigurationFile> ConfigurationFile::Parse(std::string_view text, std::string_view name) {
  auto root = std::make_shared<Root>();
  root->name = name;
  try {
    root->table = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    return Failure(ErrorCode::kInvalidArgument,
                   root->name + ":" + std::to_string(error.source().begin.line) + ":" +
                       std::to_string(error.source().begin.column) + ": " +
                       std::string(error.description()));
  }
  return ConfigurationFile(std::move(root));
}

ConfigurationTable ConfigurationFile::Table(const std::string& name) {
  const toml::node* node = root_->table.get(name);
  if (node == nullptr) {
    root_->Note(kAfterTheLast, "there is no table [" + name + "]");
  } else if (!node->is_table()) {
    root_->Note(node->source().begin.line,
                "expected a table [" + name + "], found " + KindOf(*node));
  }
  root_->asked[name] = false;
  const toml::table* table = node == nullptr ? nullptr : node->as_table();
  return ConfigurationTable(root_->Add("[" + name + "]", table));
}

std::optional<ConfigurationTable> ConfigurationFile::FindTable(const std::string& name) {
  root_->asked[name] = false;
  if (root_->table.get(name) == nullptr) return std::nullopt;
  return Table(name);
}

std::vector<ConfigurationTable> ConfigurationFile::Tables(const std::string& name) {
  root_->asked[name] = true;
  std::vector<ConfigurationTable> tables;
  const toml::node* node = root_->table.get(name);
  const bool list = node != nullptr && node->is_array_of_tables();
  if (!list) {
    root_->Note(node == nullptr ? kAfterTheLast : node->source().begin.line,
                "expected one or more tables [[" + name + "]]");
    return tables;
  }
  for (const toml::node& item : *node->as_array()) {
    tables.push_back(ConfigurationTable(root_->Add("[[" + name + "]]", item.as_table())));
  }
  return tables;
}

Result<void> ConfigurationFile::Finish() {
  std::vector<std::string> known;
  for (const auto& [name, list] : root_->asked) known.push_back(name);
  for (const auto& [key, node] : root_->table) {
    const std::string name(key.str());
    if (root_->asked.contains(name)) continue;
    const auto closest = ClosestWord(name, known);
    root_->Note(key.source().begin.line,
                std::string("there is no ") + (node.is_table() ? "table" : "key") + " \"" + name +
                    "\"" + (closest ? "; did you mean \"" + *closest + "\"?" : ""));
  }
  for (const auto& table : root_->tables) table->NoteUnknownKeys();
  if (root_->problems.empty()) return {};
  const auto& [line, problem] = *std::min_element(root_->problems.begin(), root_->problems.end());
  const std::string where = line == kAfterTheLast ? "" : ":" + std::to_string(line);
  return Failure(ErrorCode::kInvalidArgument, root_->name + where + ": " + problem);
}

std::optional<microseconds> ParseDuration(std::string_view text) {
  constexpr std::int64_t kDaysMax = 365'000;
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || stop + 1 != end || number < 0) return std::nullopt;
  constexpr std::string_view kUnits = "smhd";
  constexpr std::array<std::int64_t, 4> kSeconds{1, 60, 3600, 86'400};
  const std::size_t unit = kUnits.find(*stop);
  if (unit == std::string_view::npos) return std::nullopt;
  if (number > kDaysMax * kSeconds.back() / kSeconds[unit]) return std::nullopt;
  return std::chrono::seconds(number * kSeconds[unit]);
}

std::optional<std::uint64_t> ParseBytes(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc()) return std::nullopt;
  if (stop == end) return number;
  constexpr std::string_view kUnits = "KMGT";
  const std::size_t unit = kUnits.find(*stop);
  if (stop + 1 != end || unit == std::string_view::npos) return std::nullopt;
  const auto shift = static_cast<unsigned>(10 * (unit + 1));
  if (number > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  return number << shift;
}

}  // namespace yagura
