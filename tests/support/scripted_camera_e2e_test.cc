#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/rtsp_watcher.h"
#include "tests/support/scripted_camera.h"

namespace yagura::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(ScriptedCamera, PlaysItsScriptAndAnswersKeepAlives) {
  Script script = AnswersUpToPlay();
  script.push_back(Send(InterleavedRtp(0, 7, 9000, true, "\x65picture")));
  script.push_back(Hold());
  ScriptedCamera camera(script);
  RtspWatcher watcher(camera.port());
  EXPECT_EQ(watcher.Ask("OPTIONS", camera.Url()).status, 200);
  ASSERT_EQ(watcher.Play(camera.Url()), 200);
  EXPECT_EQ(watcher.session(), "42");
  const auto frame = watcher.NextFrame();
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->rtp_time, 9000u);
  EXPECT_EQ(watcher.Ask("GET_PARAMETER", camera.Url()).status, 200);
  EXPECT_THAT(camera.surprises(), IsEmpty());
}

TEST(ScriptedCamera, GivesEachConnectionItsScriptAndTheLastToAllLaterOnes) {
  ScriptedCamera camera(
      std::vector<Script>{{Answer("DESCRIBE", RtspReplyText("401 Unauthorized"))}, {Close()}});
  EXPECT_EQ(RtspWatcher(camera.port()).Ask("DESCRIBE", camera.Url()).status, 401);
  EXPECT_EQ(RtspWatcher(camera.port()).Ask("DESCRIBE", camera.Url()).status, 0);
  EXPECT_EQ(RtspWatcher(camera.port()).Ask("DESCRIBE", camera.Url()).status, 0);
  EXPECT_TRUE(camera.WaitForEnds(3));
}

TEST(ScriptedCamera, FloodsUntilTheClientGoes) {
  Script script = AnswersUpToPlay();
  script.push_back(SendFragmentsForever());
  ScriptedCamera camera(script);
  {
    RtspWatcher watcher(camera.port());
    ASSERT_EQ(watcher.Play(camera.Url()), 200);
    for (int i = 0; i < 100 && camera.sent_bytes() <= 65536u; ++i)
      EXPECT_FALSE(watcher.NextFrame(milliseconds(200)).has_value());
    EXPECT_EQ(watcher.sequence_breaks(), 0);
  }
  EXPECT_TRUE(camera.WaitForEnds(1));
  EXPECT_GT(camera.sent_bytes(), 65536u);
}

TEST(ScriptedCamera, EndsTheConnectionOnARequestItDoesNotExpect) {
  ScriptedCamera camera(AnswersUpToPlay());
  EXPECT_EQ(RtspWatcher(camera.port()).Ask("TEARDOWN", camera.Url()).status, 0);
  EXPECT_TRUE(camera.WaitForEnds(1));
  EXPECT_THAT(camera.surprises(), ElementsAre(StartsWith("TEARDOWN rtsp://")));
}

}  // namespace
}  // namespace yagura::testing
