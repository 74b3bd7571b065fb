#include "api/media/live_package.h"

#include <algorithm>
#include <utility>

#include "core/crc32c.h"
#include "storage/fragment.h"
#include "storage/mp4_boxes.h"

namespace yagura::api {
namespace {

constexpr std::int64_t kPart90k = kMediaTimescale / 5;
constexpr std::int64_t kSegmentLeast90k = 2 * kMediaTimescale;
/// Of a GOP that doesn't end: the next segment begins between two keyframes.
constexpr std::int64_t kSegmentMax90k = 8 * kMediaTimescale;
constexpr std::size_t kSegmentsMax = 8;
constexpr std::size_t kSegmentsLeast = 2;
constexpr std::uint64_t kBytesMax = 16 * 1024 * 1024;
/// Frames this far apart, in one timeline, are shown one after the other: nothing was left out.
constexpr std::chrono::seconds kFrameMax{2};

std::string TextOf(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

std::string NameOf(const std::string& init) {
  const std::vector<std::uint8_t> bytes(init.begin(), init.end());
  return std::to_string(Crc32c(bytes));
}

SharedBytes OneBuffer(const storage::Fragment& fragment) {
  const std::shared_ptr<std::uint8_t[]> bytes(new std::uint8_t[fragment.size_bytes]);
  auto* at = std::copy(fragment.head.begin(), fragment.head.end(), bytes.get());
  for (const SharedBytes& media : fragment.media)
    at = std::copy(media.bytes().begin(), media.bytes().end(), at);
  return {bytes, 0, static_cast<std::size_t>(fragment.size_bytes)};
}

}  // namespace

void LivePackage::Add(const AccessUnit& unit) {
  const std::scoped_lock lock(mutex_);
  const bool new_format =
      format_ == nullptr || !(format_ == unit.format || *format_ == *unit.format);
  const bool breaks = interrupted_ || new_format || unit.timeline != timeline_;
  if (breaks) CloseSegment();
  const bool open = !segments_.empty() && !segments_.back().closed;
  if (!open && !unit.keyframe && (breaks || segments_.empty())) return;
  if (unit.keyframe) ClosePart();
  const std::int64_t length_90k = open ? segments_.back().duration_90k + PendingDuration() : 0;
  if (length_90k >= (unit.keyframe ? kSegmentLeast90k : kSegmentMax90k)) CloseSegment();
  if (segments_.empty() || segments_.back().closed) Begin(unit);
  pending_.push_back({unit, axis_.PlaceOf(unit)});
  if (PendingDuration() + pending_.back().place.duration_90k > kPart90k) ClosePart();
}

void LivePackage::Begin(const AccessUnit& unit) {
  const bool first = format_ == nullptr;
  const bool new_format = first || !(*format_ == *unit.format);
  const bool breaks = !first && (interrupted_ || new_format || unit.timeline != timeline_);
  if (new_format) {
    const std::string init = TextOf(storage::BuildInitSegment(*unit.format));
    inits_[NameOf(init)] = init;
  }
  format_ = unit.format;
  timeline_ = unit.timeline;
  interrupted_ = false;
  breaks_ += breaks ? 1 : 0;
  if (breaks) shown_until_.reset();
  segments_.push_back({.number = next_segment_++,
                       .init = NameOf(TextOf(storage::BuildInitSegment(*unit.format))),
                       .discontinuous = breaks,
                       .breaks = breaks_,
                       .parts = {},
                       .duration_90k = 0,
                       .closed = false});
  DropOld();
}

std::int64_t LivePackage::PendingDuration() const {
  if (pending_.empty()) return 0;
  const LiveAxis::Place& last = pending_.back().place;
  return last.dts_90k - pending_.front().place.dts_90k + last.duration_90k;
}

/// A part's last frame is shown until the next part, which isn't there yet: each tells of the one
/// before, too. Else a minute would be told of in three hundred pieces.
WallTime LivePackage::ShownSince(WallTime from) const {
  const bool goes_on = shown_until_ && *shown_until_ < from && from - *shown_until_ < kFrameMax;
  return goes_on ? *shown_until_ : from;
}

void LivePackage::ClosePart() {
  if (pending_.empty()) return;
  storage::Fragment fragment;
  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const AccessUnit& unit = pending_[i].unit;
    const LiveAxis::Place& place = pending_[i].place;
    const std::int64_t duration_90k = i + 1 < pending_.size()
                                          ? pending_[i + 1].place.dts_90k - place.dts_90k
                                          : place.duration_90k;
    fragment.samples.push_back(
        {.size_bytes = static_cast<std::uint32_t>(unit.data.size()),
         .duration_90k = static_cast<std::uint32_t>(duration_90k),
         .composition_90k = static_cast<std::int32_t>(unit.pts.ticks_90k - unit.dts.ticks_90k),
         .keyframe = unit.keyframe});
    fragment.media.push_back(unit.data);
    crc = Crc32c(unit.data.bytes(), crc);
  }
  fragment.first_dts = MediaTime{pending_.front().place.dts_90k};
  storage::FinishFragment(fragment, ++sequence_, crc);
  const auto by_wall = [](const Frame& a, const Frame& b) { return a.unit.wall < b.unit.wall; };
  const auto [least, most] = std::ranges::minmax_element(pending_, by_wall);
  Segment& segment = segments_.back();
  segment.parts.push_back({.bytes = OneBuffer(fragment),
                           .duration_90k = PendingDuration(),
                           .independent = pending_.front().unit.keyframe,
                           .from = least->unit.wall,
                           .to = most->unit.wall + milliseconds(1),
                           .since = ShownSince(least->unit.wall)});
  shown_until_ = segment.parts.back().to;
  segment.duration_90k += segment.parts.back().duration_90k;
  bytes_ += segment.parts.back().bytes.size();
  *all_ += segment.parts.back().bytes.size();
  pending_.clear();
  Wake();
}

void LivePackage::CloseSegment() {
  ClosePart();
  if (segments_.empty() || segments_.back().closed) return;
  segments_.back().closed = true;
  Wake();
}

void LivePackage::DropOld() {
  while (segments_.size() > kSegmentsLeast &&
         (segments_.size() > kSegmentsMax || bytes_ > kBytesMax || *all_ > kAllBytesMax)) {
    for (const LivePart& part : segments_.front().parts) {
      bytes_ -= part.bytes.size();
      *all_ -= part.bytes.size();
    }
    segments_.pop_front();
  }
  std::erase_if(inits_, [this](const auto& init) {
    return std::ranges::none_of(segments_,
                                [&](const Segment& one) { return one.init == init.first; });
  });
}

void LivePackage::Interrupt() {
  const std::scoped_lock lock(mutex_);
  CloseSegment();
  interrupted_ = true;
}

void LivePackage::End() {
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  Wake();
}

void LivePackage::Wake() {
  for (const auto& [number, wake] : waiters_) wake();
}

std::uint64_t LivePackage::OnMore(std::function<void()> wake) {
  const std::scoped_lock lock(mutex_);
  waiters_.emplace(++last_waiter_, std::move(wake));
  return last_waiter_;
}

void LivePackage::Forget(std::uint64_t waiter) {
  const std::scoped_lock lock(mutex_);
  waiters_.erase(waiter);
}

const LivePackage::Segment* LivePackage::SegmentAt(std::uint64_t number) const {
  if (segments_.empty() || number < segments_.front().number) return nullptr;
  const std::uint64_t index = number - segments_.front().number;
  return index < segments_.size() ? &segments_[index] : nullptr;
}

bool LivePackage::HasReached(const LivePlace& place) const {
  const std::scoped_lock lock(mutex_);
  if (segments_.empty() || place.segment > segments_.back().number) return false;
  const Segment& last = segments_.back();
  if (place.segment < last.number || last.closed) return true;
  return place.part && *place.part < last.parts.size();
}

bool LivePackage::IsNext(const LivePlace& place) const {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t end = segments_.empty() ? next_segment_ : segments_.back().number;
  return place.segment >= end && place.segment <= end + 1;
}

std::vector<LivePart> LivePackage::Find(const LivePlace& place) const {
  const std::scoped_lock lock(mutex_);
  const Segment* const segment = SegmentAt(place.segment);
  if (segment == nullptr) return {};
  if (!place.part) return segment->closed ? segment->parts : std::vector<LivePart>();
  if (*place.part >= segment->parts.size()) return {};
  return {segment->parts[*place.part]};
}

std::string LivePackage::Init(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = inits_.find(name);
  return found == inits_.end() ? std::string() : found->second;
}

bool LivePackage::ended() const {
  const std::scoped_lock lock(mutex_);
  return ended_;
}

bool LivePackage::is_jpeg() const {
  const std::scoped_lock lock(mutex_);
  return format_ != nullptr && format_->codec == Codec::kJpeg;
}

}  // namespace yagura::api
