#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/footage_world.h"
#include "tests/api/judged_picture.h"

// frame.jpg over the real listener, decoded by a real worker, judged by ffmpeg.
namespace yagura::api {
namespace {

using ::testing::HasSubstr;

std::string Frame(CameraId camera, WallTime at) {
  return "/v1/cameras/" + ToString(camera) + "/frame.jpg?at=" + FormatRfc3339(at);
}

struct InstantCase {
  const char* camera;
  double at;
  friend void PrintTo(const InstantCase& one, std::ostream* out) {
    *out << one.camera << " " << one.at;
  }
};
class FrameTest : public FootageTest, public ::testing::WithParamInterface<InstantCase> {};

TEST_P(FrameTest, IsThePicturePresentedAtTheInstant) {
  const auto& [name, at] = GetParam();
  const CameraId camera = world().cameras.at(name);
  const std::string token = world().TokenOf(world().office.head(0));
  const auto answer = served().Ask(Frame(camera, At(at)), token);
  ASSERT_EQ(answer.status, 200) << answer.body.substr(0, 300);
  EXPECT_EQ(answer.field("Content-Type"), "image/jpeg");

  std::vector<WallTime> walls;
  for (const auto& sent : world().office.sent(camera)) walls.push_back(sent.wall);
  std::sort(walls.begin(), walls.end());
  const auto next = std::upper_bound(walls.begin(), walls.end(), At(at) + milliseconds(1));
  ASSERT_GT(next - walls.begin(), 2);
  const WallTime instant = *ParseRfc3339(answer.field("X-Yagura-Instant"));
  EXPECT_LT(std::chrono::abs(instant - *(next - 1)), milliseconds(2));

  // It is more like that frame of video.mp4 than like the one before or after.
  const auto picture = Brightness(Keep(answer.body));
  std::vector<double> differences;
  for (auto frame = next - 2; frame <= next; ++frame) {
    const auto video =
        served().Ask(Video(camera, *frame - milliseconds(10), *frame + milliseconds(10)), token);
    ASSERT_EQ(video.status, 200);
    differences.push_back(Difference(picture, Brightness(Keep(video.body))));
  }
  EXPECT_LT(differences[1], differences[0]);
  EXPECT_LT(differences[1], differences[2]);
}

INSTANTIATE_TEST_SUITE_P(
    All, FrameTest,
    ::testing::Values(InstantCase{"gop2", 55.03}, InstantCase{"gop2", 60.01},
                      InstantCase{"bframes", 57.13}, InstantCase{"bframes", 59.95},
                      InstantCase{"gop10", 125.07}, InstantCase{"gop300", 200.11},
                      InstantCase{"h265", 55.03}, InstantCase{"h265_bframes", 59.95}));

TEST_F(FootageTest, APictureThatMayNotBeSeenIsNoFootage) {
  const auto ask = [&](PersonId person, CameraId camera, WallTime at) {
    return served().Ask(Frame(camera, at), world().TokenOf(person));
  };
  const auto& office = world().office;
  EXPECT_EQ(ask(office.head(1), world().moved, At(90)).status, 200);
  EXPECT_EQ(ask(office.head(2), world().moved, At(110)).status, 200);
  const auto missing = ask(office.head(1), world().moved, At(-500));
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.body, HasSubstr("no_footage"));
  EXPECT_EQ(ask(office.head(1), world().moved, At(110)).comparable(), missing.comparable());
  EXPECT_EQ(ask(office.head(2), world().moved, At(90)).comparable(), missing.comparable());
  EXPECT_EQ(ask(office.head(0), world().broken, At(95)).comparable(), missing.comparable());
  EXPECT_EQ(ask(office.operations(), world().plain, At(90)).status, 403);
}

TEST_F(FootageTest, APictureIsAViewingThatTellsItsInstant) {
  const auto& office = world().office;
  const std::string token = world().TokenOf(office.crisis_desk());
  const std::string of_it = " FROM viewing WHERE action = 'footage.play' AND person_id = '" +
                            ToString(office.crisis_desk()) + "' AND camera_id = '" +
                            ToString(world().cameras.at("gop05")) + "'";
  const std::string path = Frame(world().cameras.at("gop05"), At(70));
  EXPECT_EQ(served().Ask(path, token, {}, "HEAD").status, 200);
  EXPECT_EQ(world().office.Column("SELECT count(*)" + of_it).at(0), "0");
  EXPECT_EQ(served().Ask(path, token).status, 200);
  EXPECT_EQ(served().Ask(path, token).status, 200);
  EXPECT_EQ(world().office.Column("SELECT count(*)" + of_it).at(0), "1") << "it goes on";
  EXPECT_EQ(
      served().Ask("/v1/cameras/" + ToString(world().plain) + "/frame.jpg?at=noon", token).status,
      400);
}

TEST_F(FootageTest, WhoAsksForManyPicturesOfThePastKeepsNobodyFromTheirs) {
  const std::string path = Frame(world().plain, At(70));
  const std::string token = world().TokenOf(world().office.head(0));
  const auto is_refused = [](const std::string& answer) {
    return answer.find("too many ask") != std::string::npos;
  };
  bool one_refused = false;
  for (int attempt = 0; attempt < 3 && !one_refused; ++attempt) {  // the machine may stand still
    ASSERT_EQ(served().Ask(path, token).status, 200) << "which leaves a worker behind";
    StopDecoding();
    RawClient first(served().media_port());
    first.Send("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token +
               "\r\n\r\n");
    const Answer second = served().Ask(path, token);
    const Answer other =
        served().Ask(Frame(world().moved, At(70)), world().TokenOf(world().office.head(1)));
    EXPECT_FALSE(is_refused(other.body));
    one_refused = is_refused(second.body) != is_refused(first.ReadResponse(false, seconds(30)));
  }
  ResumeDecoding();
  EXPECT_TRUE(one_refused);
}

}  // namespace
}  // namespace yagura::api
