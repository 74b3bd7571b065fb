#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <regex>

namespace yagura::tidy {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kNotWritten{".git", "build", "var", "node_modules",
                                                      ".cache"};
constexpr std::array<std::string_view, 17> kTextEndings{
    ".cc",      ".h",    ".md",   ".txt", ".cmake", ".sql", ".json", ".yaml", ".in",
    ".example", ".toml", ".html", ".js",  ".sh",    ".ts",  ".tsx",  ".css"};

bool IsWritten(const fs::path& folder) {
  return std::ranges::find(kNotWritten, folder.filename().string()) == kNotWritten.end();
}

/// Scripts have no ending; they start with "#!".
bool IsText(const fs::path& file) {
  const std::string ending = file.extension().string();
  if (std::ranges::find(kTextEndings, ending) != kTextEndings.end()) return true;
  std::ifstream in(file, std::ios::binary);
  std::array<char, 2> start{};
  in.read(start.data(), start.size());
  return ending.empty() && start[0] == '#' && start[1] == '!';
}

std::string ReadAll(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

SourceTree LoadTree(const fs::path& root) {
  SourceTree tree;
  for (auto entry = fs::recursive_directory_iterator(root);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->is_directory() && !IsWritten(entry->path())) entry.disable_recursion_pending();
    if (!entry->is_regular_file() || !IsText(entry->path())) continue;
    tree.push_back({fs::relative(entry->path(), root).generic_string(), ReadAll(entry->path())});
  }
  std::ranges::sort(tree, {}, &SourceFile::path);
  return tree;
}

std::vector<Include> IncludesOf(const SourceFile& file) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>))re");
  std::vector<Include> includes;
  std::size_t number = 0;
  for (const std::string_view line : LinesOf(file.text)) {
    ++number;
    std::match_results<std::string_view::const_iterator> match;
    if (!std::regex_search(line.begin(), line.end(), match, kInclude)) continue;
    const bool angled = match[2].matched;
    includes.push_back({.target = match[angled ? 2 : 1].str(), .angled = angled, .line = number});
  }
  return includes;
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool IsHeader(std::string_view path) { return path.ends_with(".h"); }
bool IsSource(std::string_view path) { return path.ends_with(".cc"); }
bool IsCpp(std::string_view path) { return IsHeader(path) || IsSource(path); }

std::string RoomOf(std::string_view path) {
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

const SourceFile* Find(const SourceTree& tree, std::string_view path) {
  const auto found = std::ranges::find(tree, path, &SourceFile::path);
  return found == tree.end() ? nullptr : &*found;
}

}  // namespace yagura::tidy
