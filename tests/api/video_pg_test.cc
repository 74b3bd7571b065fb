#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/json.h"
#include "tests/api/footage_world.h"

// video.mp4 over the real listener, from files that the real recorder wrote and rows in a real
// catalogue, judged by ffprobe and ffmpeg.
namespace yagura::api {
namespace {

using ::testing::HasSubstr;

struct RangeCase {
  const char* camera;
  double from;
  double to;
  friend void PrintTo(const RangeCase& one, std::ostream* out) {
    *out << one.camera << " " << one.from << "-" << one.to;
  }
};
class VideoTest : public FootageTest, public ::testing::WithParamInterface<RangeCase> {};

TEST_P(VideoTest, ShowsExactlyTheFramesOfTheRange) {
  const auto& [name, from, to] = GetParam();
  const CameraId camera = world().cameras.at(name);
  const auto answer =
      served().Ask(Video(camera, At(from), At(to)), world().TokenOf(world().office.head(0)));
  ASSERT_EQ(answer.status, 200) << answer.body.substr(0, 300);
  const auto file = Keep(answer.body);
  const auto expected = SentIn(camera, At(from), At(to));
  EXPECT_GT(expected.size(), 10U);
  EXPECT_TRUE(ShownOf(file) == expected)
      << ShownOf(file).size() << " frames shown, " << expected.size() << " sent";
  EXPECT_EQ(CountShownPictures(file), static_cast<int>(expected.size()));
  EXPECT_EQ(ComplaintsAbout(file), "");
  EXPECT_EQ(ProbeStream(file, "start_time"), "0.000000");
  EXPECT_EQ(answer.field("X-Yagura-Gap-Count"), "0") << answer.field("X-Yagura-Gaps");
}

INSTANTIATE_TEST_SUITE_P(
    All, VideoTest,
    ::testing::Values(RangeCase{"gop2", 52.7, 72.7}, RangeCase{"gop2", 60, 62},
                      RangeCase{"gop2", 61.01, 61.99}, RangeCase{"bframes", 52.7, 72.7},
                      RangeCase{"bframes", 57.13, 60.31}, RangeCase{"bframes", 59.95, 63.05},
                      RangeCase{"gop05", 52.7, 72.7}, RangeCase{"gop10", 52.7, 72.7},
                      RangeCase{"gop10", 119.4, 140.2}, RangeCase{"gop300", 103.3, 123.3},
                      RangeCase{"gop300", 225.5, 245.5}, RangeCase{"gop300", 295.1, 315.1},
                      RangeCase{"h265", 52.7, 72.7}, RangeCase{"h265_bframes", 57.13, 60.31},
                      RangeCase{"h265_bframes", 59.95, 63.05}));

TEST_F(FootageTest, RangesOfBytesAreOfOneFile) {
  const std::string token = world().TokenOf(world().office.head(0));
  const std::string path = Video(world().plain, At(50), At(70));
  const auto whole = served().Ask(path, token);
  ASSERT_EQ(whole.status, 200);
  const std::string size = std::to_string(whole.body.size());
  std::string joined;
  for (std::size_t at = 0; at < whole.body.size(); at += 50'000) {
    const auto part =
        served().Ask(path, token,
                     {"Range: bytes=" + std::to_string(at) + "-" + std::to_string(at + 49'999),
                      "If-Range: " + whole.field("ETag")});
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.field("ETag"), whole.field("ETag"));
    EXPECT_THAT(part.field("Content-Range"), HasSubstr("/" + size));
    joined += part.body;
  }
  EXPECT_TRUE(joined == whole.body);
  EXPECT_EQ(served().Ask(path, token, {"Range: bytes=0-9", "If-Range: \"other\""}).status, 200);
  EXPECT_EQ(served().Ask(path, token, {"Range: bytes=" + size + "-"}).status, 416);
  EXPECT_EQ(served().Ask(path, token, {"If-None-Match: " + whole.field("ETag")}).status, 304);
  EXPECT_TRUE(served().Ask(path, token, {"Range: bytes=-10"}).body ==
              whole.body.substr(whole.body.size() - 10));
  const auto head = served().Ask(path, token, {}, "HEAD");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.field("Content-Length"), size);
  EXPECT_EQ(head.field("ETag"), whole.field("ETag"));
}

TEST_F(FootageTest, GapsAreCollapsedAndListed) {
  const auto answer =
      served().Ask(Video(world().broken, At(80), At(110)), world().TokenOf(world().office.head(0)));
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("X-Yagura-Gap-Count"), "1");
  const std::string gap = answer.field("X-Yagura-Gaps");
  EXPECT_TRUE(IsAbout(gap.substr(0, gap.find('/')), At(90)) &&
              IsAbout(gap.substr(gap.find('/') + 1), At(100)))
      << gap;
  const auto file = Keep(answer.body);
  EXPECT_EQ(ComplaintsAbout(file), "");
  EXPECT_TRUE(ShownOf(file) == SentIn(world().broken, At(80), At(110)));
  EXPECT_NEAR(std::stod(ProbeStream(file, "duration")), 20.0, 0.01);
}

