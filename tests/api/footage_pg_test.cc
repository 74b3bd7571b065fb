#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "api/server_rest.h"
#include "core/json.h"
#include "tests/api/served_office.h"

// Footage over the real listeners, from files that the real recorder wrote and rows in a real
// catalogue, judged by ffprobe and ffmpeg.
namespace yagura::api {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

/// Everything that the tests ask for is recorded once.
struct World {
  World() {
    plain = office.AddCamera(0, MakeVideoLoop({}));
    cameras["gop2"] = plain;
    cameras["bframes"] = office.AddCamera(0, MakeVideoLoop({.b_frames = 2}));
    cameras["gop05"] = office.AddCamera(0, MakeVideoLoop({.fps = 10, .gop_frames = 5}));
    cameras["gop10"] =
        office.AddCamera(0, MakeVideoLoop({.fps = 10, .seconds = 20, .gop_frames = 100}));
    cameras["gop300"] = office.AddCamera(
        0, MakeVideoLoop({.fps = 5, .seconds = 300, .gop_frames = 1500, .size = "160x90"}));
    moved = office.AddCamera(1, MakeVideoLoop({}));
    broken = office.AddCamera(0, MakeVideoLoop({}));
    changed = office.AddCamera(0, MakeVideoLoop({}));
    moved_at = office.begun() + seconds(101);
    office.ChangeCharge(moved, 2, moved_at);
    office.Record(seconds(90));
    office.Interrupt(broken, seconds(10));
    office.ChangeLoop(changed, MakeVideoLoop({.size = "160x90"}));
    office.Record(seconds(300));
    office.Store();
    served = std::make_unique<ServedOffice>(office.database().ConnectAs("yagura_api"),
                                            office.database().ConnectAs("yagura_media"),
                                            office.calendar());
  }

  std::string TokenOf(PersonId person) { return office.stored().StartSession(person).token; }

  RecordedOffice office;
  std::map<std::string, CameraId> cameras;
  CameraId plain;
  CameraId moved;  // from department 1 to 2
  WallTime moved_at;
  CameraId broken;   // 10 s without pictures, from second 90 on
  CameraId changed;  // other codec parameters from second 100 on
  std::unique_ptr<ServedOffice> served;
};

class FootageTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!world_) world_ = new World();
  }
  static World& world() { return *world_; }
  static ServedOffice& served() { return *world_->served; }
  static WallTime At(double second) {
    return world().office.begun() + microseconds(static_cast<std::int64_t>(second * 1e6));
  }
  static std::string Video(CameraId camera, WallTime from, WallTime to) {
    return "/v1/cameras/" + ToString(camera) + "/video.mp4" + Span(from, to);
  }
  static std::string Playlist(CameraId camera, WallTime from, WallTime to) {
    return "/v1/cameras/" + ToString(camera) + "/playback.m3u8" + Span(from, to);
  }
  static std::filesystem::path Keep(const std::string& bytes) {
    const auto path = world().office.folder() / "answer.mp4";
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    return path;
  }
  /// Hashes of the frames that the camera sent in [from, to), as they are to be shown.
  static std::vector<std::string> SentIn(CameraId camera, WallTime from, WallTime to) {
    auto sent = world().office.sent(camera);
    std::sort(sent.begin(), sent.end(),
              [](const auto& a, const auto& b) { return a.wall < b.wall; });
    std::vector<std::string> hashes;
    for (const auto& frame : sent) {
      if (from <= frame.wall && frame.wall < to) hashes.push_back(frame.sha256);
    }
    return hashes;
  }
  static std::vector<std::string> ShownOf(const std::filesystem::path& file) {
    std::vector<std::string> hashes;
    for (const auto& packet : ProbePackets(file)) {
      if (!packet.discard) hashes.push_back(packet.sha256);
    }
    return hashes;
  }
  /// Ends of clips are rounded to microseconds.
  static bool IsAbout(const std::string& text, WallTime time) {
    const auto parsed = ParseRfc3339(text);
    return parsed.has_value() && *parsed - time <= milliseconds(1) &&
           time - *parsed <= milliseconds(1);
  }
  static World* world_;
};
World* FootageTest::world_ = nullptr;

struct RangeCase {
  const char* camera;
  double from;
  double to;
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
                      RangeCase{"gop300", 225.5, 245.5}, RangeCase{"gop300", 295.1, 315.1}));

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
  EXPECT_THAT(detail(Span(At(0), At(7201))), HasSubstr("more than 2 h apart"));
  EXPECT_THAT(detail(Span(At(0), At(10)) + "&speed=2"),
              HasSubstr("a query parameter that this operation doesn't have"));
}

