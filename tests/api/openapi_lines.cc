#include "tests/api/openapi_lines.h"

#include <algorithm>
#include <sstream>
#include <vector>

namespace yagura::api {
namespace {

struct Line {
  std::size_t indent;
  std::string text;
};

std::vector<Line> LinesOf(std::string_view yaml) {
  std::vector<Line> lines;
  std::istringstream in{std::string(yaml)};
  for (std::string row; std::getline(in, row);) {
    const std::size_t indent = row.find_first_not_of(' ');
    if (indent != std::string::npos) lines.push_back({indent, row.substr(indent)});
  }
  return lines;
}

bool StartsWith(const std::string& text, std::string_view start) {
  return text.rfind(start, 0) == 0;
}

std::string After(const std::string& text, std::string_view start) {
  return text.substr(start.size());
}

/// A parameter that several operations share.
struct Shared {
  std::string name;
  bool in_query = false;
  bool is_id = false;
};
constexpr std::string_view kId = "schema: {$ref: '#/components/schemas/Id'}";

/// components/parameters, by their key.
std::map<std::string, Shared> SharedParameters(const std::vector<Line>& lines) {
  std::map<std::string, Shared> shared;
  std::string key;
  bool inside = false;
  for (const Line& line : lines) {
    if (line.indent == 2) inside = line.text == "parameters:";
    if (!inside) continue;
    if (line.indent == 4) key = line.text.substr(0, line.text.size() - 1);
    if (line.indent != 6) continue;
    if (StartsWith(line.text, "name: ")) shared[key].name = After(line.text, "name: ");
    if (line.text == "in: query") shared[key].in_query = true;
    if (line.text == kId) shared[key].is_id = true;
  }
  return shared;
}

}  // namespace

std::map<std::string, DescribedOperation> ReadOperations(std::string_view yaml) {
  const auto lines = LinesOf(yaml);
  const auto shared = SharedParameters(lines);
  constexpr std::string_view kReference = "- {$ref: '#/components/parameters/";
  std::map<std::string, DescribedOperation> operations;
  std::string path;
  std::string name;
  DescribedOperation* operation = nullptr;
  for (const Line& line : lines) {
    if (line.indent == 0 && line.text == "components:") break;
    if (line.indent == 2 && line.text.front() == '/')
      path = line.text.substr(0, line.text.size() - 1);
    if (line.indent == 4 && !path.empty()) {
      std::string method = line.text.substr(0, line.text.size() - 1);
      std::transform(method.begin(), method.end(), method.begin(),
                     [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      operation = &operations[method + " " + path];
    }
    if (operation == nullptr) continue;
    if (line.indent == 6 && StartsWith(line.text, "x-yagura-action: "))
      operation->action = After(line.text, "x-yagura-action: ");
    if (line.indent == 6 && StartsWith(line.text, "x-yagura-action-without-")) {
      const std::string rest = After(line.text, "x-yagura-action-without-");
      operation->action_without[rest.substr(0, rest.find(':'))] = rest.substr(rest.find(' ') + 1);
    }
    if (StartsWith(line.text, "- name: ")) name = After(line.text, "- name: ");
    if (line.text == "in: query") operation->query.insert(name);
    if (line.text == "in: path" || (line.text == kId && operation->query.contains(name)))
      operation->ids.insert(name);
    if (StartsWith(line.text, kReference)) {
      const std::string key = After(line.text, kReference);
      const auto found = shared.find(key.substr(0, key.find('\'')));
      if (found == shared.end()) continue;
      if (found->second.in_query) operation->query.insert(found->second.name);
      if (found->second.is_id) operation->ids.insert(found->second.name);
    }
  }
  return operations;
}

std::set<std::string> ReadProblemCodes(std::string_view yaml) {
  const std::size_t problem = yaml.find("    Problem:");
  const std::size_t begin = yaml.find("enum: [", problem) + 7;
  std::string list(yaml.substr(begin, yaml.find(']', begin) - begin));
  std::replace(list.begin(), list.end(), ',', ' ');
  std::istringstream in(list);
  std::set<std::string> codes;
  for (std::string code; in >> code;) codes.insert(code);
  return codes;
}

}  // namespace yagura::api
