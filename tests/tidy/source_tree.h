#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yagura::tidy {

/// A text file of the project.
struct SourceFile {
  std::string path;  // from the project's root, "storage/clip_writer.cc"
  std::string text;
};

/// All text files that people wrote: nothing built, installed or recorded.
using SourceTree = std::vector<SourceFile>;
[[nodiscard]] SourceTree LoadTree(const std::filesystem::path& root);

/// One `#include`, with the line it stands on (from 1).
struct Include {
  std::string target;   // "core/result.h", "sys/socket.h"
  bool angled = false;  // <...>: not of the project
  std::size_t line = 0;
};
[[nodiscard]] std::vector<Include> IncludesOf(const SourceFile& file);

[[nodiscard]] std::vector<std::string_view> LinesOf(std::string_view text);
[[nodiscard]] bool IsHeader(std::string_view path);
[[nodiscard]] bool IsSource(std::string_view path);  // .cc
[[nodiscard]] bool IsCpp(std::string_view path);     // either
/// The first folder of a path; empty for a file at the root.
[[nodiscard]] std::string RoomOf(std::string_view path);
/// The file of this path; null where there is none.
[[nodiscard]] const SourceFile* Find(const SourceTree& tree, std::string_view path);

}  // namespace yagura::tidy