/// The lines of a playlist as a player reads them.
struct PlaylistLine {
  double duration_s;
  std::uint64_t size;
  std::uint64_t offset;
  std::string url;  // absolute path
};
struct ReadPlaylist {
  std::vector<PlaylistLine> lines;
  std::vector<std::string> maps;
  int discontinuities = 0;
};
ReadPlaylist Read(const std::string& text) {
  ReadPlaylist playlist;
  std::istringstream in(text);
  PlaylistLine line{};
  const auto absolute = [](const std::string& relative) {
    return "/v1/" + relative.substr(std::string("../../").size());
  };
  for (std::string row; std::getline(in, row);) {
    if (row.rfind("#EXTINF:", 0) == 0) line.duration_s = std::stod(row.substr(8));
    if (row.rfind("#EXT-X-BYTERANGE:", 0) == 0) {
      line.size = std::stoull(row.substr(17));
      line.offset = std::stoull(row.substr(row.find('@') + 1));
    }
    if (row.rfind("#EXT-X-MAP:URI=", 0) == 0)
      playlist.maps.push_back(absolute(row.substr(16, row.size() - 17)));
    if (row == "#EXT-X-DISCONTINUITY") ++playlist.discontinuities;
    if (row.rfind("../", 0) == 0) {
      line.url = absolute(row);
      playlist.lines.push_back(line);
    }
  }
  return playlist;
}

class PlaylistTest : public FootageTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(PlaylistTest, PlaysTheStoredBytes) {
  const CameraId camera = world().cameras.at(GetParam());
  const std::string token = world().TokenOf(world().office.head(0));
  const auto answer = served().Ask(Playlist(camera, At(103.3), At(303.3)), token);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.field("Content-Type"), "application/vnd.apple.mpegurl");
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  EXPECT_THAT(answer.body, Not(HasSubstr(token)));
  const auto playlist = Read(answer.body);
  ASSERT_EQ(playlist.maps.size(), 1U);
  std::string stream = served().Ask(playlist.maps.front(), token).body;
  double listed_s = 0;
  for (const auto& line : playlist.lines) {
    const auto part = served().Ask(line.url, token,
                                   {"Range: bytes=" + std::to_string(line.offset) + "-" +
                                    std::to_string(line.offset + line.size - 1)});
    ASSERT_EQ(part.status, 206);
    ASSERT_EQ(part.body.size(), line.size);
    stream += part.body;
    listed_s += line.duration_s;
  }
  const auto file = Keep(stream);
  EXPECT_EQ(ComplaintsAbout(file), "");
  const auto shown = ShownOf(file);
  const auto sent = SentIn(camera, At(103.3), At(303.3));
  const auto found = std::search(shown.begin(), shown.end(), sent.begin(), sent.end());
  EXPECT_NE(found, shown.end()) << "a frame of the range is missing";
  const double fps = static_cast<double>(sent.size()) / 200;
  EXPECT_NEAR(listed_s, static_cast<double>(shown.size()) / fps, 0.2);
}

INSTANTIATE_TEST_SUITE_P(All, PlaylistTest,
                         ::testing::Values("gop2", "bframes", "gop05", "gop10", "gop300"));

TEST_F(FootageTest, APlaylistMarksItsBreaks) {
  const std::string token = world().TokenOf(world().office.head(0));
  const auto broken = Read(served().Ask(Playlist(world().broken, At(60), At(130)), token).body);
  EXPECT_EQ(broken.discontinuities, 1);
  EXPECT_EQ(broken.maps.size(), 2U);
  const auto moved = served().Ask(Playlist(world().moved, At(60), At(130)),
                                  world().TokenOf(world().office.head(1)));
  EXPECT_EQ(Read(moved.body).maps.size(), 1U) << "only the piece of its own run";
  EXPECT_EQ(Read(served()
                     .Ask(Playlist(world().moved, At(60), At(130)),
                          world().TokenOf(world().office.crisis_desk()))
                     .body)
                .maps.size(),
            2U);
}

