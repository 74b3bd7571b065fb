#include <gmock/gmock.h>

#include "tests/ingest/video_track_fixture.h"

// What a camera may not do to the others, or to the truth.
namespace yagura::ingest {
namespace {

using ::testing::SizeIs;

TEST_F(VideoTrackTest, ACameraCannotDateItsFootageAhead) {
  SendIdr();
  int shown = 0;
  for (int i = 0; i < 500; ++i) SendFrame(shown += i < 3 ? 9 : 45);  // up to 4.5 s each 0.1 s
  const auto units = sink_.units();
  ASSERT_THAT(units, SizeIs(501)) << "none is lost";
  for (std::size_t i = 1; i < units.size(); ++i) {
    ASSERT_GT(units[i].dts, units[i - 1].dts);
    ASSERT_LT(units[i].wall, Sent(static_cast<int>(i)) + 20s);
  }
}

TEST_F(VideoTrackTest, ACameraCannotDateItsFootageBack) {
  sps_.reorder_frames = 1;
  SendIdr();
  for (int i = 0; i < 500; ++i) SendFrame(100'000 - i * 19);
  const auto units = sink_.units();
  ASSERT_THAT(units, SizeIs(501));
  for (std::size_t i = 0; i < units.size(); ++i)
    ASSERT_GT(units[i].wall, Sent(static_cast<int>(i)) - 20s);
}

TEST_F(VideoTrackTest, AStreamThatKeepsBeginningNewRunsEndsTheSession) {
  for (int i = 0; i < 200 && !track_->failure(); ++i) {
    sps_.width_mbs = i % 2 == 0 ? 60 : 120;
    SendIdr();
  }
  ASSERT_TRUE(track_->failure());
  EXPECT_EQ(track_->failure()->reason, GapReason::kProtocolError);
  EXPECT_LT(sink_.units().size(), 100u);
}

TEST_F(VideoTrackTest, AStreamThatIsDamagedInEveryGopIsRecordedAsFarAsItGoes) {
  for (int i = 0; i < 500; ++i) {  // a GOP of half a second
    SendIdr();
    SendFrame();
    rtp_.Skip(1);
    for (int k = 0; k < 3; ++k) SendFrame();
  }
  EXPECT_FALSE(track_->failure());
  EXPECT_THAT(sink_.units(), SizeIs(1'000));
}

}  // namespace
}  // namespace yagura::ingest
