#include <algorithm>
#include <functional>
#include <regex>

#include "tests/tidy/rules.h"

namespace yagura::tidy {
namespace {

constexpr std::size_t kCppColumnsMax = 100;
constexpr std::size_t kScriptColumnsMax = 140;  // SQL, CMake, shell
constexpr std::size_t kLinesMax = 350;

/// Characters of a UTF-8 text: bytes that don't go on from another.
std::size_t Columns(std::string_view line) {
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool IsScript(std::string_view path) {
  return path.ends_with(".sql") || path.ends_with(".cmake") || path.ends_with("CMakeLists.txt") ||
         path.ends_with(".sh") || path.find('.') == std::string_view::npos;
}

bool IsTypeScript(std::string_view path) { return path.ends_with(".ts") || path.ends_with(".tsx"); }

std::size_t ColumnsMax(std::string_view path) {
  if (IsCpp(path)) return kCppColumnsMax;
  return IsScript(path) ? kScriptColumnsMax : 0;
}

/// Whether a line stands in a raw string literal (SQL in C++, mostly), to be asked of each line in
/// turn.
class RawStrings {
 public:
  bool Contain(std::string_view line) {
    static const std::regex kOpens("R\"(\\w*)\\(");
    if (!end_.empty()) {
      if (line.find(end_) != std::string_view::npos) end_.clear();
      return true;
    }
    std::match_results<std::string_view::const_iterator> opens;
    if (!std::regex_search(line.begin(), line.end(), opens, kOpens)) return false;
    const std::string end = ")" + opens[1].str() + "\"";
    if (line.find(end) == std::string_view::npos) end_ = end;
    return true;
  }

 private:
  std::string end_;  // of the literal that is open
};

using LineRule = std::function<std::string(std::string_view line, std::string_view line_before)>;

/// Asks `rule` about each line of the files that `wanted` picks; a non-empty answer is a finding.
Findings ForEachLine(const SourceTree& tree, const std::function<bool(std::string_view)>& wanted,
                     const LineRule& rule) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!wanted(file.path)) continue;
    std::string_view before;
    std::size_t number = 0;
    for (const std::string_view line : LinesOf(file.text)) {
      ++number;
      const std::string answer = rule(line, before);
      if (!answer.empty())
        findings.push_back(file.path + ":" + std::to_string(number) + ": " + answer);
      before = line;
    }
  }
  return findings;
}

bool Anything(std::string_view) { return true; }

bool Matches(std::string_view line, const std::regex& pattern) {
  return std::regex_search(line.begin(), line.end(), pattern);
}

}  // namespace

Findings CheckLineLengths(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    const std::size_t columns_max = ColumnsMax(file.path);
    if (columns_max == 0) continue;
    std::size_t number = 0;
    RawStrings raw;
    for (const std::string_view line : LinesOf(file.text)) {
      ++number;
      const std::size_t limit =
          IsCpp(file.path) && raw.Contain(line) ? kScriptColumnsMax : columns_max;
      if (Columns(line) <= limit) continue;
      findings.push_back(file.path + ":" + std::to_string(number) + ": longer than " +
                         std::to_string(limit));
    }
  }
  return findings;
}

Findings CheckFileLengths(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    const bool ours = IsCpp(file.path) || IsTypeScript(file.path);
    const std::size_t lines = ours ? LinesOf(file.text).size() : 0;
    if (lines > kLinesMax)
      findings.push_back(file.path + ": " + std::to_string(lines) + " lines; split it by idea");
  }
  return findings;
}

Findings CheckLeftovers(const SourceTree& tree) {
  // Put together here, so that this file has none itself.
  static const std::regex kLeftover(std::string("\\b(TO") + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
  return ForEachLine(tree, Anything, [](std::string_view line, std::string_view) -> std::string {
    return Matches(line, kLeftover) ? "a leftover: do it, or file it" : "";
  });
}

Findings CheckMachinePaths(const SourceTree& tree) {
  static const std::regex kPath(std::string("(^|[^A-Za-z0-9_.-])/(wo") + "rk|fa" + "rm)/");
  return ForEachLine(tree, Anything, [](std::string_view line, std::string_view) -> std::string {
    return Matches(line, kPath) ? "a path of one machine" : "";
  });
}

Findings CheckHeaderGuards(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (IsHeader(file.path) && file.text.find("#pragma once\n") == std::string::npos) {
      findings.push_back(file.path + ": no #pragma once");
    }
  }
  return findings;
}

Findings CheckNodiscard(const SourceTree& tree) {
  static const std::regex kReturnsResult(
      R"(^\s*((static|virtual|inline|constexpr)\s+)*Result<.*>\s+\w+\()");
  return ForEachLine(
      tree, IsHeader, [](std::string_view line, std::string_view before) -> std::string {
        const bool said = before.find("[[nodiscard]]") != std::string_view::npos;
        return Matches(line, kReturnsResult) && !said ? "returns a Result, without [[nodiscard]]"
                                                      : "";
      });
}

Findings CheckTests(const SourceTree& tree) {
  static const std::regex kOneWord(
      R"(^(TEST|TEST_F|TEST_P|RC_GTEST_PROP)\(\w+,\s*[A-Z][a-z0-9]*[,)])");
  static const std::regex kSkips(std::string("GTEST_") + "SKIP|\\bDIS" + "ABLED_");
  return ForEachLine(tree, IsSource, [](std::string_view line, std::string_view) -> std::string {
    if (Matches(line, kOneWord)) return "name the test by what holds, in more than one word";
    return Matches(line, kSkips) ? "a test that doesn't run; what it needs must be there" : "";
  });
}

}  // namespace yagura::tidy
