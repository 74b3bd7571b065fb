#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "tests/tidy/rules.h"

namespace yagura::tidy {
namespace {

/// The rooms that a room may include, beside itself and core. Rooms of kEverything may include all.
const std::map<std::string, std::set<std::string>> kArrows{
    {"core", {}},
    {"ingest", {"pictures"}},
    {"storage", {}},
    {"access_control", {}},
    {"pictures", {}},
    {"fleet", {"storage", "pictures"}},
    {"simulate", {}},
    {"office", {"fleet", "access_control"}},
    {"api", {"fleet", "storage", "access_control", "pictures"}},
};
const std::set<std::string> kEverything{"app", "tests", "bench"};
/// Included by no room.
const std::set<std::string> kTops{"app", "tests", "bench"};

/// Where a library's headers may be included.
struct Library {
  std::string_view header;       // start of the header's name
  std::string_view suffix;       // in files whose name ends in this, or
  std::set<std::string> places;  // in sources of these folders, or in this one file
  bool in_headers = false;       // also in headers that meet that
};
const std::vector<Library> kLibraries{
    {"gst/", "_gst", {}},
    {"libav", "_av", {}},
    {"libsw", "_av", {}},
    {"pqxx/", "_pg", {}},
    {"cpprest/", "_rest", {}},
    {"pplx/", "_rest", {}},
    {"boost/", "_beast", {}},
    {"openssl/", "_ssl", {}},
    {"isa-l", "_isal", {}},
    {"immintrin.h", "_x86", {}},
    {"curl/", "_curl", {}},
    {"sodium", "_sodium", {}},
    {"liboath/", "_oath", {}},
    {"unicode/", "_icu", {}},
    {"prometheus/", "_prometheus", {}},
    {"nlohmann/", "", {"core"}},
    {"spdlog/", "", {"core"}},
    {"toml++/", "", {"core"}},
    {"CLI/", "", {"core"}},
    {"date/", "", {"core"}},
    {"tl/expected.hpp", "", {"core/result.h"}, true},
    {"gtest/", "", {"tests"}, true},
    {"gmock/", "", {"tests"}, true},
    {"rapidcheck", "", {"tests"}, true},
    {"benchmark/", "", {"bench"}, true},
};

bool MayInclude(const std::string& from, const std::string& to) {
  if (from == to || to == "core") return true;
  if (kEverything.contains(from)) return from != "app" || !kTops.contains(to);
  const auto arrows = kArrows.find(from);
  return arrows != kArrows.end() && arrows->second.contains(to);
}

/// "server_beast" of "api/media/server_beast_test.cc": without folder, ending and the kind of test.
std::string_view StemOf(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  path = path.substr(0, path.rfind('.'));
  for (const std::string_view kind : {"_test", "_fuzz", "_bench"}) {
    if (path.ends_with(kind)) path.remove_suffix(kind.size());
  }
  return path;
}

/// Names without folder and ending (<vector>, <cerrno>) are the language's own.
bool IsStandard(std::string_view header) {
  return header.find('/') == std::string_view::npos && !header.ends_with(".h") &&
         !header.ends_with(".hpp");
}

const Library* FindLibrary(std::string_view header) {
  const auto found = std::ranges::find_if(
      kLibraries, [&](const Library& l) { return header.starts_with(l.header); });
  return found == kLibraries.end() ? nullptr : &*found;
}

/// What is neither the language nor a library is the system's (<sys/socket.h>): rooms call it in
/// _posix files, tests anywhere.
bool MayCallSystem(const SourceFile& file) {
  return StemOf(file.path).ends_with("_posix") || RoomOf(file.path) == "tests";
}

bool MayUse(const SourceFile& file, const Library& library) {
  if (IsHeader(file.path) && !library.in_headers) return false;
  if (!library.suffix.empty() && StemOf(file.path).ends_with(library.suffix)) return true;
  return library.places.contains(RoomOf(file.path)) || library.places.contains(file.path);
}

std::string PlaceOf(const Library& library) {
  if (!library.suffix.empty()) return "a *" + std::string(library.suffix) + ".cc";
  return (library.in_headers ? "" : "a .cc of ") + *library.places.begin();
}

std::string At(const SourceFile& file, const Include& include) {
  return file.path + ":" + std::to_string(include.line) + ": ";
}

}  // namespace

Findings CheckArrows(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!IsCpp(file.path)) continue;
    const std::string from = RoomOf(file.path);
    for (const Include& include : IncludesOf(file)) {
      if (include.angled) continue;
      const std::string to = RoomOf(include.target);
      if (to.empty() || to.starts_with(".")) {
        findings.push_back(At(file, include) + "name the header from the project's root, not \"" +
                           include.target + "\"");
      } else if (!MayInclude(from, to)) {
        findings.push_back(At(file, include) + from + " may not know " + to +
                           " (ARCHITECTURE.md: include arrows)");
      }
    }
  }
  return findings;
}

Findings CheckLibraries(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!IsCpp(file.path)) continue;
    for (const Include& include : IncludesOf(file)) {
      if (!include.angled || IsStandard(include.target)) continue;
      const Library* library = FindLibrary(include.target);
      if (library == nullptr && !MayCallSystem(file)) {
        findings.push_back(At(file, include) + "<" + include.target +
                           "> belongs in a *_posix file");
      } else if (library != nullptr && !MayUse(file, *library)) {
        findings.push_back(At(file, include) + "<" + include.target + "> belongs in " +
                           PlaceOf(*library));
      }
    }
  }
  return findings;
}

}  // namespace yagura::tidy
