#include <algorithm>
#include <array>
#include <regex>
#include <set>

#include "tests/tidy/rules.h"

namespace yagura::tidy {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 10> kRooms{"core",  "ingest", "storage", "access_control",
                                                  "fleet", "api",    "app",     "simulate",
                                                  "web",   "bench"};

std::string FolderOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

/// The files that the CMakeLists.txt of the tree name, as paths from the root.
std::set<std::string> NamedInCMake(const SourceTree& tree) {
  static const std::regex kName(R"([\w./-]+\.(cc|h))");
  std::set<std::string> named;
  for (const SourceFile& file : tree) {
    if (!file.path.ends_with("CMakeLists.txt")) continue;
    for (std::sregex_iterator name(file.text.begin(), file.text.end(), kName), end; name != end;
         ++name) {
      named.insert(
          (fs::path(FolderOf(file.path)) / name->str()).lexically_normal().generic_string());
    }
  }
  return named;
}

std::set<std::string> IncludedHeaders(const SourceTree& tree) {
  std::set<std::string> included;
  for (const SourceFile& file : tree) {
    if (!IsCpp(file.path)) continue;
    for (const Include& include : IncludesOf(file)) {
      if (!include.angled) included.insert(include.target);
    }
  }
  return included;
}

/// Every first group of `pattern` in `text`.
std::vector<std::string> FindAll(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    found.push_back((*match)[1].str());
  }
  return found;
}

/// A document's links, without those to other places and into the same page.
std::vector<std::string> LinksOf(const SourceFile& document) {
  static const std::regex kLink(R"(\]\(([^)#\s]+)[^)]*\))");
  std::vector<std::string> links = FindAll(document.text, kLink);
  std::erase_if(links,
                [](const std::string& link) { return link.find("://") != std::string::npos; });
  return links;
}

}  // namespace

Findings CheckDeadFiles(const SourceTree& tree) {
  const std::set<std::string> built = NamedInCMake(tree);
  const std::set<std::string> included = IncludedHeaders(tree);
  Findings findings;
  for (const SourceFile& file : tree) {
    if (IsSource(file.path) && !built.contains(file.path)) {
      findings.push_back(file.path + ": no CMakeLists.txt names it");
    } else if (IsHeader(file.path) && !included.contains(file.path)) {
      findings.push_back(file.path + ": nothing includes it");
    }
  }
  return findings;
}

Findings CheckRoomReadmes(const SourceTree& tree) {
  Findings findings;
  for (const std::string_view room : kRooms) {
    const std::string readme = std::string(room) + "/README.md";
    if (Find(tree, readme) == nullptr)
      findings.push_back(readme + ": missing; say what the folder promises");
  }
  return findings;
}

Findings CheckDocumentLinks(const SourceTree& tree, const fs::path& root) {
  static const std::regex kNamedFile(
      "`((?:core|ingest|storage|access_control|fleet|pictures|api|app|simulate|bench|tests|"
      "deploy|docs|cmake|web)/[\\w./-]+)`");
  static const std::regex kNamedDocument(R"(\b(docs/[\w/-]+\.md)\b)");
  Findings findings;
  const auto expect = [&](const SourceFile& file, const fs::path& target) {
    const std::string path = (root / target.lexically_normal()).string();
    if (fs::exists(path) || fs::exists(path + ".h"))
      return;  // "storage/clip_writer" names both files
    findings.push_back(file.path + ": names " + target.lexically_normal().generic_string() +
                       ", which doesn't exist");
  };
  for (const SourceFile& file : tree) {
    if (file.path.ends_with(".md")) {
      for (const std::string& link : LinksOf(file))
        expect(file, fs::path(FolderOf(file.path)) / link);
      for (const std::string& named : FindAll(file.text, kNamedFile)) expect(file, named);
    } else if (RoomOf(file.path) != "tests") {
      for (const std::string& document : FindAll(file.text, kNamedDocument)) expect(file, document);
    }
  }
  return findings;
}

}  // namespace yagura::tidy