TEST_F(FootageTest, ACodecChangeInsideIsToldWithItsRanges) {
  const std::string token = world().TokenOf(world().office.head(0));
  const auto answer = served().Ask(Video(world().changed, At(80), At(120)), token);
  EXPECT_EQ(answer.status, 409);
  EXPECT_THAT(answer.body, HasSubstr("\"code\":\"range_spans_codec_change\""));
  const auto ranges = Json::Parse(answer.body)->Get("ranges").items();
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_EQ(ranges[0].Get("from").AsString(), FormatRfc3339(At(80)));
  EXPECT_TRUE(IsAbout(*ranges[0].Get("to").AsString(), At(100)) &&
              IsAbout(*ranges[1].Get("from").AsString(), At(100)));
  for (const Json& range : ranges) {
    const std::string path = "/v1/cameras/" + ToString(world().changed) +
                             "/video.mp4?from=" + *range.Get("from").AsString() +
                             "&to=" + *range.Get("to").AsString();
    EXPECT_EQ(served().Ask(path, token).status, 200);
  }
}

TEST_F(FootageTest, MoreThanOneFileHoldsIsToldInRanges) {
  const std::string token = world().TokenOf(world().office.head(0));
  const auto answer = served().Ask(Video(world().broken, At(80), At(80 + 7201)), token);
  EXPECT_EQ(answer.status, 409);
  EXPECT_THAT(answer.body, HasSubstr("\"code\":\"range_too_long\""));
  const auto ranges = Json::Parse(answer.body)->Get("ranges").items();
  ASSERT_EQ(ranges.size(), 1U) << "all that there is of it takes minutes";
  const std::string path = "/v1/cameras/" + ToString(world().broken) +
                           "/video.mp4?from=" + *ranges[0].Get("from").AsString() +
                           "&to=" + *ranges[0].Get("to").AsString();
  const auto file = served().Ask(path, token);
  ASSERT_EQ(file.status, 200);
  EXPECT_TRUE(ShownOf(Keep(file.body)) == SentIn(world().broken, At(80), At(80 + 7200)));
}

TEST_F(FootageTest, EachSeesOnlyItsOwnPieces) {
  const WallTime from = At(91);
  const WallTime to = At(111);
  const auto shown_to = [&](PersonId person) {
    const auto answer = served().Ask(Video(world().moved, from, to), world().TokenOf(person));
    EXPECT_EQ(answer.status, 200) << answer.body.substr(0, 300);
    return ShownOf(Keep(answer.body));
  };
  const auto before = shown_to(world().office.head(1));
  const auto after = shown_to(world().office.head(2));
  auto both = before;
  both.insert(both.end(), after.begin(), after.end());
  EXPECT_TRUE(both == SentIn(world().moved, from, to));
  EXPECT_TRUE(before == SentIn(world().moved, from, At(102)))
      << "the first keyframe after the change is at second 102";
  EXPECT_TRUE(shown_to(world().office.crisis_desk()) == both);
}

