#include "fleet/camera.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/effect.h"

namespace yagura::fleet {
namespace {

TEST(CameraUrlTest, TakesWhatTheRecorderCanAskFor) {
  for (const auto* url :
       {"rtsp://127.0.0.1:8554/camera/7", "rtsp://camera-7.example/", "rtsp://camera",
        "rtsp://[2001:db8::7]:554/Streaming/Channels/101?x=1", "rtsp://[::1]/a"}) {
    EXPECT_TRUE(CheckCameraUrl(url).has_value()) << url;
  }
}

TEST(CameraUrlTest, RefusesTheRestWithoutRepeatingIt) {
  for (const auto* url :
       {"", "http://camera/", "rtsp://", "rtsp:///path", "rtsp://user:secret@camera/",
        "rtsp://camera:0/", "rtsp://camera:99999/", "rtsp://camera:/", "rtsp://[::1/",
        "rtsp://camera/a b", "rtsp://camera/\r\nTEARDOWN", "rtsp://camera/\xe3\x82\xab"}) {
    const auto checked = CheckCameraUrl(url);
    ASSERT_FALSE(checked.has_value()) << url;
    EXPECT_EQ(checked.error().message().find("secret"), std::string::npos);
  }
  EXPECT_FALSE(CheckCameraUrl("rtsp://camera/" + std::string(kCameraUrlSizeMax, 'a')).has_value());
}

TEST(CameraStateTest, HasANameForEachState) {
  for (const auto state :
       {CameraState::kPlanned, CameraState::kStaged, CameraState::kAccepted,
        CameraState::kInService, CameraState::kSuspended, CameraState::kRetired}) {
    EXPECT_EQ(ParseCameraState(ToString(state)), state);
  }
  EXPECT_EQ(ParseCameraState("broken"), std::nullopt);
}

TEST(EffectTest, IsFiveSecondsAwayAtLeast) {
  const auto now = ParseRfc3339("2027-06-15T05:03:22Z").value();
  EXPECT_TRUE(CheckEffect(now, now + std::chrono::seconds(5)).has_value());
  EXPECT_EQ(CheckEffect(now, now + std::chrono::milliseconds(4999)).error().message(),
            "a change at 2027-06-15T05:03:26.999000Z is too early; the earliest instant is "
            "2027-06-15T05:03:27.000000Z");
}

TEST(EffectTest, IsGivenUpWhereEnteringItTookTooLong) {
  const auto at = ParseRfc3339("2027-06-15T05:03:27Z").value();
  EXPECT_TRUE(CheckStillInTime(at - kNoticeTime, at).has_value());
  EXPECT_EQ(CheckStillInTime(at - std::chrono::seconds(1), at).error().code(), ErrorCode::kAborted);
}

}  // namespace
}  // namespace yagura::fleet
