#include "api/media/activity_levels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace yagura::api {
namespace {

using std::chrono::seconds;

/// Behind this many frames after a keyframe, sizes no longer depend on the distance to it.
constexpr std::uint32_t kPlaceMax = 60;
/// A place with fewer frames tells no size of its own; that of its kind is taken.
constexpr std::size_t kFramesLeast = 8;
/// Quantiles that are quiet also where a scene is busy most of the time (a median wouldn't be), and
/// how many standard deviations lie between them.
constexpr double kQuietQuantile = 0.25;
constexpr double kLowQuantile = 0.05;
constexpr double kDeviationsBetween = 0.97;
/// A coder that repeats itself exactly has no spread: then this share of a frame is one.
constexpr double kSpreadLeast = 0.02;
/// So many deviations above the lower quarter are still noise.
constexpr double kNoise = 4;

/// Frames of which the same size is expected.
struct FrameClass {
  bool goes_back = false;
  std::uint32_t place = kPlaceMax;  // since the keyframe
  friend auto operator<=>(const FrameClass&, const FrameClass&) = default;
};

template <class T>
double Quantile(std::vector<T>& values, double share) {
  const auto at = values.begin() +
                  static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return static_cast<double>(*at);
}

/// Calls `visit(frame, class)` with every frame that isn't a keyframe.
template <class Visit>
void EachInterFrame(const CodedClip& clip, Visit visit) {
  std::uint32_t place = kPlaceMax;
  for (const CodedFrame& frame : clip.frames) {
    place = frame.keyframe ? 0 : std::min(place + 1, kPlaceMax);
    if (!frame.keyframe) visit(frame, FrameClass{frame.goes_back, place});
  }
}

using Neighbours = std::vector<const CodedClip*>;

Neighbours NeighboursOf(const CodedClip& clip, std::span<const CodedClip> clips) {
  Neighbours near;
  for (const CodedClip& one : clips) {
    const auto apart = one.start > clip.start ? one.start - clip.start : clip.start - one.start;
    if (one.format == clip.format && apart <= kQuietReach) near.push_back(&one);
  }
  return near;
}

/// The quiet size of each kind of frame around a clip.
class ExpectedSizes {
 public:
  explicit ExpectedSizes(const Neighbours& near) {
    std::map<FrameClass, std::vector<std::uint32_t>> by_class;
    std::array<std::vector<std::uint32_t>, 2> by_kind;
    for (const CodedClip* clip : near) {
      EachInterFrame(*clip, [&](const CodedFrame& frame, FrameClass one) {
        by_class[one].push_back(frame.size_bytes);
        by_kind.at(frame.goes_back ? 1 : 0).push_back(frame.size_bytes);
      });
    }
    for (std::size_t kind = 0; kind < by_kind.size(); ++kind) {
      if (!by_kind.at(kind).empty()) of_kind_.at(kind) = Quantile(by_kind.at(kind), kQuietQuantile);
    }
    for (auto& [one, sizes] : by_class) {
      if (sizes.size() >= kFramesLeast) of_class_[one] = Quantile(sizes, kQuietQuantile);
    }
  }
  [[nodiscard]] double Of(FrameClass one) const {
    const auto found = of_class_.find(one);
    return found != of_class_.end() ? found->second : of_kind_.at(one.goes_back ? 1 : 0);
  }

