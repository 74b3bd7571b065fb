// Live streams through real workers.
#include "api/media/transcoded_feed.h"

#include <gmock/gmock.h>

#include <thread>

#include "api/media/live_feeds.h"
#include "tests/api/video_loop.h"

namespace yagura::api {
namespace {

using std::chrono::milliseconds;
using ::testing::SizeIs;

constexpr ViewerQueue::Bounds kWide{.bytes_max = 64 << 20, .wait_max = std::chrono::minutes(1)};

class TranscodedFeedTest : public ::testing::Test {
 protected:
  void Start(const std::string& program, const std::vector<std::string>& arguments) {
    to_->Join(out_);
    feed_ = std::make_unique<TranscodedFeed>(
        source_, to_, transcoders_.Take().value(),
        pictures::Transcode::Options{
            .program = program, .arguments = arguments, .answer_timeout = milliseconds(2'000)});
  }
  void Start() { Start(YAGURA_PROGRAM, {"decode", "--video"}); }

  AccessUnit Unit(const VideoLoop& loop, std::size_t i, std::uint32_t timeline = 1) const {
    const VideoLoop::Frame& frame = loop.frames.at(i);
    AccessUnit unit;
    unit.data = frame.data;
    unit.pts = {frame.pts_90k};
    unit.dts = {frame.dts_90k};
    unit.keyframe = frame.keyframe;
    unit.wall = begun_ + Between({0}, unit.pts);
    unit.format = loop.format;
    unit.timeline = timeline;
    return unit;
  }
  void Send(const VideoLoop& loop, std::uint32_t timeline = 1) {
    for (std::size_t i = 0; i < loop.frames.size(); ++i) source_->Push(Unit(loop, i, timeline));
  }
  /// So many that come out, or fewer where they don't within ten seconds.
  std::vector<AccessUnit> Receive(std::size_t count) {
    std::vector<AccessUnit> units;
    for (int i = 0; i < 2'000 && units.size() < count; ++i) {
      while (auto unit = out_->Take()) units.push_back(*std::move(unit));
      std::this_thread::sleep_for(milliseconds(5));
    }
    return units;
  }

  SystemClock clock_;
  const WallTime begun_ = std::chrono::floor<microseconds>(clock_.Now());
  Transcoders transcoders_{{.worker = {}, .at_once_max = 1}, clock_};
  std::shared_ptr<ViewerQueue> source_ = std::make_shared<ViewerQueue>(kWide, clock_);
  std::shared_ptr<ViewerQueue> out_ = std::make_shared<ViewerQueue>(kWide, clock_);
  std::shared_ptr<LiveFeed> to_ = std::make_shared<LiveFeed>(clock_, LiveFeed::Held());
  std::unique_ptr<TranscodedFeed> feed_;
};

TEST_F(TranscodedFeedTest, FramesComeOutAsH264AtTheirOwnInstants) {
  const auto loop = MakeVideoLoop({.fps = 10, .seconds = 3, .codec = Codec::kH265});
  Start();
  Send(loop);
  const auto units = Receive(loop.frames.size());
  ASSERT_THAT(units, SizeIs(loop.frames.size()));
  EXPECT_TRUE(units.front().keyframe);
  for (std::size_t i = 0; i < units.size(); ++i) {
    EXPECT_EQ(units[i].format->codec, Codec::kH264);
    EXPECT_EQ(units[i].pts.ticks_90k, loop.frames[i].pts_90k);
    EXPECT_EQ(units[i].wall, begun_ + Between({0}, units[i].pts));
  }
}

TEST_F(TranscodedFeedTest, WhatIsH264GoesThroughAsItIs) {
  const auto loop = MakeVideoLoop({.fps = 10, .seconds = 1});
  Start("/bin/false", {});
  Send(loop);
  const auto units = Receive(loop.frames.size());
  ASSERT_THAT(units, SizeIs(loop.frames.size()));
  EXPECT_EQ(Sha256Hex(units[3].data), Sha256Hex(loop.frames[3].data));
}

TEST_F(TranscodedFeedTest, AnotherFormatOrTimelineBeginsWithAKeyframe) {
  const auto first = MakeVideoLoop({.fps = 10, .seconds = 1, .codec = Codec::kH265});
  const auto other =
      MakeVideoLoop({.fps = 10, .seconds = 1, .size = "160x90", .codec = Codec::kJpeg});
  Start();
  Send(first);
  Send(first, 2);
  Send(other, 2);
  const auto units = Receive(30);
  ASSERT_THAT(units, SizeIs(30));
  EXPECT_TRUE(units[10].keyframe);
  EXPECT_EQ(units[10].timeline, 2U);
  EXPECT_TRUE(units[20].keyframe);
  EXPECT_EQ(units[20].format->width_px, 160U);
}

TEST_F(TranscodedFeedTest, AWorkerThatDiesIsReplacedAtTheNextKeyframe) {
  const auto loop =
      MakeVideoLoop({.fps = 10, .seconds = 4, .gop_frames = 20, .codec = Codec::kH265});
  const std::string once = ::testing::TempDir() + "transcoded-feed-died";
  std::remove(once.c_str());
  // The first one dies of its first order, the second one works.
  Start("/bin/sh", {"-c", "[ -e " + once + " ] || { : > " + once + "; exit 1; }; exec " +
                              YAGURA_PROGRAM + " decode --video"});
  Send(loop);
  const auto units = Receive(20);
  std::remove(once.c_str());
  ASSERT_THAT(units, SizeIs(20));
  EXPECT_TRUE(units.front().keyframe);
  EXPECT_EQ(units.front().pts.ticks_90k, loop.frames[20].pts_90k);
}

TEST_F(TranscodedFeedTest, TheOneTooManyIsRefusedAndAPlaceIsFreeAgainWhenNobodyWatches) {
  LiveFeeds feeds({.socket_path = "/nowhere/live.socket"}, transcoders_, clock_);
  const WatchedStream first{{NewId<CameraId>(), Stream::kMain}, Coding::kH264};
  const WatchedStream second{{NewId<CameraId>(), Stream::kMain}, Coding::kH264};
  const auto other = std::make_shared<ViewerQueue>(kWide, clock_);
  ASSERT_TRUE(feeds.Join(first, source_).has_value());
  EXPECT_TRUE(feeds.Join(first, out_).has_value()) << "one place for all who watch it";
  const auto refused = feeds.Join(second, other);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::kResourceExhausted);
  EXPECT_TRUE(feeds.Join({second.of, Coding::kAsSent}, other).has_value()) << "as it is sent";
  feeds.Leave({second.of, Coding::kAsSent}, other);
  feeds.Leave(first, source_);
  EXPECT_FALSE(feeds.Join(second, other).has_value());
  feeds.Leave(first, out_);
  feeds.EndUnused(std::chrono::seconds(15), std::chrono::seconds(20));
  EXPECT_TRUE(feeds.Join(second, other).has_value());
  feeds.Leave(second, other);
}

}  // namespace
}  // namespace yagura::api