TEST_F(FootageTest, AViewingStandsBeforeTheFirstByteAndPlayingOnAddsFew) {
  auto& office = world().office;
  const PersonId person =
      office.office().AddHolder(access_control::Post::kDepartmentHead, office.unit(0));
  const std::string id = ToString(person);
  office.stored().Run("INSERT INTO person VALUES ('" + id + "', '" + id + "', 'x', 'x', NULL)");
  office.stored().Run("INSERT INTO assignment VALUES (gen_random_uuid(), '" + id +
                      "', 'department_head', '" + ToString(office.unit(0)) +
                      "', '-infinity', 'infinity')");
  const std::string token = world().TokenOf(person);
  const auto playlist = Read(served().Ask(Playlist(world().plain, At(60), At(240)), token).body);
  const std::string mine =
      "SELECT count(*) FROM audit_record WHERE body::jsonb ->> 'person' = '" + id + "'";
  const int before = std::stoi(office.Column(mine).at(0));
  for (const auto& line : playlist.lines) {
    const auto part = served().Ask(line.url, token,
                                   {"Range: bytes=" + std::to_string(line.offset) + "-" +
                                    std::to_string(line.offset + line.size - 1)});
    ASSERT_EQ(part.status, 206);
  }
  const int records = std::stoi(office.Column(mine).at(0)) - before;
  EXPECT_GE(records, 3) << "three minutes were handed out";
  EXPECT_LE(records, 4) << "and each clip's viewing is opened once";
  const auto viewed = office.Column("SELECT count(*) FROM viewing WHERE person_id = '" + id +
                                    "' AND camera_id = '" + ToString(world().plain) + "'");
  EXPECT_EQ(std::stoi(viewed.at(0)), records);
  (void)served().Ask(Video(world().plain, At(61), At(81)), token);
  const auto interval = office.Column("SELECT to_at - from_at FROM viewing WHERE person_id = '" +
                                      id + "' AND action = 'footage.download'");
  ASSERT_EQ(interval.size(), 1U);
  EXPECT_EQ(interval.at(0), "00:00:22") << "widened to the keyframes around";
}

TEST_F(FootageTest, AnEndedSessionEndsAnOpenViewing) {
  const std::string token = world().TokenOf(world().office.head(0));
  const auto line =
      Read(served().Ask(Playlist(world().plain, At(60), At(70)), token).body).lines.at(0);
  ASSERT_EQ(served().Ask(line.url, token).status, 200);
  ASSERT_EQ(served().Ask("/v1/session", token, {}, "DELETE").status, 204);
  const auto until = std::chrono::steady_clock::now() + seconds(3);
  int status = 0;
  while ((status = served().Ask(line.url, token).status) == 200 &&
         std::chrono::steady_clock::now() < until) {
  }
  EXPECT_EQ(status, 401);
}

TEST_F(FootageTest, ADownloadIsCutWhenTheRightEnds) {
  const std::string token = world().TokenOf(world().office.head(0));
  RawClient client(served().media_port(), 4096);
  client.Send("GET " + Video(world().plain, At(1), At(380)) +
              " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n");
  std::string received = client.ReadResponse(/*without_body=*/true);
  ASSERT_THAT(received, HasSubstr("200 OK"));
  const auto whole = std::stoull(FieldOf(received, "Content-Length"));
  ASSERT_EQ(served().Ask("/v1/session", token, {}, "DELETE").status, 204);
  std::this_thread::sleep_for(seconds(3));  // what is promised is an end in time: a viewer who
                                            // takes nothing until then gets no more
  std::string rest = client.ReadAll(seconds(10));
  EXPECT_LT(rest.size(), whole);
}

TEST_F(FootageTest, AFileThatIsGoneIsALossAndNotAnUnknownId) {
  auto& office = world().office;
  const std::string token = world().TokenOf(office.head(0));
  const auto line =
      Read(served().Ask(Playlist(world().cameras.at("gop10"), At(200), At(210)), token).body)
          .lines.at(0);
  const std::string clip = line.url.substr(
      std::string("/v1/clips/").size(), line.url.size() - std::string("/v1/clips//media").size());
  std::filesystem::path file;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(office.folder() / "volume")) {
    if (entry.path().filename() == clip + ".mp4") file = entry.path();
  }
  ASSERT_FALSE(file.empty());
  std::filesystem::rename(file, file.string() + ".away");
  const auto answer = served().Ask(line.url, token);
  std::filesystem::rename(file.string() + ".away", file);
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, HasSubstr("data_loss"));
  EXPECT_THAT(answer.body, Not(HasSubstr(file.string())));
}

}  // namespace
}  // namespace yagura::api

int main(int argc, char** argv) {
  yagura::api::PrepareRestThreads(2);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
