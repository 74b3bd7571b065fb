#include "tests/faults/trial_office.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace yagura::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds kPlanned{110};  // no trial is longer
constexpr std::size_t kPatternBytes = 256 * 1024;
constexpr std::size_t kStampBytes = 10;

microseconds Millis(std::int64_t count) { return milliseconds(count); }

const std::array<std::uint8_t, kPatternBytes>& Pattern() {
  static const auto pattern = [] {
    std::array<std::uint8_t, kPatternBytes> bytes{};
    std::uint32_t state = 1;
    for (std::uint8_t& byte : bytes) {
      state = state * 1664525 + 1013904223;
      byte = static_cast<std::uint8_t>(state >> 24);
    }
    return bytes;
  }();
  return pattern;
}

void StoreBigEndian(std::uint8_t* at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

/// Length, NAL unit's type, camera, number, and a stretch of the pattern.
void FillFrame(std::span<std::uint8_t> bytes, int camera, int frame, bool keyframe) {
  StoreBigEndian(bytes.data(), static_cast<std::uint32_t>(bytes.size() - 4));
  bytes[4] = keyframe ? 0x65 : 0x41;
  bytes[5] = static_cast<std::uint8_t>(camera);
  StoreBigEndian(&bytes[6], static_cast<std::uint32_t>(frame));
  const auto start = static_cast<std::size_t>(frame * 7919 + camera * 104729) % (kPatternBytes / 2);
  std::copy_n(Pattern().begin() + static_cast<std::ptrdiff_t>(start), bytes.size() - kStampBytes,
              bytes.begin() + kStampBytes);
}

std::shared_ptr<const StreamFormat> FormatOf(std::uint32_t timeline) {
  auto format = std::make_shared<StreamFormat>();
  // Every third session has another format.
  format->sps = {0x67, 0x4d, 0x40, 0x1f, static_cast<std::uint8_t>(1 + timeline / 3 % 5)};
  format->pps = {0x68, 0xee, 0x3c, 0x80};
  format->width_px = 1280;
  format->height_px = 720;
  return format;
}

template <class IdType>
IdType IdOf(std::uint8_t number) {
  IdType id;
  id.bytes.back() = number;
  return id;
}

}  // namespace

TrialCamera::TrialCamera(int number, std::uint64_t seed, WallTime begin)
    : number_(number), begin_(begin) {
  Draws draws(seed * 1000 + static_cast<std::uint64_t>(number));
  constexpr std::array kFps = {5, 6, 10, 15};
  fps_ = kFps.at(static_cast<std::size_t>(draws.Between(0, 3)));
  gop_ = static_cast<int>(draws.Between(fps_ / 2, 3 * fps_));
  keyframe_bytes_ = static_cast<std::size_t>(draws.Between(200, 4000));
  frame_bytes_ = static_cast<std::size_t>(draws.Between(40, 800));
  if (number == 1 && !draws.OneIn(3)) {
    keyframe_bytes_ = static_cast<std::size_t>(draws.Between(30'000, 120'000));
    frame_bytes_ = static_cast<std::size_t>(draws.Between(8'000, 24'000));
  }
  Plan(draws);
}

