// thumbnail.jpg over the real listener, made by a real worker: which picture it is, who gets it,
// and what is on record of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/footage_world.h"
#include "tests/api/judged_picture.h"

namespace yagura::api {
namespace {

using ::testing::HasSubstr;

std::string Picture(const char* which, CameraId camera, WallTime at) {
  return "/v1/cameras/" + ToString(camera) + "/" + which + "?at=" + FormatRfc3339(at);
}
std::string Thumbnail(CameraId camera, WallTime at) { return Picture("thumbnail.jpg", camera, at); }

struct ThumbnailCase {
  const char* camera;
  double at;
  double gop_s;  // of keyframes that fragments begin with
  friend void PrintTo(const ThumbnailCase& one, std::ostream* out) {
    *out << one.camera << " " << one.at;
  }
};
class ThumbnailTest : public FootageTest, public ::testing::WithParamInterface<ThumbnailCase> {};

TEST_P(ThumbnailTest, IsTheKeyframeBeforeTheInstant) {
  const auto& [name, at, gop_s] = GetParam();
  const CameraId camera = world().cameras.at(name);
  const std::string token = world().TokenOf(world().office.head(0));
  const auto small = served().Ask(Thumbnail(camera, At(at)), token);
  ASSERT_EQ(small.status, 200) << small.body.substr(0, 300);
  EXPECT_EQ(small.field("Content-Type"), "image/jpeg");
  const WallTime instant = *ParseRfc3339(small.field("X-Yagura-Instant"));
  EXPECT_LE(instant, At(at) + milliseconds(1));
  EXPECT_GT(instant, At(at - gop_s) - milliseconds(1));

  const auto judged = Brightness(Keep(small.body));
  const auto whole = served().Ask(Picture("frame.jpg", camera, instant + milliseconds(10)), token);
  ASSERT_EQ(whole.status, 200);
  const double difference = Difference(judged, Brightness(Keep(whole.body)));
  EXPECT_LT(difference / static_cast<double>(judged.size()), 6);
  const auto other =
      served().Ask(Picture("frame.jpg", camera, instant + std::chrono::seconds(1)), token);
  ASSERT_EQ(other.status, 200);
  EXPECT_LT(difference, Difference(judged, Brightness(Keep(other.body))));
}

INSTANTIATE_TEST_SUITE_P(
    All, ThumbnailTest,
    ::testing::Values(ThumbnailCase{"gop2", 55.03, 2}, ThumbnailCase{"gop2", 60.01, 2},
                      ThumbnailCase{"bframes", 59.95, 4}, ThumbnailCase{"gop10", 125.07, 10},
                      ThumbnailCase{"gop300", 200.11, 300}, ThumbnailCase{"h265", 55.03, 2}));

TEST_F(FootageTest, AThumbnailThatMayNotBeSeenIsNoFootageThoughAnotherHasJustSeenIt) {
  const auto ask = [&](PersonId person, CameraId camera, WallTime at) {
    return served().Ask(Thumbnail(camera, at), world().TokenOf(person));
  };
  const auto& office = world().office;
  const auto missing = ask(office.head(1), world().moved, At(-500));
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.body, HasSubstr("no_footage"));
  EXPECT_EQ(ask(office.head(1), world().moved, At(90)).status, 200);
  EXPECT_EQ(ask(office.head(2), world().moved, At(90)).comparable(), missing.comparable());
  EXPECT_EQ(ask(office.head(2), world().moved, At(110)).status, 200);
  EXPECT_EQ(ask(office.head(1), world().moved, At(110)).comparable(), missing.comparable());
  EXPECT_EQ(ask(office.head(0), world().broken, At(95)).comparable(), missing.comparable());
  EXPECT_EQ(ask(office.operations(), world().plain, At(90)).status, 403);
  const std::string token = world().TokenOf(office.head(1));
  const auto nowhere = served().Ask("/v1/cameras/x/thumbnail.jpg?at=noon", token);
  EXPECT_EQ(ask(office.head(1), world().plain, At(90)).comparable(), nowhere.comparable());
}

TEST_F(FootageTest, AThumbnailKeptFromBeforeIsDecidedAndRecordedAsItsFirst) {
  const CameraId camera = world().cameras.at("h265_bframes");
  const auto& office = world().office;
  const std::string path = Thumbnail(camera, At(75));
  const auto first = served().Ask(path, world().TokenOf(office.head(0)));
  ASSERT_EQ(first.status, 200);
  StopDecoding();
  const std::string viewings = "SELECT count(*) FROM viewing WHERE action = 'footage.play' AND " +
                               ("person_id = '" + ToString(office.crisis_desk())) +
                               "' AND camera_id = '" + ToString(camera) + "'";
  const auto kept = served().Ask(path, world().TokenOf(office.crisis_desk()));
  ResumeDecoding();
  EXPECT_EQ(kept.status, 200);
  EXPECT_EQ(kept.body, first.body);
  EXPECT_EQ(world().office.Column(viewings).at(0), "1");
  EXPECT_EQ(served().Ask(path, world().TokenOf(office.head(0)), {}, "HEAD").body, "");
}

}  // namespace
}  // namespace yagura::api
