#include <gmock/gmock.h>

#include "api/media/live_body.h"
#include "api/media/live_feed.h"
#include "api/media/live_muxer.h"
#include "api/media/viewer_queue.h"
#include "storage/fragment.h"
#include "storage/mp4_boxes.h"
#include "tests/storage/live_units.h"
#include "tests/support/fake_clock.h"

namespace yagura::api {
namespace {

using ::testing::ElementsAre;
using testing::FakeClock;
using testing::LiveUnits;

/// The frames that a viewer takes, by their first byte.
std::vector<int> TakeAll(ViewerQueue& queue) {
  std::vector<int> taken;
  while (const auto unit = queue.Take()) taken.push_back(unit->data.data()[0]);
  return taken;
}

constexpr milliseconds kNeverLate = std::chrono::hours(1);

TEST(ViewerQueueTest, BeginsAtAKeyframe) {
  const FakeClock clock;
  ViewerQueue queue({10'000, kNeverLate}, clock);
  LiveUnits units(100, 4);
  for (int i = 0; i < 3; ++i) (void)units.Next();
  for (int i = 0; i < 3; ++i) queue.Push(units.Next());
  EXPECT_THAT(TakeAll(queue), ElementsAre(5, 6));
}

TEST(ViewerQueueTest, AViewerThatTakesTooLittleGoesOnAtTheNextKeyframe) {
  const FakeClock clock;
  ViewerQueue queue({450, kNeverLate}, clock);
  LiveUnits units(100, 4);
  for (int i = 0; i < 10; ++i) queue.Push(units.Next());
  EXPECT_THAT(TakeAll(queue), ElementsAre(9, 10));
  EXPECT_EQ(queue.drops(), 2U);
}

TEST(ViewerQueueTest, WhatNeedsMoreThanItsBoundWaitsForAKeyframeThatFits) {
  const FakeClock clock;
  ViewerQueue queue({350, kNeverLate}, clock);
  LiveUnits units(100, 4);
  for (int i = 0; i < 4; ++i) queue.Push(units.Next());
  EXPECT_THAT(TakeAll(queue), ElementsAre());
  for (int i = 0; i < 2; ++i) queue.Push(units.Next());
  EXPECT_THAT(TakeAll(queue), ElementsAre(5, 6));
}

/// Frames come each 100 ms; nobody takes them.
TEST(ViewerQueueTest, WhatWaitedTooLongGoesWithItsGopOnceANewerKeyframeIsThere) {
  FakeClock clock;
  ViewerQueue queue({10'000, milliseconds(500)}, clock);
  LiveUnits units(100, 4);
  const auto come = [&](int frames) {
    for (int i = 0; i < frames; ++i, clock.Advance(milliseconds(100))) queue.Push(units.Next());
  };
  come(6);  // the first is just 500 ms old
  EXPECT_EQ(queue.drops(), 0U);
  come(1);
  EXPECT_EQ(queue.drops(), 1U);
  come(4);  // the fifth is 600 ms old, the ninth came 200 ms ago
  EXPECT_THAT(TakeAll(queue), ElementsAre(9, 10, 11));
  EXPECT_EQ(queue.drops(), 2U);
}

TEST(ViewerQueueTest, AGopLongerThanTheWaitStaysWhole) {
  FakeClock clock;
  ViewerQueue queue({10'000, milliseconds(500)}, clock);
  LiveUnits units(100, 20);
  for (int i = 0; i < 12; ++i, clock.Advance(milliseconds(100))) queue.Push(units.Next());
  EXPECT_EQ(TakeAll(queue).size(), 12U);
}

TEST(LiveFeedTest, GopsOfAllFeedsTogetherAreBounded) {
  const FakeClock clock;
  const LiveFeed::Held held;
  *held.gops = storage::GopLimits().all_bytes_max - 150;
  LiveFeed feed(clock, held);
  LiveFeed other(clock, held);
  LiveUnits units(100, 1);
  feed.OnAccessUnit(units.Next());
  other.OnAccessUnit(units.Next());
  const auto held_by = [&](LiveFeed& one) {
    const auto queue =
        std::make_shared<ViewerQueue>(ViewerQueue::Bounds{10'000, kNeverLate}, clock);
    one.Join(queue);
    return TakeAll(*queue).size();
  };
  EXPECT_EQ(held_by(feed), 1U);
  EXPECT_EQ(held_by(other), 0U);
}

TEST(ViewerQueueTest, TellsOnceThatSomethingWaits) {
  const FakeClock clock;
  ViewerQueue queue({10'000, kNeverLate}, clock);
  int wakes = 0;
  queue.OnReady([&] { ++wakes; });
  LiveUnits units;
  for (int i = 0; i < 3; ++i) queue.Push(units.Next());
  EXPECT_EQ(wakes, 1);
  EXPECT_EQ(TakeAll(queue).size(), 3U);
  queue.Push(units.Next());
  EXPECT_EQ(wakes, 2);
  queue.OnReady({});
  queue.End();
  EXPECT_EQ(wakes, 2);
}

/// What one frame's head says: its moof, and whether a header came before it.
struct Head {
  bool with_header = false;
  storage::ParsedMoof moof;
};
Head Read(const std::string& text) {
  storage::ByteView rest(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  Head head;
  while (!rest.empty()) {
    const auto box = storage::ReadBoxHeader(rest);
    EXPECT_TRUE(box.has_value());
    if (!box.has_value() || box->type == storage::FourCc("mdat")) break;
    if (box->type == storage::FourCc("moov")) head.with_header = true;
    if (box->type == storage::FourCc("moof"))
      head.moof = *storage::ParseMoof(rest.first(box->size_bytes));
    rest = rest.subspan(box->size_bytes);
  }
  return head;
}

TEST(LiveMuxerTest, MakesAFragmentOfEachFrameFromZeroOn) {
  LiveMuxer muxer;
  LiveUnits units;
  std::vector<std::int64_t> times;
  for (std::uint32_t i = 1; i <= 3; ++i) {
    const Head head = Read(muxer.HeadOf(units.Next()));
    EXPECT_EQ(head.with_header, i == 1);
    EXPECT_EQ(head.moof.sequence, i);
    ASSERT_EQ(head.moof.samples.size(), 1U);
    EXPECT_EQ(head.moof.samples[0].size_bytes, 100U);
    EXPECT_EQ(head.moof.samples[0].keyframe, i == 1);
    times.push_back(head.moof.first_dts.ticks_90k);
  }
  EXPECT_THAT(times, ElementsAre(0, 9'000, 18'000));
}

TEST(LiveMuxerTest, ANewTimelineGoesOnByTheTimeThatPassed) {
  LiveMuxer muxer;
  LiveUnits units;
  (void)muxer.HeadOf(units.Next());
  AccessUnit again = LiveUnits().Next();
  again.timeline = 2;
  again.wall += std::chrono::seconds(5);
  again.format = units.format;
  EXPECT_EQ(Read(muxer.HeadOf(again)).moof.first_dts.ticks_90k, 450'000);
}

TEST(LiveMuxerTest, AnotherFormatNeedsAnotherHeader) {
  LiveMuxer muxer;
  LiveUnits units;
  (void)muxer.HeadOf(units.Next());
  AccessUnit next = units.Next();
  next.format = LiveUnits::Format(1280);  // the same, told again
  EXPECT_TRUE(muxer.Fits(next));
  next.format = LiveUnits::Format(640);
  EXPECT_FALSE(muxer.Fits(next));
}

class ScriptedSource final : public LiveSource {
 public:
  explicit ScriptedSource(std::vector<Taken> script) : script_(std::move(script)) {}
  Taken Take() override {
    if (next_ == script_.size()) return {State::kEnd, {}, {}};
    return script_[next_++];
  }
  void OnReady(std::function<void()>) override {}
  bool is_cut() const override { return false; }

 private:
  std::vector<Taken> script_;
  std::size_t next_ = 0;
};

LiveSource::Taken PieceOf(const std::string& head, const std::string& bytes) {
  return {LiveSource::State::kPiece, head,
          SharedBytes::CopyOf({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()})};
}
/// All that is sent until it waits or ends.
std::string SentBy(LiveBody& body) {
  std::string sent;
  while (true) {
    const LiveBody::Step step = body.Proceed();
    if (step.next == LiveBody::Next::kAnswerElse) return sent + "(another answer)";
    if (step.next == LiveBody::Next::kWait) sent += "|";
    sent += step.before + std::string(step.bytes.bytes().begin(), step.bytes.bytes().end()) +
            step.after;
    if (step.next == LiveBody::Next::kFinish) return sent;
  }
}

TEST(LiveBodyTest, SendsTheHeadWithTheFirstPieceAndAChunkForEach) {
  const std::vector<LiveSource::Taken> script = {
      {LiveSource::State::kWait, {}, {}}, PieceOf("ab", "0123456789"), PieceOf("", "c")};
  LiveBody chunked(std::make_shared<ScriptedSource>(script), "HEAD\r\n", Endless::kChunked);
  EXPECT_EQ(SentBy(chunked), "|HEAD\r\nc\r\nab0123456789\r\n1\r\nc\r\n0\r\n\r\n");
  LiveBody plain(std::make_shared<ScriptedSource>(script), "HEAD\r\n", Endless::kUntilClose);
  EXPECT_EQ(SentBy(plain), "|HEAD\r\nab0123456789c");
}

TEST(LiveBodyTest, WhereNothingEverCameThereIsAnotherAnswer) {
  LiveBody body(std::make_shared<ScriptedSource>(std::vector<LiveSource::Taken>()), "HEAD\r\n",
                Endless::kChunked);
  EXPECT_EQ(SentBy(body), "(another answer)");
}

}  // namespace
}  // namespace yagura::api
