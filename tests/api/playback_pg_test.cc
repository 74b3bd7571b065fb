#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <thread>

#include "access_control/gate.h"
#include "api/media/viewings.h"
#include "core/json.h"
#include "tests/api/footage_world.h"
#include "tests/support/standstill.h"

// Playlists, clips, and the viewings that they open, over the real listeners.
namespace yagura::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

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
                         ::testing::Values("gop2", "bframes", "gop05", "gop10", "gop300", "h265",
                                           "h265_bframes"));

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

/// One more head of department 0.
PersonId AddHead(RecordedOffice& office) {
  const PersonId person =
      office.office().AddHolder(access_control::Post::kDepartmentHead, office.unit(0));
  const std::string id = ToString(person);
  office.stored().Run("INSERT INTO person VALUES ('" + id + "', '" + id + "', 'x', 'x', NULL)");
  office.stored().Run("INSERT INTO assignment VALUES (gen_random_uuid(), '" + id +
                      "', 'department_head', '" + ToString(office.unit(0)) +
                      "', '-infinity', 'infinity')");
  return person;
}

TEST_F(FootageTest, OnePersonCannotUseUpTheViewingsOfAll) {
  const PersonId person = AddHead(world().office);
  const auto clips =
      world().office.Column("SELECT run_id || '.' || sequence FROM clip WHERE unit_id = '" +
                            ToString(world().office.unit(0)) + "'");
  int opened = 0;
  bool refused = false;
  for (int session = 0; session < 100 && !refused; ++session) {
    const std::string token = world().TokenOf(person);
    for (const std::string& clip : clips) {
      const int status =
          served().Ask("/v1/clips/" + clip + "/media", token, {"Range: bytes=0-0"}).status;
      opened += status == 206 ? 1 : 0;
      refused = refused || status == 429;
    }
  }
  EXPECT_TRUE(refused);
  EXPECT_EQ(opened, 1'000);
  EXPECT_EQ(served()
                .Ask(Video(world().plain, At(60), At(70)), world().TokenOf(world().office.head(0)))
                .status,
            200);
}

TEST_F(FootageTest, AViewingStandsBeforeTheFirstByteAndPlayingOnAddsFew) {
  auto& office = world().office;
  const PersonId person = AddHead(office);
  const std::string id = ToString(person);
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

/// A clip that HLS has played: its viewing, and one report of what was handed out. Its end, with
/// nothing more to say, is none of its own.
TEST_F(FootageTest, AMinuteOfPlaybackLeavesTwoRecords) {
  auto& office = world().office;
  pg::Pool pool(office.database().ConnectAs("yagura_media"), 2);
  access_control::FactsSource facts(pool);
  const SystemClock clock;
  access_control::Gate gate(pool, facts, clock);
  const access_control::Caller caller{world().TokenOf(office.head(0)), "terminal", "request"};
  auto viewings = std::make_unique<Viewings>(gate, clock,
                                             Viewings::Times{.look_each = milliseconds(10),
                                                             .report_each = milliseconds(50),
                                                             .idle_max = milliseconds(400)},
                                             Viewings::Limits());
  const WallRange minute{At(60), At(120)};
  const ViewingStretch stretch{minute, {{world().plain, office.unit(0), minute}}};
  auto open =
      viewings->Ensure(caller, access_control::Action::kFootagePlay, world().plain, stretch);
  ASSERT_TRUE(open.has_value()) << ToString(open.error());
  const std::string id = ToString((*open)->viewing().id());
  (*open)->AddDelivered(minute, 1000);
  open->reset();
  const auto is_over = [&] {
    return viewings->FindAny(caller, access_control::Action::kFootagePlay, world().plain) ==
           nullptr;
  };
  // Looking for it counts as use: so seldom.
  for (int i = 0; i < 60 && !is_over(); ++i) std::this_thread::sleep_for(milliseconds(1000));
  EXPECT_TRUE(is_over());
  viewings.reset();
  EXPECT_EQ(office.Column("SELECT event FROM audit_record WHERE body::jsonb ->> 'viewing' = '" +
                          id + "' ORDER BY at"),
            (std::vector<std::string>{"viewing_opened", "viewing_delivered"}));
}

TEST_F(FootageTest, AnEndedSessionEndsAnOpenViewing) {
  const std::string token = world().TokenOf(world().office.head(0));
  const auto line =
      Read(served().Ask(Playlist(world().plain, At(60), At(70)), token).body).lines.at(0);
  ASSERT_EQ(served().Ask(line.url, token).status, 200);
  ASSERT_EQ(served().Ask("/v1/session", token, {}, "DELETE").status, 204);
  const yagura::testing::Standstill standstill;
  const auto ended = std::chrono::steady_clock::now();
  auto asked = ended;
  int status = 200;
  while (status == 200 && asked - ended < seconds(60)) {
    asked = std::chrono::steady_clock::now();
    status = served().Ask(line.url, token).status;
  }
  EXPECT_EQ(status, 401);
  EXPECT_LT(asked - ended, seconds(3) + standstill.so_far()) << "promised: 2 s";
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

/// Retention came between the row and the file: an open viewing still knows the row.
TEST_F(FootageTest, AClipThatHasExpiredMeanwhileIsNoneAndNoLoss) {
  auto& office = world().office;
  const std::string token = world().TokenOf(office.head(0));
  const auto line =
      Read(served().Ask(Playlist(world().cameras.at("gop10"), At(200), At(210)), token).body)
          .lines.at(0);
  const std::string clip = line.url.substr(
      std::string("/v1/clips/").size(), line.url.size() - std::string("/v1/clips//media").size());
  EXPECT_EQ(served().Ask(line.url, token).status, 200);
  std::filesystem::path file;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(office.folder() / "volume")) {
    if (entry.path().filename() == clip + ".mp4") file = entry.path();
  }
  ASSERT_FALSE(file.empty());
  const std::string row = " WHERE run_id || '.' || sequence = '" + clip + "'";
  office.stored().Run("UPDATE clip SET expiring_since = now(), expiring_rule = 'age'" + row);
  std::filesystem::rename(file, file.string() + ".away");
  const auto answer = served().Ask(line.url, token);
  std::filesystem::rename(file.string() + ".away", file);
  office.stored().Run("UPDATE clip SET expiring_since = NULL, expiring_rule = NULL" + row);
  EXPECT_EQ(answer.status, 404) << answer.body;
}

/// Between the plan of a download and the opening of its files.
TEST_F(FootageTest, AClipThatExpiresWhileItIsAskedForIsNoFootageAndNoLoss) {
  auto& office = world().office;
  const std::string clip =
      office
          .Column("SELECT run_id || '.' || sequence FROM clip WHERE camera_id = '" +
                  ToString(world().cameras.at("gop05")) + "' AND start_at <= '" +
                  FormatRfc3339(At(200)) + "' AND end_at > '" + FormatRfc3339(At(202)) + "'")
          .at(0);
  std::filesystem::path file;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(office.folder() / "volume")) {
    if (entry.path().filename() == clip + ".mp4") file = entry.path();
  }
  ASSERT_FALSE(file.empty());
  const std::string row = " WHERE run_id || '.' || sequence = '" + clip + "'";
  office.stored().Run(
      "CREATE FUNCTION expire() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN "
      "UPDATE clip SET expiring_since = now(), expiring_rule = 'age'" +
      row +
      "; RETURN NULL; END $$; CREATE TRIGGER expire AFTER INSERT ON viewing FOR EACH ROW EXECUTE "
      "FUNCTION expire()");
  std::filesystem::rename(file, file.string() + ".away");
  const auto answer = served().Ask("/v1/cameras/" + ToString(world().cameras.at("gop05")) +
                                       "/video.mp4" + Span(At(200), At(202)),
                                   world().TokenOf(office.head(0)));
  std::filesystem::rename(file.string() + ".away", file);
  office.stored().Run("DROP TRIGGER expire ON viewing; DROP FUNCTION expire");
  office.stored().Run("UPDATE clip SET expiring_since = NULL, expiring_rule = NULL" + row);
  EXPECT_EQ(answer.status, 404) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("no_footage"));
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
