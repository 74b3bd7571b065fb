#include "storage/fragment_builder.h"

#include <algorithm>

#include "core/check.h"

namespace yagura::storage {
namespace {

constexpr std::int64_t kFirstGuess90k = 6'000;  // 15 frames a second, for a run of a single frame

/// Sets start and end of `fragment`, which holds `units`.
void SetInterval(Fragment& fragment, std::span<const AccessUnit> units) {
  std::size_t first = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].pts < units[first].pts) first = i;
    if (units[i].pts > units[last].pts) last = i;
  }
  fragment.start = units[first].pts;
  fragment.wall_start = units[first].wall;
  const MediaTime end{units[last].pts.ticks_90k + fragment.samples[last].duration_90k};
  fragment.end = end;
  fragment.wall_end = units[last].wall + Between(units[last].pts, end);

  const bool shows_order = units.size() > fragment.run->opened.format.reorder_depth;
  if (!units.front().keyframe && !shows_order) {
    fragment.wall_start -= Between(fragment.first_dts, fragment.start);
    fragment.start = fragment.first_dts;
  }
}

}  // namespace

void FragmentBuilder::Begin(std::shared_ptr<const Run> run) {
  CHECK(pending_.empty());
  run_ = std::move(run);
  sequence_ = 0;
  nominal_duration_90k_ = kFirstGuess90k;
}

std::optional<Fragment> FragmentBuilder::Add(AccessUnit unit, Boundary boundary) {
  std::optional<Fragment> finished;
  if (!pending_.empty()) {
    nominal_duration_90k_ = unit.dts.ticks_90k - pending_.back().dts.ticks_90k;
    CHECK(nominal_duration_90k_ > 0);
    if (boundary != Boundary::kNone || IsFull(unit)) finished = Take(pending_.size());
  }
  if (pending_.empty()) boundary_ = boundary;
  pending_bytes_ += unit.data.size();
  pending_.push_back(std::move(unit));
  return finished;
}

std::optional<Fragment> FragmentBuilder::FlushBefore(MediaTime next) {
  if (pending_.empty()) return std::nullopt;
  nominal_duration_90k_ = next.ticks_90k - pending_.back().dts.ticks_90k;
  CHECK(nominal_duration_90k_ > 0);
  return Take(pending_.size());
}

std::optional<Fragment> FragmentBuilder::FlushAll() {
  if (pending_.empty()) return std::nullopt;
  return Take(pending_.size());
}

std::optional<Fragment> FragmentBuilder::FlushKnown() {
  if (pending_.size() < 2) return std::nullopt;
  return Take(pending_.size() - 1);
}

void FragmentBuilder::Discard() {
  pending_.clear();
  pending_bytes_ = 0;
}

bool FragmentBuilder::IsFull(const AccessUnit& next) const {
  const std::int64_t span = next.dts.ticks_90k - pending_.front().dts.ticks_90k;
  return span + nominal_duration_90k_ > kFragmentSpanMax90k ||
         (next.keyframe && span >= kFragmentSpanMin90k) ||
         pending_bytes_ + next.data.size() > kFragmentBytesMax;
}

std::uint32_t FragmentBuilder::DurationOf(std::size_t index) const {
  if (index + 1 == pending_.size()) return static_cast<std::uint32_t>(nominal_duration_90k_);
  return static_cast<std::uint32_t>(pending_[index + 1].dts.ticks_90k -
                                    pending_[index].dts.ticks_90k);
}

Fragment FragmentBuilder::Take(std::size_t count) {
  Fragment fragment;
  fragment.run = run_;
  fragment.boundary = boundary_;
  fragment.first_dts = pending_.front().dts;
  fragment.samples.reserve(count);
  fragment.media.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const AccessUnit& unit = pending_[i];
    fragment.samples.push_back(
        {.size_bytes = static_cast<std::uint32_t>(unit.data.size()),
         .duration_90k = DurationOf(i),
         .composition_90k = static_cast<std::int32_t>(unit.pts.ticks_90k - unit.dts.ticks_90k),
         .keyframe = unit.keyframe});
    fragment.media.push_back(unit.data);
    pending_bytes_ -= unit.data.size();
  }
  SetInterval(fragment, std::span(pending_).first(count));
  FinishFragment(fragment, ++sequence_);
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
  boundary_ = Boundary::kNone;
  return fragment;
}

}  // namespace yagura::storage