 private:
  std::map<FrameClass, double> of_class_;
  std::array<double, 2> of_kind_{};
};

/// What one second's frames are above what was expected of them.
struct SecondSum {
  double excess_bytes = 0;
  double expected_bytes = 0;
  std::uint32_t frames = 0;
  [[nodiscard]] double Excess() const { return excess_bytes / frames; }
  [[nodiscard]] double Expected() const { return expected_bytes / frames; }
};
using Seconds = std::map<std::int64_t, SecondSum>;  // by number, counted from some instant

std::int64_t SecondOf(WallTime time, WallTime from) {
  return std::chrono::floor<seconds>(time - from).count();
}

/// A frame that lasts counts in each second in which it is shown. No frame lasts longer than a
/// clip.
void AddFrame(Seconds& all, const CodedFrame& frame, double expected, WallTime from) {
  constexpr microseconds kLongest = std::chrono::minutes(2);
  const WallTime end =
      frame.shown + std::clamp(frame.duration, microseconds(1), kLongest) - microseconds(1);
  const std::int64_t first = SecondOf(frame.shown, from);
  const bool is_long = frame.duration >= seconds(1);
  for (std::int64_t second = first; second <= (is_long ? SecondOf(end, from) : first); ++second) {
    SecondSum& sum = all[second];
    sum.excess_bytes += frame.size_bytes - expected;
    sum.expected_bytes += expected;
    ++sum.frames;
  }
}

Seconds SecondsOf(const CodedClip& clip, const ExpectedSizes& expected, WallTime from) {
  Seconds all;
  EachInterFrame(clip, [&](const CodedFrame& frame, FrameClass one) {
    AddFrame(all, frame, expected.Of(one), from);
  });
  return all;
}

/// Where quiet lies, and how far it varies, both in bytes a frame.
struct Quiet {
  double level = 0;
  double spread = 1;
  [[nodiscard]] double DeviationsOf(const SecondSum& sum) const {
    return (sum.Excess() - level) / spread;
  }
};

Quiet QuietOf(const Neighbours& near, const ExpectedSizes& expected, WallTime from) {
  std::vector<double> excess;
  double expected_bytes = 0;
  for (const CodedClip* clip : near) {
    for (const auto& [second, sum] : SecondsOf(*clip, expected, from)) {
      excess.push_back(sum.Excess());
      expected_bytes += sum.Expected();
    }
  }
  if (excess.empty()) return {};
  const double least = kSpreadLeast * expected_bytes / static_cast<double>(excess.size());
  const double level = Quantile(excess, kQuietQuantile);
  const double low = Quantile(excess, kLowQuantile);
  return {level, std::max({(level - low) / kDeviationsBetween, least, 1.0})};
}

/// A second in which two clips meet is both's, by their frames.
struct SecondDeviations {
  double sum = 0;
  std::uint32_t frames = 0;
  void Add(const Quiet& quiet, const SecondSum& of) {
    sum += quiet.DeviationsOf(of) * of.frames;
    frames += of.frames;
  }
};

std::optional<std::uint8_t> LevelOf(const SecondDeviations& second) {
  if (second.frames == 0) return std::nullopt;
  const double above = std::max(0.0, second.sum / second.frames - kNoise);
  return static_cast<std::uint8_t>(
      std::min<double>(kActivityMax, std::round(10 * std::log2(1 + above))));
}

bool Touches(const CodedClip& clip, WallRange range) {
  return std::any_of(clip.frames.begin(), clip.frames.end(), [&](const CodedFrame& frame) {
    return frame.shown < range.to && frame.shown + frame.duration > range.from;
  });
}

}  // namespace

CodedClip CodedClipOf(const storage::ClipIndex& index, const std::array<std::uint8_t, 32>& format) {
  CodedClip clip{format, index.identity.wall_start, {}};
  clip.frames.reserve(index.samples.size());
  std::int64_t latest = std::numeric_limits<std::int64_t>::min();
  for (const storage::IndexedSample& sample : index.samples) {
    const std::int64_t shown = sample.dts.ticks_90k + sample.composition_90k;
    clip.frames.push_back({index.CapturedAt(sample), Between({}, MediaTime{sample.duration_90k}),
                           sample.size_bytes, sample.keyframe, shown < latest});
    latest = std::max(latest, shown);
  }
  return clip;
}

std::vector<std::optional<std::uint8_t>> ActivityOf(std::span<const CodedClip> clips,
                                                    WallRange range) {
  const std::int64_t count = std::chrono::ceil<seconds>(range.to - range.from).count();
  std::vector<SecondDeviations> all(static_cast<std::size_t>(count));
  for (const CodedClip& clip : clips) {
    if (!Touches(clip, range)) continue;
    const Neighbours near = NeighboursOf(clip, clips);
    const ExpectedSizes expected(near);
    const Quiet quiet = QuietOf(near, expected, range.from);
    for (const auto& [second, sum] : SecondsOf(clip, expected, range.from)) {
      if (0 <= second && second < count) all[static_cast<std::size_t>(second)].Add(quiet, sum);
    }
  }
  std::vector<std::optional<std::uint8_t>> levels(all.size());
  std::transform(all.begin(), all.end(), levels.begin(), LevelOf);
  return levels;
}

}  // namespace yagura::api
