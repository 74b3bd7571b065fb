#include "storage/fragment_builder.h"

#include <algorithm>

#include "core/check.h"
#include "core/crc32c.h"
#include "storage/complete_until.h"

namespace yagura::storage {
namespace {

constexpr std::int64_t kFirstGuess90k = 6'000;  // 15 frames a second, for a run of a single frame

bool IsShownBefore(const AccessUnit& a, const AccessUnit& b) { return a.pts < b.pts; }

/// Sets the start of `fragment`, which holds `units`.
void SetStart(Fragment& fragment, std::span<const AccessUnit> units) {
  const AccessUnit& first = *std::min_element(units.begin(), units.end(), IsShownBefore);
  fragment.start = first.pts;
  fragment.wall_start = first.wall;
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
  ahead_.clear();
}

std::optional<Fragment> FragmentBuilder::Add(AccessUnit unit, Boundary boundary) {
  std::optional<Fragment> finished;
  if (!pending_.empty()) {
    nominal_duration_90k_ = unit.dts.ticks_90k - pending_.back().dts.ticks_90k;
    CHECK(nominal_duration_90k_ > 0);
    if (boundary != Boundary::kNone || IsFull(unit)) finished = Take(pending_.size());
  }
  if (pending_.empty()) boundary_ = boundary;
  Push(std::move(unit));
  return finished;
}

void FragmentBuilder::Push(AccessUnit unit) {
  pending_bytes_ += unit.data.size();
  crcs_.push_back(Crc32c(unit.data.bytes(), crcs_.empty() ? 0 : crcs_.back()));
  pending_.push_back(std::move(unit));
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
  crcs_.clear();
  pending_bytes_ = 0;
}

bool FragmentBuilder::IsFull(const AccessUnit& next) const {
  const std::int64_t span = next.dts.ticks_90k - pending_.front().dts.ticks_90k;
  return span + nominal_duration_90k_ > SpanMax() ||
         (next.keyframe && !pending_.back().keyframe && span >= kFragmentSpanMin90k) ||
         pending_bytes_ + next.data.size() > kFragmentBytesMax;
}

/// With B-frames a frame comes later than it is shown, and its second runs already.
std::int64_t FragmentBuilder::SpanMax() const {
  const std::int64_t depth = run_->opened.format.reorder_depth;
  return std::max(kFragmentSpanMin90k, kFragmentSpanMax90k - depth * nominal_duration_90k_);
}

std::uint32_t FragmentBuilder::DurationOf(std::size_t index) const {
  if (index + 1 == pending_.size()) return static_cast<std::uint32_t>(nominal_duration_90k_);
  return static_cast<std::uint32_t>(pending_[index + 1].dts.ticks_90k -
                                    pending_[index].dts.ticks_90k);
}

/// Sets the end of `fragment`, whose samples are set.
void FragmentBuilder::SetEnd(Fragment& fragment, std::span<const AccessUnit> units) {
  const std::int64_t step_90k = fragment.samples.back().duration_90k;
  const MediaTime next_dts{units.back().dts.ticks_90k + step_90k};
  const MediaTime bound = std::max(next_dts, run_->opened.media_start);
  for (const AccessUnit& unit : units) ahead_.push_back(unit.pts);
  std::erase_if(ahead_, [&](MediaTime pts) { return pts < bound; });
  const AccessUnit& last = *std::max_element(units.begin(), units.end(), IsShownBefore);
  fragment.end = CompleteUntil(bound, ahead_, step_90k);
  fragment.wall_end = last.wall + Between(last.pts, fragment.end);
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
  }
  SetStart(fragment, std::span(pending_).first(count));
  SetEnd(fragment, std::span(pending_).first(count));
  FinishFragment(fragment, ++sequence_, crcs_[count - 1]);
  std::vector<AccessUnit> rest(
      std::make_move_iterator(pending_.begin() + static_cast<std::ptrdiff_t>(count)),
      std::make_move_iterator(pending_.end()));
  Discard();
  for (AccessUnit& unit : rest) Push(std::move(unit));
  boundary_ = Boundary::kNone;
  return fragment;
}

}  // namespace yagura::storage
