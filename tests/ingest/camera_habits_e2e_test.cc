// Cameras with habits (docs/design/camera-behaviours.md), over real sockets: each is recorded
// without a break.
#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "ingest/reader_thread_posix.h"
#include "ingest/resolver_posix.h"
#include "simulate/habits.h"
#include "tests/ingest/farm_fixture.h"
#include "tests/ingest/h264_stream.h"
#include "tests/support/scripted_camera.h"

namespace yagura::ingest {
namespace {

using simulate::Habits;
using simulate::KnownHabits;
using testing::Answer;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Script;
using testing::ScriptedCamera;
using testing::StampOf;
using namespace std::chrono_literals;

/// Of a camera that has to be found out: its first session shows how it wants to be kept alive.
constexpr std::string_view kFoundOut = "get-parameter-unannounced";
/// Three of the short timeouts, two intervals of receiver reports.
constexpr std::size_t kFrames = 130;  // at 10 frames a second

Script RedirectTo(const std::string& url) {
  return {
      Answer("DESCRIBE", "RTSP/1.0 302 Found\r\nCSeq: {CSEQ}\r\nLocation: " + url + "\r\n\r\n")};
}

/// A camera that plays, sends one keyframe, and wants a keep-alive within four seconds.
Script PlaysAKeyframe() {
  Script script = testing::AnswersUpToPlay();
  for (testing::ScriptStep& step : script)
    step.bytes = std::regex_replace(step.bytes, std::regex("timeout=60"), "timeout=4");
  testing::RtpWriter rtp;
  for (const testing::Bytes& packet :
       rtp.Picture({testing::MakeSps({.reorder_frames = 0}), testing::MakePps(),
                    testing::MakeSlice(true, 900, 1)},
                   9'000)) {
    std::string bytes{'$', 0, static_cast<char>(packet.size() >> 8),
                      static_cast<char>(packet.size() & 0xff)};
    script.push_back(testing::Send(bytes.append(packet.begin(), packet.end())));
  }
  return script;
}

class CameraHabitsTest : public testing::FarmFixture {
 protected:
  CameraHabitsTest() {
    farm_options_.credentials = {{"viewer", "p, \"q\" 1"}};
    farm_options_.groups = {{.count = 1, .loops = {Loop("gop_half.h264")}}};
  }
  static bool HasUnits(const Recorded& camera, std::size_t count) {
    return camera.sink->WaitUntil(
        [count](const auto& events) {
          return static_cast<std::size_t>(std::ranges::count_if(events, [](const auto& event) {
                   return std::holds_alternative<AccessUnit>(event);
                 })) >= count;
        },
        60s);
  }
  /// How many frames followed each other, and again behind each hole.
  static std::vector<std::size_t> Stretches(const Recorded& camera) {
    std::vector<std::size_t> stretches;
    std::uint64_t next = 0;
    for (const AccessUnit& unit : camera.sink->units()) {
      const std::uint64_t number = StampOf(unit).number;
      if (stretches.empty() || number != next) stretches.push_back(0);
      ++stretches.back();
      next = number + 1;
    }
    return stretches;
  }
  void ExpectOneSession(const Recorded& camera, const Habits& habits) {
    EXPECT_EQ(StatusOf(camera.id).sessions, 1 + habits.redirects);
    EXPECT_THAT(camera.sink->reasons(),
                Each(AnyOf(GapReason::kWaitingForKeyframe, GapReason::kClockStep)));
    EXPECT_THAT(Stretches(camera), ElementsAre(Ge(kFrames)));
  }
  /// It has let one session go, and lets no other go.
  void ExpectFoundOut(const Recorded& camera) {
    EXPECT_EQ(StatusOf(camera.id).sessions, 2u);
    EXPECT_THAT(Stretches(camera), ElementsAre(Ge(1u), Ge(kFrames / 2)));
  }
  void ExpectItsClock(const Recorded& camera, const Habits& habits) {
    const auto offset = StatusOf(camera.id).clock_offset;
    EXPECT_EQ(offset.has_value(), habits.reports);
    EXPECT_LT(std::chrono::abs(offset.value_or(0s)), 5s);
  }
};

TEST_F(CameraHabitsTest, EachIsRecordedWithoutABreak) {
  simulate::CameraGroup& group = farm_options_.groups[0];
  for (const Habits& habits : KnownHabits()) group.habits.push_back(&habits);
  group.count = static_cast<std::uint32_t>(group.habits.size());
  StartFarm();
  std::vector<Recorded> cameras;
  for (std::uint32_t camera = 1; camera <= group.count; ++camera)
    cameras.push_back(Record(farm_->Url(camera), "viewer", "p, \"q\" 1"));
  for (std::size_t i = 0; i < cameras.size(); ++i) {
    SCOPED_TRACE(std::string(KnownHabits()[i].name));
    ASSERT_TRUE(HasUnits(cameras[i], kFrames)) << StatusOf(cameras[i].id).last_error;
  }
  for (std::size_t i = 0; i < cameras.size(); ++i) {
    const Habits& habits = KnownHabits()[i];
    SCOPED_TRACE(std::string(habits.name) + ", last error: " + StatusOf(cameras[i].id).last_error);
    if (habits.name == kFoundOut) {
      ExpectFoundOut(cameras[i]);
    } else {
      ExpectOneSession(cameras[i], habits);
    }
    ExpectItsClock(cameras[i], habits);
  }
}

TEST_F(CameraHabitsTest, ARedirectToAnotherPortOfItsHostIsFollowedWithTheCredentials) {
  StartFarm();
  const ScriptedCamera gateway(RedirectTo(farm_->Url(1)));
  const Recorded camera = Record(gateway.Url(), "viewer", "p, \"q\" 1");
  EXPECT_TRUE(camera.sink->WaitForUnits(5)) << StatusOf(camera.id).last_error;
}

TEST_F(CameraHabitsTest, ARedirectInMidStreamIsAnInterruptionUntilTheNextSessionsKeyframe) {
  Script there = PlaysAKeyframe();
  there.push_back(testing::Hold());
  const ScriptedCamera target(there);
  Script here = PlaysAKeyframe();
  here.push_back(Answer(
      "OPTIONS", "RTSP/1.0 302 Found\r\nCSeq: {CSEQ}\r\nLocation: " + target.Url() + "\r\n\r\n"));
  here.push_back(testing::Hold());
  const ScriptedCamera gateway(here);
  const Recorded camera = Record(gateway.Url(), "viewer", "secret");
  ASSERT_TRUE(HasUnits(camera, 2)) << StatusOf(camera.id).last_error;
  const auto events = camera.sink->events();
  const auto first = std::ranges::find_if(
      events, [](const auto& event) { return std::holds_alternative<AccessUnit>(event); });
  const auto* between = std::get_if<testing::Interruption>(&*std::next(first));
  ASSERT_NE(between, nullptr) << "another session's frames follow without a word";
  EXPECT_EQ(between->reason, GapReason::kWaitingForKeyframe);
}

TEST_F(CameraHabitsTest, WhoAsksForThePasswordWhereTheCameraTookADigestGetsNone) {
  const auto challenge = [](const std::string& text) {
    return Answer("DESCRIBE",
                  testing::RtspReplyText("401 Unauthorized", "WWW-Authenticate: " + text + "\r\n"));
  };
  Script first = testing::AnswersUpToPlay();
  first.insert(first.begin(), challenge("Digest realm=\"c\", nonce=\"n\""));
  Script second = testing::AnswersUpToPlay();
  second.insert(second.begin(), challenge("Basic realm=\"c\""));
  const ScriptedCamera camera({first, second});
  const Recorded recorded = Record(camera.Url(), "viewer", "secret");
  ASSERT_TRUE(recorded.sink->WaitForReason(GapReason::kAuthenticationFailed));
  EXPECT_THAT(StatusOf(recorded.id).last_error, HasSubstr("weaker way"));
  supervisor_.Stop();
  EXPECT_THAT(camera.requests(), Contains(HasSubstr("Authorization: Digest")));
  EXPECT_THAT(camera.requests(), Not(Contains(HasSubstr("Authorization: Basic"))));
}

TEST_F(CameraHabitsTest, NothingIsAskedOfAnotherHost) {
  const ScriptedCamera elsewhere(Script{testing::Hold()});
  const std::string url = "rtsp://localhost:" + std::to_string(elsewhere.port()) + "/camera/1";
  const ScriptedCamera camera(RedirectTo(url));
  const Recorded recorded = Record(camera.Url(), "viewer", "secret");
  ASSERT_TRUE(recorded.sink->WaitForReason(GapReason::kCameraRefused));
  supervisor_.Stop();
  EXPECT_THAT(elsewhere.requests(), IsEmpty());
}

TEST_F(CameraHabitsTest, ACameraAtAnIPv6AddressIsReached) {
  farm_options_.address = "::1";
  farm_options_.credentials.reset();
  auto farm = simulate::CameraFarm::Start(farm_options_, clock_);
  const Recorded camera = Record(farm.has_value() ? (*farm)->Url(1) : "rtsp://[::1]/camera/1");
  // A machine without IPv6 says what it can't do.
  EXPECT_TRUE(farm.has_value() ? camera.sink->WaitForUnits(5)
                               : camera.sink->WaitForReason(GapReason::kCameraUnreachable))
      << StatusOf(camera.id).last_error;
  supervisor_.Stop();
}

TEST_F(CameraHabitsTest, TheAddressesOfANameAreTriedInTurn) {
  farm_options_.credentials.reset();
  StartFarm();
  const auto resolver = Resolver::Make([](const std::string&, std::uint16_t port) {
    SocketAddresses addresses;
    for (const char* address : {"127.0.0.3", "127.0.0.2", "127.0.0.1"})
      addresses.push_back(LiteralAddress(address, port).value());
    return Result<SocketAddresses>(addresses);
  });
  const auto sink = std::make_shared<testing::RecordingSink>();
  const std::string url = "rtsp://camera.example:" + std::to_string(farm_->port()) + "/camera/1";
  JoinPaces paces;
  ReaderThread thread(clock_, resolver, paces, nullptr);
  thread.Call([&](ReaderThread& self) {
    self.Set({NewId<CameraId>(), url, "", ""}, ParseRtspUrl(url).value(), sink);
  });
  EXPECT_TRUE(sink->WaitForUnits(5));
  resolver->Stop();
  thread.Stop();
  EXPECT_THAT(sink->reasons(), ElementsAre(GapReason::kWaitingForKeyframe));
}

// --- the page ------------------------------------------------------------------------------------

std::string TextOf(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// The rows of the page's tables: first cell and last.
std::vector<std::pair<std::string, std::string>> RowsOfThePage() {
  std::istringstream page(
      TextOf(std::filesystem::path(YAGURA_SOURCE_DIR) / "docs/design/camera-behaviours.md"));
  const std::regex row(R"(\| ([^|]+) \|.*\| ([^|]+) \|)");
  std::vector<std::pair<std::string, std::string>> rows;
  std::smatch cells;
  for (std::string line; std::getline(page, line);) {
    if (std::regex_match(line, cells, row) && cells[1] != "---" && cells[1] != "behaviour" &&
        cells[1] != "class")
      rows.emplace_back(cells[1], cells[2]);
  }
  return rows;
}

TEST(CameraBehavioursPage, NamesAllHabitsAndEachRowHasItsTest) {
  std::string tests;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(YAGURA_SOURCE_DIR) / "tests/ingest")) {
    if (entry.path().extension() == ".cc") tests += TextOf(entry.path());
  }
  std::set<std::string> habits;
  for (const Habits& known : KnownHabits()) habits.insert("`" + std::string(known.name) + "`");
  const std::filesystem::path source(YAGURA_SOURCE_DIR);
  const std::string scenario = TextOf(source / "tests/e2e/camera_behaviours.py");
  const std::string junk = TextOf(source / "tests/e2e/hostile_cameras.py");
  std::set<std::string> seen;
  for (const auto& [behaviour, test] : RowsOfThePage()) {
    EXPECT_TRUE(seen.insert(behaviour).second) << behaviour << " stands twice";
    if (test == "habit") {
      EXPECT_EQ(habits.erase(behaviour), 1u) << behaviour << " is no habit";
      continue;
    }
    if (test == "stream") {
      const std::string quoted = std::regex_replace(behaviour, std::regex("`"), "\"");
      EXPECT_NE(scenario.find(quoted + ": ("), std::string::npos) << behaviour << " is no stream";
      continue;
    }
    if (test == "junk") {
      const std::string quoted = std::regex_replace(behaviour, std::regex("`"), "\"");
      EXPECT_NE(junk.find(quoted + ": "), std::string::npos) << behaviour << " is no junk";
      continue;
    }
    if (test == "fuzz") {
      const std::string target = std::regex_replace(behaviour, std::regex("`"), "") + ".cc";
      EXPECT_TRUE(std::filesystem::exists(source / "tests/ingest/fuzz" / target)) << behaviour;
      continue;
    }
    const std::string named = std::regex_replace(test, std::regex(R"(`(\w+)\.(\w+)`)"), "$1, $2)");
    EXPECT_NE(tests.find("(" + named), std::string::npos) << behaviour << ": no test " << test;
  }
  EXPECT_THAT(habits, IsEmpty()) << "habits without a row";
}

}  // namespace
}  // namespace yagura::ingest
