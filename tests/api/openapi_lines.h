#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace yagura::api {

/// An operation as openapi.yaml has it.
struct DescribedOperation {
  std::string action;
  std::map<std::string, std::string> action_without;  // by the parameter that a call doesn't have
  std::set<std::string> query;                        // names of its query parameters
  std::set<std::string> ids;  // names of its parameters, in path or query, that are ids
};

/// The operations of our own openapi.yaml, by "GET /v1/cameras". Reads the file's lines by their
/// indentation, which is all the YAML that this file uses.
[[nodiscard]] std::map<std::string, DescribedOperation> ReadOperations(std::string_view yaml);

/// The values of the closed list `code` of problems.
[[nodiscard]] std::set<std::string> ReadProblemCodes(std::string_view yaml);

}  // namespace yagura::api
