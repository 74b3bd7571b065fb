#pragma once

#include <string>
#include <vector>

#include "tests/tidy/source_tree.h"

namespace yagura::tidy {

/// What a rule found, a line each: "storage/clip_writer.cc:12: ..." and what to do instead. Empty:
/// the tree keeps the rule.
using Findings = std::vector<std::string>;

// include_rules.cc: who may know whom.
/// The include arrows between rooms (ARCHITECTURE.md).
[[nodiscard]] Findings CheckArrows(const SourceTree& tree);
/// A third-party library is included only by files with its suffix, or in its one folder; no header
/// of ours includes one.
[[nodiscard]] Findings CheckLibraries(const SourceTree& tree);

// text_rules.cc: what a file says.
[[nodiscard]] Findings CheckLineLengths(const SourceTree& tree);
[[nodiscard]] Findings CheckFileLengths(const SourceTree& tree);
/// Notes to self that were to be gone before committing.
[[nodiscard]] Findings CheckLeftovers(const SourceTree& tree);
/// Paths that exist on one machine only.
[[nodiscard]] Findings CheckMachinePaths(const SourceTree& tree);
[[nodiscard]] Findings CheckHeaderGuards(const SourceTree& tree);
/// A function that returns a Result says [[nodiscard]].
[[nodiscard]] Findings CheckNodiscard(const SourceTree& tree);
/// A test is named by what holds, in more than one word, and always runs.
[[nodiscard]] Findings CheckTests(const SourceTree& tree);

// tree_rules.cc: what stands where.
/// Each source is built, each header included.
[[nodiscard]] Findings CheckDeadFiles(const SourceTree& tree);
/// Each room says what it promises.
[[nodiscard]] Findings CheckRoomReadmes(const SourceTree& tree);
/// Links and named files in documents, and documents named in code, exist. `exists` answers for any
/// path from the root.
[[nodiscard]] Findings CheckDocumentLinks(const SourceTree& tree,
                                          const std::filesystem::path& root);

}  // namespace yagura::tidy
