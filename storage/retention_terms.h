#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

/// How long footage is kept, of which camera or place, from when on: pure. docs/design/retention.md
/// says what counts where several do.
namespace yagura::storage {

/// How long footage is kept.
struct RetentionRule {
  microseconds keep{};     // older footage is deleted
  microseconds minimum{};  // younger footage is never deleted, whatever the space
  friend bool operator==(const RetentionRule&, const RetentionRule&) = default;
};

/// What a term is about: the whole office, or one place or camera. A later kind goes before an
/// earlier one.
using TermSubject = std::variant<std::monostate, SiteId, BuildingId, FloorId, CameraId>;

/// A row of retention_rule.
struct RetentionTerm {
  std::int64_t version = 0;  // in the order of entry
  TermSubject of;
  WallTime from{};
  std::optional<RetentionRule> rule;  // nothing: from then on it has none of its own
  std::string purpose;
  friend bool operator==(const RetentionTerm&, const RetentionTerm&) = default;
};

struct FloorPlace {
  FloorId floor;
  BuildingId building;
  SiteId site;
};

/// All terms that were ever entered. Immutable.
class RetentionTerms {
 public:
  /// One term of the whole office must have begun by any instant that is asked about; it has a
  /// rule.
  RetentionTerms(std::vector<RetentionTerm> terms, const std::vector<FloorPlace>& floors);
  /// The same everywhere and always.
  [[nodiscard]] static RetentionTerms Everywhere(const RetentionRule& rule);

  /// What counts at `now` for what `camera` recorded on `floor`. It has a rule.
  [[nodiscard]] const RetentionTerm& For(CameraId camera, FloorId floor, WallTime now) const;
  /// The first instant, `now` or later, at which footage that ended at `end` is older than the term
  /// that counts then, as far as terms are known.
  [[nodiscard]] WallTime DueAt(CameraId camera, FloorId floor, WallTime end, WallTime now) const;
  /// These terms with another one that is not entered yet.
  [[nodiscard]] RetentionTerms With(RetentionTerm term) const;
  /// The same minimums, and nothing is ever too old.
  [[nodiscard]] RetentionTerms WithoutAge() const;
  /// The shortest minimum of any of them, begun or not.
  [[nodiscard]] microseconds ShortestMinimum() const;
  /// In the order of entry.
  [[nodiscard]] const std::vector<RetentionTerm>& all() const { return terms_; }

 private:
  [[nodiscard]] const RetentionTerm* NewestOf(const TermSubject& subject, WallTime now) const;

  std::vector<RetentionTerm> terms_;
  std::map<FloorId, FloorPlace> floors_;
};

}  // namespace yagura::storage