/// Half of the cameras are away now and then; half change hands, and the rest once a minute or so.
void TrialCamera::Plan(Draws& draws) {
  const WallTime end = begin_ + kPlanned;
  const std::int64_t calm_ms = draws.OneIn(2) ? 8'000 : 60'000;
  for (WallTime at = begin_; at < end;) {
    at += Millis(draws.Between(calm_ms / 8, calm_ms));
    const WallTime back = at + Millis(draws.Between(100, 2'500));
    aways_.push_back({at, back});
    at = back;
  }
  const std::int64_t charge_ms = draws.OneIn(2) ? 7'000 : 90'000;
  WallTime at = begin_ - hours(24);
  for (std::uint8_t unit = 1; at < end; ++unit) {
    owners_.push_back({{.from = at, .unit = IdOf<UnitId>(unit), .floor = IdOf<FloorId>(unit)},
                       at - Millis(draws.Between(0, 2'000))});
    at = std::max(at, begin_) + Millis(draws.Between(charge_ms / 8, charge_ms));
  }
}

CameraId TrialCamera::id() const { return IdOf<CameraId>(static_cast<std::uint8_t>(number_)); }

std::vector<storage::OwnerSpan> TrialCamera::OwnersKnownAt(WallTime now) const {
  std::vector<storage::OwnerSpan> known;
  for (const OwnerChange& change : owners_) {
    if (change.known_at <= now) known.push_back(change.span);
  }
  return known;
}

void TrialCamera::Connect(std::shared_ptr<AccessUnitSink> sink, WallTime now, int first_frame) {
  sink_ = std::move(sink);
  next_frame_ = first_frame;
  const auto next = std::ranges::find_if(aways_, [&](const Away& away) { return away.to > now; });
  next_away_ = static_cast<std::size_t>(next - aways_.begin());
  is_away_ = false;
  BeginSession(now + Millis(7 * number_));
}

void TrialCamera::BeginSession(WallTime at) {
  session_ = at;
  in_session_ = 0;
  ++timeline_;
  format_ = FormatOf(timeline_);
}

WallTime TrialCamera::WallOfNext() const {
  return session_ + microseconds(1'000'000) * in_session_ / fps_;
}

void TrialCamera::SendUntil(WallTime now, const TrialLog& log) {
  while (next_away_ < aways_.size()) {
    const Away& away = aways_[next_away_];
    if (!is_away_) {
      for (; WallOfNext() <= std::min(now, away.from);) sink_->OnAccessUnit(Next(log));
      if (now < away.from) return;
      is_away_ = true;
      sink_->OnInterruption(GapReason::kCameraSilent, std::max(away.from, WallOfNext()));
    }
    if (now < away.to) return;
    is_away_ = false;
    ++next_away_;
    BeginSession(std::max(away.to, WallOfNext()));
  }
}

std::size_t TrialCamera::SizeOf(int frame, bool keyframe) const {
  return (keyframe ? keyframe_bytes_ : frame_bytes_) + static_cast<std::size_t>(frame % 50);
}

AccessUnit TrialCamera::Next(const TrialLog& log) {
  const int frame = next_frame_++;
  const WallTime wall = WallOfNext();
  const bool keyframe = in_session_ % gop_ == 0;
  const std::size_t size_bytes = SizeOf(frame, keyframe);
  const std::string name = std::to_string(number_) + " " + std::to_string(frame);
  log.Tell("sent " + name + " " + std::to_string(wall.time_since_epoch().count()) + " " +
           std::to_string(size_bytes) + " " + (keyframe ? "1" : "0") + "\n");
  const std::shared_ptr<std::uint8_t[]> bytes(new std::uint8_t[size_bytes],
                                              [&log, name](const std::uint8_t* done) {
                                                log.Tell("let_go " + name + "\n");
                                                delete[] done;
                                              });
  FillFrame({bytes.get(), size_bytes}, number_, frame, keyframe);
  const MediaTime dts{900'000 + std::int64_t{in_session_++} * 90'000 / fps_};
  return {.data = SharedBytes(bytes, 0, size_bytes),
          .pts = dts,
          .dts = dts,
          .keyframe = keyframe,
          .wall = wall,
          .format = format_,
          .timeline = timeline_};
}

std::vector<TrialCamera> CamerasOf(std::uint64_t seed, WallTime begin) {
  Draws draws(seed);
  std::vector<TrialCamera> cameras;
  const auto count = static_cast<int>(draws.Between(4, 8));
  for (int number = 1; number <= count; ++number) cameras.emplace_back(number, seed, begin);
  return cameras;
}

}  // namespace yagura::testing
