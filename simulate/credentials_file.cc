#include <fstream>
#include <iostream>

#include "simulate/command.h"

namespace yagura::simulate {
namespace {

Result<Credentials> ReadLines(std::istream& in) {
  Credentials credentials;
  if (!std::getline(in, credentials.user) || !std::getline(in, credentials.password) ||
      credentials.user.empty()) {
    return Failure(ErrorCode::kInvalidArgument, "credentials are two lines, user and password");
  }
  return credentials;
}

}  // namespace

Result<Credentials> ReadCredentials(const std::filesystem::path& path) {
  if (path == "-") return ReadLines(std::cin);
  std::ifstream file(path);
  if (!file)
    return Failure(ErrorCode::kNotFound, "can't open credentials \"" + path.string() + "\"");
  return ReadLines(file);
}

}  // namespace yagura::simulate
