#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace yagura::office {

/// The files of an office in tests/data.
inline std::map<std::string, std::string> TestOffice(const std::string& name) {
  std::map<std::string, std::string> files;
  const std::filesystem::path folder = std::filesystem::path(YAGURA_TEST_DATA) / name;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().filename().string()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return files;
}

}  // namespace yagura::office
