// Whether activity finds people: a noisy empty scene, filmed by nobody, into which figures walk at
// known seconds while the light changes, coded by ffmpeg as cameras code. The seconds ranked
// highest, as many as somebody was there, must hold 95 % of the entries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <numbers>
#include <random>
#include <sstream>

#include "api/media/activity_levels.h"
#include "tests/support/child_process_posix.h"

namespace yagura::api {
namespace {

using std::chrono::seconds;

constexpr int kWidth = 160;
constexpr int kHeight = 90;
constexpr int kFramesPerSecond = 10;
constexpr int kEntrySeconds = 4;
const WallTime kBegin = WallTime(seconds(1'800'000'000));

/// The dose of each run of the tests; docs/benchmarks/activity.md has figures of more.
int SceneSeconds() {
  const char* asked = std::getenv("YAGURA_ACTIVITY_SECONDS");  // NOLINT(concurrency-mt-unsafe)
  return asked != nullptr ? std::stoi(asked) : 240;
}

/// Somebody walks through from `second` on, for kEntrySeconds.
struct Entry {
  int second = 0;
  int height = 30;  // pixels
  int floor = 80;   // where the feet are
  bool from_left = true;
  int shade = 60;
};

std::vector<Entry> Entries(int scene_seconds, std::mt19937& random) {
  const auto pick = [&](int from, int to) {
    return std::uniform_int_distribution<int>(from, to)(random);
  };
  std::vector<Entry> entries;
  for (int at = pick(8, 20); at + kEntrySeconds < scene_seconds; at += pick(9, 25)) {
    const int height = pick(18, 45);
    entries.push_back({at, height, pick(height + 4, kHeight - 2), pick(0, 1) == 1, pick(30, 220)});
  }
  return entries;
}

using Picture = std::vector<std::uint8_t>;

/// Walls, a floor and something with edges, as a corridor has them.
Picture Background() {
  Picture picture(kWidth * kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const bool door = x > 60 && x < 85 && y > 15 && y < 70;
      const int tile = (x / 12 + y / 9) % 2 * (y > 60 ? 18 : 4);
      picture[static_cast<std::size_t>(y * kWidth + x)] =
          static_cast<std::uint8_t>((door ? 90 : 120) + tile + x / 8);
    }
  }
  return picture;
}

/// A head and a body with a pattern on it, swaying as it walks.
void Draw(Picture& picture, const Entry& entry, double walked_s) {
  const double way = walked_s / kEntrySeconds;
  const int width = entry.height / 3;
  const double along = entry.from_left ? way : 1 - way;
  const int left = static_cast<int>(along * (kWidth + width)) - width;
  const int sway = static_cast<int>(std::lround(std::sin(walked_s * 2 * std::numbers::pi * 1.8)));
  for (int y = entry.floor - entry.height; y < entry.floor; ++y) {
    const bool head = y < entry.floor - entry.height * 4 / 5;
    for (int x = left + (head ? width / 3 : 0); x < left + (head ? width * 2 / 3 : width); ++x) {
      if (x < 0 || x >= kWidth || y + sway < 0 || y + sway >= kHeight) continue;
      picture[static_cast<std::size_t>((y + sway) * kWidth + x)] =
          static_cast<std::uint8_t>(head ? 170 : entry.shade + ((x - left) / 3 + y / 4) % 3 * 12);
    }
  }
}

/// The light goes down by a fifth over a minute in the middle, and stays.
double LightAt(double at_s, int scene_seconds) {
  const double begun = (at_s - scene_seconds * 0.5) / 60;
  return 1 - 0.2 * std::clamp(begun, 0.0, 1.0);
}

void Film(const std::filesystem::path& path, int scene_seconds, const std::vector<Entry>& entries,
          std::mt19937& random) {
  std::ofstream file(path, std::ios::binary);
  const Picture background = Background();
  std::vector<std::int8_t> noise(1 << 16);
  std::normal_distribution<double> grain(0, 1.5);
  for (auto& one : noise) one = static_cast<std::int8_t>(std::lround(grain(random)));
  const Picture chroma(kWidth * kHeight / 2, 128);
  for (int frame = 0; frame < scene_seconds * kFramesPerSecond; ++frame) {
    const double at = static_cast<double>(frame) / kFramesPerSecond;
    Picture picture = background;
    for (const Entry& entry : entries) {
      if (entry.second <= at && at < entry.second + kEntrySeconds)
        Draw(picture, entry, at - entry.second);
    }
    const double light = LightAt(at, scene_seconds);
    std::size_t grain_at = random() % noise.size();
    for (auto& pixel : picture) {
      grain_at = (grain_at + 1) % noise.size();
      pixel = static_cast<std::uint8_t>(std::clamp(pixel * light + noise[grain_at], 0.0, 255.0));
    }
    file.write(reinterpret_cast<const char*>(picture.data()), kWidth * kHeight);
    file.write(reinterpret_cast<const char*>(chroma.data()),
               static_cast<std::streamsize>(chroma.size()));
  }
}

struct Coder {
  const char* name;
  std::vector<std::string> options;
  friend void PrintTo(const Coder& coder, std::ostream* out) { *out << coder.name; }
};

std::filesystem::path Code(const std::filesystem::path& film, const Coder& coder) {
  const auto coded = film.parent_path() / "coded.mp4";
  testing::ChildOptions options;
  options.arguments = {"ffmpeg",
                       "-nostdin",
                       "-y",
                       "-v",
                       "error",
                       "-f",
                       "rawvideo",
                       "-pix_fmt",
                       "yuv420p",
                       "-s",
                       std::to_string(kWidth) + "x" + std::to_string(kHeight),
                       "-r",
                       std::to_string(kFramesPerSecond),
                       "-i",
                       film.string(),
                       "-preset",
                       "veryfast",
                       "-threads",
                       "1"};
  options.arguments.insert(options.arguments.end(), coder.options.begin(), coder.options.end());
  options.arguments.push_back(coded.string());
  const auto ended = testing::RunToEnd(options, std::chrono::minutes(20));
  EXPECT_TRUE(ended.has_value()) << (ended.has_value() ? "" : ended.error().message());
  return coded;
}

/// Clips of a minute, cut at keyframes, with the frames that ffprobe finds.
std::vector<CodedClip> ClipsOf(const std::filesystem::path& coded) {
  testing::ChildOptions options;
  options.arguments = {
      "ffprobe", "-v",      "error",       "-show_entries", "packet=dts,pts,size,flags",
      "-of",     "csv=p=0", coded.string()};
  options.output = coded.parent_path() / "packets.csv";
  std::filesystem::remove(options.output);
  EXPECT_TRUE(testing::RunToEnd(options, std::chrono::minutes(5)).has_value());
  std::ifstream file(options.output);
  std::vector<storage::ClipIndex> clips;
  std::int64_t first_pts = 0;
  constexpr std::int64_t kFrame = 90'000 / kFramesPerSecond;
  std::int64_t frame = 0;
  for (std::string line; std::getline(file, line); ++frame) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    std::int64_t pts = 0, dts = 0;
    std::uint32_t size_bytes = 0;
    std::string flags;
    fields >> pts >> dts >> size_bytes >> flags;
    if (frame == 0) first_pts = pts;
    // The file's own ticks: a frame is as long as the distance of two decoding times.
    const bool keyframe = flags.starts_with("K");
    if (clips.empty() || (keyframe && clips.back().samples.size() >= 600)) {
      clips.emplace_back();
      clips.back().identity.wall_start = kBegin;
    }
    constexpr std::int64_t kTicksOfFile = 10'240 / kFramesPerSecond;  // ffmpeg's for 10 a second
    const std::int64_t shown = (pts - first_pts) / kTicksOfFile * kFrame;
    const std::int64_t decoded = frame * kFrame;
    clips.back().samples.push_back({.size_bytes = size_bytes,
                                    .duration_90k = kFrame,
                                    .composition_90k = static_cast<std::int32_t>(shown - decoded),
                                    .keyframe = keyframe,
                                    .dts = {decoded}});
  }
  std::vector<CodedClip> all;
  for (const auto& clip : clips) {
    all.push_back(CodedClipOf(clip, {}));
    all.back().start = all.back().frames.front().shown;
  }
  return all;
}

struct Judged {
  std::size_t entries = 0;
  std::size_t found = 0;
  std::size_t ranked = 0;
  std::size_t ranked_empty = 0;  // seconds ranked highest in which nobody was there
};

Judged Judge(const std::vector<std::optional<std::uint8_t>>& levels,
             const std::vector<Entry>& entries) {
  std::vector<int> order(levels.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return levels[static_cast<std::size_t>(a)] > levels[static_cast<std::size_t>(b)];
  });
  order.resize(std::min(order.size(), entries.size() * kEntrySeconds));
  Judged judged{entries.size(), 0, order.size(), order.size()};
  for (const Entry& entry : entries) {
    const auto there = std::count_if(order.begin(), order.end(), [&](int second) {
      return entry.second <= second && second < entry.second + kEntrySeconds;
    });
    judged.found += there > 0 ? 1 : 0;
    judged.ranked_empty -= static_cast<std::size_t>(there);
  }
  return judged;
}

class ActivityQualityTest : public ::testing::TestWithParam<Coder> {};

TEST_P(ActivityQualityTest, TheSecondsRankedHighestHoldThoseInWhichSomebodyEntered) {
  const int scene_seconds = SceneSeconds();
  std::mt19937 random(20'261'123);
  const auto entries = Entries(scene_seconds, random);
  const testing::TemporaryFolder folder;
  Film(folder.path() / "film.yuv", scene_seconds, entries, random);
  const auto clips = ClipsOf(Code(folder.path() / "film.yuv", GetParam()));
  const auto levels = ActivityOf(clips, {kBegin, kBegin + seconds(scene_seconds)});
  const Judged judged = Judge(levels, entries);
  std::cout << GetParam().name << ": " << judged.found << " of " << judged.entries
            << " entries in the " << judged.ranked << " seconds ranked highest of " << levels.size()
            << ", " << judged.ranked_empty << " of them empty\n";
  EXPECT_GE(judged.found * 100, judged.entries * 95);
  EXPECT_LE(judged.ranked_empty * 100, judged.ranked * 15);
}

const std::vector<std::string> kX264{"-c:v", "libx264", "-x264-params"};
std::vector<std::string> X264(std::string parameters, std::vector<std::string> more) {
  std::vector<std::string> options = kX264;
  options.push_back("scenecut=0:" + std::move(parameters));
  options.insert(options.end(), more.begin(), more.end());
  return options;
}
std::vector<std::string> X265(std::string parameters, std::vector<std::string> more) {
  std::vector<std::string> options{"-c:v", "libx265", "-x265-params",
                                   "log-level=error:scenecut=0:" + std::move(parameters)};
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

INSTANTIATE_TEST_SUITE_P(
    Coders, ActivityQualityTest,
    ::testing::Values(
        Coder{"h264 crf", X264("keyint=20:bframes=0", {"-crf", "26"})},
        Coder{"h264 crf with B-frames", X264("keyint=40:bframes=2", {"-crf", "26"})},
        // As cameras have it: a constant rate, but an empty scene isn't coded finer than a floor.
        Coder{"h264 constant rate with a floor",
              X264("keyint=20:bframes=0:qpmin=26",
                   {"-b:v", "6k", "-maxrate", "6k", "-bufsize", "6k"})},
        Coder{"h265 crf with B-frames", X265("keyint=40:bframes=2", {"-crf", "28"})}),
    [](const auto& one) {
      std::string name = one.param.name;
      std::replace_if(
          name.begin(), name.end(), [](char letter) { return std::isalnum(letter) == 0; }, '_');
      return name;
    });

}  // namespace
}  // namespace yagura::api