TEST_F(FootageTest, ARunRolledBetweenTwoKeyframesHangsOnTheOneBefore) {
  const auto shown = [&](PersonId person, double from, double to) {
    const auto answer =
        served().Ask(Video(world().rolled, At(from), At(to)), world().TokenOf(person));
    EXPECT_EQ(answer.status, 200) << answer.body.substr(0, 300);
    EXPECT_EQ(ComplaintsAbout(Keep(answer.body)), "");
    return ShownOf(Keep(answer.body));
  };
  const PersonId crisis_desk = world().office.crisis_desk();
  EXPECT_TRUE(shown(crisis_desk, 95.3, 131.7) == SentIn(world().rolled, At(95.3), At(131.7)));
  EXPECT_TRUE(shown(crisis_desk, 114.1, 117.9) == SentIn(world().rolled, At(114.1), At(117.9)));
  const auto rolled_at = world().office.Column("SELECT start_at FROM run WHERE camera_id = '" +
                                               ToString(world().rolled) + "' AND unit_id = '" +
                                               ToString(world().office.unit(2)) + "'");
  ASSERT_EQ(rolled_at.size(), 1U);
  EXPECT_TRUE(shown(world().office.head(2), 95, 131) == SentIn(world().rolled, At(120.15), At(131)))
      << "its lead-in is someone else's footage; a keyframe is shown a frame after it is decoded";
  const auto before = shown(world().office.head(1), 95, 131);
  const auto all = SentIn(world().rolled, At(95), At(131));
  ASSERT_LT(before.size(), all.size());
  EXPECT_TRUE(std::equal(before.begin(), before.end(), all.begin())) << rolled_at.at(0);
}

// Where a file failed, the keyframe that a later clip names may lie behind what counts of it, or
// the whole clip may be void: what was not durable went to another clip.
TEST_F(FootageTest, AKeyframeIsFoundThatLiesElsewhereThanItsClipSays) {
  auto& database = world().office.database();
  const CameraId camera = world().cameras.at("gop300");
  const auto set = [&](const std::string& changes) {
    (void)database.Ask("UPDATE clip SET " + changes +
                       " WHERE lead_in_run_id IS NOT NULL AND camera_id = '" + ToString(camera) +
                       "'");
  };
  const auto shown = [&] {
    const auto answer =
        served().Ask(Video(camera, At(225.5), At(245.5)), world().TokenOf(world().office.head(0)));
    EXPECT_EQ(answer.status, 200) << answer.body.substr(0, 300);
    return ShownOf(Keep(answer.body));
  };
  const auto expected = SentIn(camera, At(225.5), At(245.5));
  ASSERT_GT(expected.size(), 50U);
  set("lead_in_offset = lead_in_offset + 1000000000");
  EXPECT_TRUE(shown() == expected) << "the offset lies behind what counts";
  set("lead_in_run_id = gen_random_uuid()");
  EXPECT_TRUE(shown() == expected) << "the clip is void";
  set("lead_in_run_id = run_id, lead_in_offset = lead_in_offset - 1000000000");
}

TEST_F(FootageTest, NothingToSeeIsNoFootage) {
  const std::string head = world().TokenOf(world().office.head(2));
  const auto others =
      served().Ask(Video(world().moved, At(10), At(20)), head);  // recorded for department 1
  const auto nobodys =
      served().Ask(Video(world().moved, At(100'000), At(100'010)), head);  // not yet
  EXPECT_EQ(others.status, 404);
  EXPECT_THAT(others.body, HasSubstr("\"no_footage\""));
  EXPECT_EQ(others.comparable(), nobodys.comparable());
  EXPECT_EQ(served().Ask(Playlist(world().moved, At(10), At(20)), head).comparable(),
            others.comparable());
}

TEST_F(FootageTest, BadRangesAreSaidClearly) {
  const std::string token = world().TokenOf(world().office.head(0));
  const std::string path = "/v1/cameras/" + ToString(world().plain) + "/video.mp4";
  const auto detail = [&](const std::string& query) {
    const auto answer = served().Ask(path + query, token);
    EXPECT_EQ(answer.status, 400) << query;
    return answer.body;
  };
  EXPECT_THAT(detail(""), HasSubstr("from and to are both needed"));
  EXPECT_THAT(detail(Span(At(10), At(5))), HasSubstr("to must be later than from"));
  EXPECT_THAT(detail(Span(At(10), At(10))), HasSubstr("to must be later than from"));
  EXPECT_THAT(detail("?from=2027-06-15T14:03:22&to=2027-06-15T14:03:23Z"),
              HasSubstr("from: expected an RFC 3339 time with a zone"));
  EXPECT_THAT(detail(Span(At(0), At(86'401))), HasSubstr("more than 24 h apart"));
  EXPECT_THAT(detail(Span(At(0), At(10)) + "&speed=2"),
              HasSubstr("a query parameter that this operation doesn't have"));
}

}  // namespace
}  // namespace yagura::api
