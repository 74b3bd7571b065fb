#include "storage/retention_terms.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/check.h"

namespace yagura::storage {
namespace {

constexpr std::chrono::hours kForever{24 * 365 * 1000};

/// Of two terms of one subject that have begun: the one that began later; of those that began at
/// one instant, the one that was entered later.
bool GoesBefore(const RetentionTerm& one, const RetentionTerm& other) {
  return std::pair(one.from, one.version) > std::pair(other.from, other.version);
}

}  // namespace

RetentionTerms::RetentionTerms(std::vector<RetentionTerm> terms,
                               const std::vector<FloorPlace>& floors)
    : terms_(std::move(terms)) {
  for (const FloorPlace& place : floors) floors_[place.floor] = place;
}

RetentionTerms RetentionTerms::Everywhere(const RetentionRule& rule) {
  return {{{.version = 1, .of = {}, .from = WallTime::min(), .rule = rule, .purpose = {}}}, {}};
}

const RetentionTerm* RetentionTerms::NewestOf(const TermSubject& subject, WallTime now) const {
  const RetentionTerm* newest = nullptr;
  for (const RetentionTerm& term : terms_) {
    if (term.of != subject || term.from > now) continue;
    if (newest == nullptr || GoesBefore(term, *newest)) newest = &term;
  }
  return newest;
}

const RetentionTerm& RetentionTerms::For(CameraId camera, FloorId floor, WallTime now) const {
  std::vector<TermSubject> nearest_first{camera, floor};
  if (const auto place = floors_.find(floor); place != floors_.end()) {
    nearest_first.emplace_back(place->second.building);
    nearest_first.emplace_back(place->second.site);
  }
  for (const TermSubject& subject : nearest_first) {
    const RetentionTerm* const term = NewestOf(subject, now);
    if (term != nullptr && term->rule) return *term;
  }
  const RetentionTerm* const office = NewestOf({}, now);
  CHECK(office != nullptr && office->rule);
  return *office;
}

WallTime RetentionTerms::DueAt(CameraId camera, FloorId floor, WallTime end, WallTime now) const {
  std::vector<WallTime> changes{now};
  for (const RetentionTerm& term : terms_) {
    if (term.from > now) changes.push_back(term.from);
  }
  std::sort(changes.begin(), changes.end());
  for (std::size_t i = 0; i + 1 < changes.size(); ++i) {
    const WallTime due = std::max(changes[i], end + For(camera, floor, changes[i]).rule->keep);
    if (due < changes[i + 1]) return due;
  }
  return std::max(changes.back(), end + For(camera, floor, changes.back()).rule->keep);
}

microseconds RetentionTerms::ShortestMinimum() const {
  microseconds shortest = microseconds::max();
  for (const RetentionTerm& term : terms_) {
    if (term.rule) shortest = std::min(shortest, term.rule->minimum);
  }
  return shortest;
}

RetentionTerms RetentionTerms::With(RetentionTerm term) const {
  RetentionTerms more = *this;
  for (const RetentionTerm& one : terms_) term.version = std::max(term.version, one.version + 1);
  more.terms_.push_back(std::move(term));
  return more;
}

RetentionTerms RetentionTerms::WithoutAge() const {
  RetentionTerms ageless = *this;
  for (RetentionTerm& term : ageless.terms_) {
    if (term.rule) term.rule->keep = kForever;
  }
  return ageless;
}

}  // namespace yagura::storage
