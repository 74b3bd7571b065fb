#include "storage/live_channel.h"

#include <gmock/gmock.h>

#include <cstring>

#include "storage/bytes.h"
#include "tests/storage/fake_stream.h"
#include "tests/storage/live_units.h"

namespace yagura::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::LiveUnits;

std::shared_ptr<const std::uint8_t[]> CopyOf(std::span<const std::uint8_t> bytes) {
  const std::shared_ptr<std::uint8_t[]> copy(new std::uint8_t[bytes.size()]);
  std::memcpy(copy.get(), bytes.data(), bytes.size());
  return copy;
}

/// What a subscriber reads: "format 1280", "key 1", "unit 2", "end 3" (the frame's first byte).
std::vector<std::string> Read(LiveQueue& queue) {
  std::vector<std::uint8_t> wire;
  for (const LiveQueue::Part& part : queue.Take())
    wire.insert(wire.end(), part.bytes().begin(), part.bytes().end());
  std::vector<std::string> read;
  for (ByteReader in(wire); in.remaining() > 0;) {
    const std::uint32_t size_bytes = in.U32();
    const auto message = ParseLiveMessage(CopyOf(in.Bytes(size_bytes)), size_bytes);
    EXPECT_TRUE(message.has_value());
    if (!message.has_value()) break;
    if (const auto* const format = std::get_if<StreamFormat>(&*message))
      read.push_back("format " + std::to_string(format->width_px));
    if (const auto* const unit = std::get_if<AccessUnit>(&*message))
      read.push_back((unit->keyframe ? "key " : "unit ") + std::to_string(unit->data.data()[0]));
    if (const auto* const end = std::get_if<LiveEnd>(&*message))
      read.push_back("end " + std::to_string(static_cast<int>(*end)));
  }
  return read;
}

class LiveChannelTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kQueueBytesMax = 10'000;
  std::shared_ptr<LiveQueue> NewQueue() { return std::make_shared<LiveQueue>(kQueueBytesMax); }
  void Send(int frames) {
    for (int i = 0; i < frames; ++i) channel_.OnAccessUnit(units_.Next());
  }

  HeldBytes held_ = std::make_shared<std::atomic<std::uint64_t>>(0);
  int wakes_ = 0;
  LiveChannel channel_{{.one_bytes_max = 2'000, .all_bytes_max = 4'000}, held_, [&] { ++wakes_; }};
  LiveUnits units_{100, 4};
};

TEST_F(LiveChannelTest, BeginsWithTheNewestKeyframeAndItsFormat) {
  Send(6);
  const auto queue = NewQueue();
  ASSERT_TRUE(channel_.Join(queue));
  Send(1);
  EXPECT_THAT(Read(*queue), ElementsAre("format 1280", "key 5", "unit 6", "unit 7"));
  EXPECT_EQ(wakes_, 1);
}

TEST_F(LiveChannelTest, TellsAChangedFormatBeforeItsFirstFrame) {
  const auto queue = NewQueue();
  ASSERT_TRUE(channel_.Join(queue));
  Send(4);
  units_.format = LiveUnits::Format(640);
  Send(2);
  EXPECT_THAT(Read(*queue), ElementsAre("format 1280", "key 1", "unit 2", "unit 3", "unit 4",
                                        "format 640", "key 5", "unit 6"));
}

TEST_F(LiveChannelTest, APictureFromBeforeAnInterruptionIsNotTheNewest) {
  Send(2);
  channel_.OnInterruption(GapReason::kCameraSilent, {});
  const auto queue = NewQueue();
  ASSERT_TRUE(channel_.Join(queue));
  Send(3);
  EXPECT_THAT(Read(*queue), ElementsAre("format 1280", "key 5"));
}

TEST_F(LiveChannelTest, HoldsNothingOverItsLimitAndBeginsAnewAtTheNextKeyframe) {
  LiveUnits large(1'500, 2);
  channel_.OnAccessUnit(large.Next());
  EXPECT_EQ(*held_, 1'500u);
  channel_.OnAccessUnit(large.Next());
  EXPECT_EQ(*held_, 0u);
  const auto queue = NewQueue();
  ASSERT_TRUE(channel_.Join(queue));
  channel_.OnAccessUnit(large.Next());
  EXPECT_THAT(Read(*queue), ElementsAre("format 1280", "key 3"));
}

TEST_F(LiveChannelTest, OverflowsASlowSubscriberAndNoOther) {
  const auto slow = NewQueue();
  const auto quick = NewQueue();
  ASSERT_TRUE(channel_.Join(slow));
  ASSERT_TRUE(channel_.Join(quick));
  for (int i = 0; i < 200; ++i) {
    Send(1);
    for (const auto& part : quick->Take()) quick->OnSent(part.bytes().size());
  }
  EXPECT_TRUE(slow->overflowed());
  EXPECT_THAT(slow->Take(), IsEmpty());
  EXPECT_FALSE(quick->overflowed());
}

TEST_F(LiveChannelTest, TellsItsEndAndTakesNobodyAfterwards) {
  const auto queue = NewQueue();
  ASSERT_TRUE(channel_.Join(queue));
  channel_.End();
  EXPECT_THAT(Read(*queue), ElementsAre("end 3"));
  EXPECT_FALSE(channel_.Join(NewQueue()));
}

TEST(LiveMessageTest, ReadsTheRequestThatItWrites) {
  const LiveRequest request{NewId<CameraId>(), Stream::kSub};
  const auto bytes = EncodeLiveRequest(request);
  ASSERT_EQ(bytes.size(), kLiveRequestBytes);
  EXPECT_EQ(*ParseLiveRequest(bytes), request);
}

TEST(LiveMessageTest, RefusesAnotherVersionAndAnUnknownStream) {
  auto bytes = EncodeLiveRequest({NewId<CameraId>(), Stream::kMain});
  bytes[4] = 2;
  EXPECT_FALSE(ParseLiveRequest(bytes).has_value());
  bytes[4] = 0;
  bytes[3] = '2';
  EXPECT_FALSE(ParseLiveRequest(bytes).has_value());
}

TEST(LiveMessageTest, FormatsOfEachCodecComeBackAndRefusesWhatIsCutShort) {
  for (const StreamFormat& format :
       {*LiveUnits::Format(640), testing::H265Format(), testing::JpegFormat()}) {
    const auto wire = EncodeLiveFormat(format);
    const auto body = std::span(wire).subspan(kLiveLengthBytes);
    const auto message = ParseLiveMessage(CopyOf(body), body.size());
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(std::get<StreamFormat>(*message), format);
    for (std::size_t size = 0; size < body.size(); ++size)
      EXPECT_FALSE(ParseLiveMessage(CopyOf(body), size).has_value()) << size;
  }
}

}  // namespace
}  // namespace yagura::storage
