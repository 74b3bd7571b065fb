// The rollout through the commands, and by `yagura keep`: staged, accepted, in service at the
// phase's date.
#include "app/phase_keeper.h"
#include "tests/app/office_fixture.h"

namespace yagura::app {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class RolloutVerbsTest : public OfficeTest {
 protected:
  void SetUp() override {
    OfficeTest::SetUp();
    LoadOffice();
    EXPECT_EQ(Done({"phase", "add", "--code", "P1", "--name", "1階", "--starts", "2027-06-20"}),
              "added: P1, goes in service at 2027-06-20T00:00:00+09:00\n");
  }
  void AddPlanned(const std::string& code) {
    Done({"camera", "add", "--code", code, "--name", "窓口", "--floor", "1F", "--unit", "TAX",
          "--url", "rtsp://10.0.0.1/s", "--phase", "P1"});
    clock_.Advance(std::chrono::seconds(6));
  }
  void StageAndAccept(const std::string& code) {
    Done({"camera", "stage", "--camera", code});
    clock_.Advance(std::chrono::hours(1));
    Done({"camera", "accept", "--camera", code, "--note", "画角を確認"});
    clock_.Advance(std::chrono::seconds(6));
  }
  void Keep() {
    const auto done = keeper_->Round();
    ASSERT_TRUE(done.has_value()) << ToString(done.error());
  }
  void At(const std::string& instant) {
    const WallTime at = ParseRfc3339(instant).value();
    clock_.Advance(at - clock_.Now());
  }
  std::string StateOf(const std::string& code) {
    return Ask(
        "SELECT state FROM camera_state JOIN camera ON camera_id = camera.id WHERE code = '" +
        code + "' AND valid_to = 'infinity'");
  }
  std::string Shown() { return Done({"phase", "show", "--phase", "P1"}); }

  void MakeKeeper() {
    keeper_ = std::make_unique<PhaseKeeper>(database_->As("yagura_keep"), clock_);
  }
  std::unique_ptr<PhaseKeeper> keeper_;
};

TEST_F(RolloutVerbsTest, APhaseGoesInServiceAtItsDateOnceItsCamerasAreAccepted) {
  MakeKeeper();
  AddPlanned("1F-01");
  AddPlanned("1F-02");
  StageAndAccept("1F-01");
  EXPECT_EQ(Shown(),
            "P1 1階: 1 cameras are not accepted yet, for 2027-06-20T00:00:00+09:00: 1F-02\n"
            "  HQ/MAIN/1F 1階: 1 of 2 ready\n"
            "    1F-02 窓口: planned, not set up yet\n");
  StageAndAccept("1F-02");
  EXPECT_EQ(Shown(),
            "P1 1階: all 2 cameras are accepted; goes in service at 2027-06-20T00:00:00+09:00\n"
            "  HQ/MAIN/1F 1階: 2 of 2 ready\n");
  Keep();
  EXPECT_EQ(StateOf("1F-01"), "accepted");
  At("2027-06-19T23:59:30+09:00");
  Keep();
  Keep();
  EXPECT_EQ(Ask("SELECT string_agg(code || ' ' || state || ' ' || (valid_from AT TIME ZONE "
                "'Asia/Tokyo'), ', ' ORDER BY code) FROM camera_state JOIN camera ON camera_id = "
                "camera.id WHERE valid_to = 'infinity'"),
            "1F-01 in_service 2027-06-20 00:00:00, 1F-02 in_service 2027-06-20 00:00:00");
  At("2027-06-20T00:00:00+09:00");
  EXPECT_THAT(Shown(), HasSubstr("in service since 2027-06-20T00:00:00+09:00, 2 cameras"));
  EXPECT_EQ(Ask("SELECT count(*) || min(writer) FROM audit_record WHERE event = 'phase_started'"),
            "1yagura_keep");
}

// The errand of operations: which cameras of a phase are not ready, and why?
TEST_F(RolloutVerbsTest, TheBoardSaysOfEachCameraThatIsNotReadyWhy) {
  AddPlanned("1F-01");
  AddPlanned("1F-02");
  AddPlanned("1F-03");
  AddPlanned("1F-04");
  Done({"camera", "move", "--camera", "1F-04", "--floor", "2F"});
  Done({"camera", "stage", "--camera", "1F-01", "--camera", "1F-02"});
  StageAndAccept("1F-03");
  const std::string staged = "staged since 2027-06-15T12:00:29+09:00";
  EXPECT_EQ(Shown(),
            "P1 1階: 3 cameras are not accepted yet, for 2027-06-20T00:00:00+09:00: 1F-01, 1F-02, "
            "1F-04\n"
            "  HQ/MAIN/1F 1階: 1 of 3 ready\n"
            "    1F-01 窓口: " +
                staged +
                ", nothing recorded yet\n"
                "    1F-02 窓口: " +
                staged +
                ", nothing recorded yet\n"
                "  HQ/MAIN/2F 2階: 0 of 1 ready\n"
                "    1F-04 窓口: planned, not set up yet\n");
  Ask("INSERT INTO gap SELECT gen_random_uuid(), camera.id, 'main', unit_id, floor_id, "
      "'2027-06-15T12:00:40+09:00', NULL, 'camera_unreachable' FROM camera JOIN charge ON "
      "charge.camera_id = camera.id JOIN placement ON placement.camera_id = camera.id WHERE code = "
      "'1F-01'");
  Ask("INSERT INTO run SELECT gen_random_uuid(), camera.id, 'main', unit_id, floor_id, "
      "'2027-06-15T12:00:40+09:00', NULL, 0, NULL, 'synchronised', 'avc1.4d401f', 640, 360, '' "
      "FROM camera JOIN charge ON charge.camera_id = camera.id JOIN placement ON "
      "placement.camera_id = camera.id WHERE code = '1F-02'");
  EXPECT_THAT(Shown(),
              AllOf(HasSubstr("    1F-01 窓口: " + staged +
                              ", not recorded since 2027-06-15T12:00:40+09:00: "
                              "camera unreachable\n"),
                    HasSubstr("    1F-02 窓口: " + staged + " and recorded, not accepted yet\n")));
  EXPECT_THAT(Done({"phase", "show", "--phase", "P1", "--language", "ja"}),
              AllOf(HasSubstr("  HQ/MAIN/1F 1階: 3 台中 1 台が済\n"),
                    HasSubstr("から録画されていません: カメラに接続できません\n")));
  const auto board =
      Json::Parse(Done({"phase", "show", "--phase", "P1", "--json"})).value().Get("board").items();
  ASSERT_EQ(board.size(), 4U);
  EXPECT_EQ(board[0].Get("missing").AsString(), "camera_unreachable");
}

TEST_F(RolloutVerbsTest, APhaseThatLacksACameraWaitsPastItsDate) {
  MakeKeeper();
  AddPlanned("1F-01");
  AddPlanned("1F-02");
  StageAndAccept("1F-01");
  At("2027-06-21T00:00:00+09:00");
  Keep();
  EXPECT_EQ(StateOf("1F-01"), "accepted");
  StageAndAccept("1F-02");
  Keep();
  EXPECT_EQ(StateOf("1F-01"), "in_service");
  EXPECT_EQ(Ask("SELECT count(DISTINCT valid_from) FROM camera_state WHERE state = 'in_service'"),
            "1");
}

TEST_F(RolloutVerbsTest, ARetiredOrSuspendedCameraHoldsNobodyUp) {
  MakeKeeper();
  AddPlanned("1F-01");
  AddPlanned("1F-02");
  AddPlanned("1F-03");
  StageAndAccept("1F-01");
  Done({"camera", "retire", "--camera", "1F-02"});
  Done({"camera", "suspend", "--camera", "1F-03", "--note", "工事"});
  At("2027-06-21T00:00:00+09:00");
  Keep();
  EXPECT_EQ(StateOf("1F-01"), "in_service");
  EXPECT_EQ(StateOf("1F-03"), "suspended");
}

TEST_F(RolloutVerbsTest, StatesFollowOneAnotherAndNotesAreKept) {
  AddPlanned("1F-01");
  EXPECT_EQ(Done({"camera", "stage", "--camera", "1F-01"}),
            "1F-01 is staged, from 2027-06-15T12:00:11+09:00 on\n");
  clock_.Advance(std::chrono::seconds(6));
  EXPECT_EQ(
      Refused({"camera", "change", "--camera", "1F-01", "--state", "in_service"}),
      "yagura: 1F-01 is staged then, and can't go from that to in_service\nnext: yagura camera "
      "list --all; planned -> staged -> accepted -> in_service\n");
  EXPECT_EQ(Refused({"camera", "accept", "--camera", "1F-01"}),
            "yagura: not given: --note\nnext: yagura camera accept --help\n");
  Done({"camera", "accept", "--camera", "1F-01", "--note", "画角を確認"});
  EXPECT_EQ(Ask("SELECT note FROM camera_state WHERE state = 'accepted'"), "画角を確認");
  EXPECT_THAT(Refused({"camera", "stage", "--camera", "1F-01"}),
              HasSubstr("a change at or after 2027-06-15T12:00:17+09:00 is entered already"));
}

TEST_F(RolloutVerbsTest, AllCamerasThatAreNamedChangeOrNone) {
  AddPlanned("1F-01");
  EXPECT_THAT(Refused({"camera", "stage", "--camera", "1F-01", "--camera", "9F-09"}),
              HasSubstr("there is no camera \"9F-09\""));
  EXPECT_EQ(StateOf("1F-01"), "planned");
}

TEST_F(RolloutVerbsTest, ACameraMovesWithItsUnitAtOneInstant) {
  AddPlanned("1F-01");
  EXPECT_EQ(Done({"camera", "move", "--camera", "1F-01", "--floor", "2F", "--unit", "WELFARE",
                  "--at", "2027-07-01T00:00:00+09:00"}),
            "1F-01 stands at 2F, from 2027-07-01T00:00:00+09:00 on\n");
  EXPECT_THAT(Done({"camera", "list", "--at", "2027-07-01T00:00:00+09:00"}),
              AllOf(HasSubstr("HQ/MAIN/2F"), HasSubstr("WELFARE"), HasSubstr("P1")));
  EXPECT_THAT(Done({"camera", "list"}), AllOf(HasSubstr("HQ/MAIN/1F"), HasSubstr("TAX")));
}

TEST_F(RolloutVerbsTest, AReplacedCameraKeepsItsPlaceAndForgetsTheOldCredentials) {
  AddPlanned("1F-01");
  Ask("UPDATE camera_stream SET sealed_credentials = '\\x00'");
  EXPECT_EQ(Done({"camera", "replace", "--camera", "1F-01", "--url", "rtsp://10.0.0.9/s"}),
            "1F-01 is another device now\n");
  EXPECT_EQ(Ask("SELECT url, sealed_credentials IS NULL FROM camera_stream"),
            "rtsp://10.0.0.9/s|t");
  EXPECT_EQ(StateOf("1F-01"), "planned");
}

TEST_F(RolloutVerbsTest, AParkedCameraIsLetInAgainByCommandAndByWhateverMakesItAnotherThing) {
  AddPlanned("1F-01");
  const auto lifted = [&] {
    return Ask("SELECT coalesce(parking_lifted_at::text, 'never') FROM camera_stream");
  };
  EXPECT_EQ(lifted(), "never");
  Done({"camera", "change", "--camera", "1F-01", "--name", "入口"});
  EXPECT_EQ(lifted(), "never");
  std::vector<std::string> instants;
  const std::vector<std::vector<std::string>> lifting{
      {"camera", "unpark", "--camera", "1F-01"},
      {"camera", "unpark", "--camera", "1F-01"},
      {"camera", "change", "--camera", "1F-01", "--url", "rtsp://10.0.0.1/t"},
      {"camera", "replace", "--camera", "1F-01", "--url", "rtsp://10.0.0.1/t"}};
  for (const auto& command : lifting) {
    Done(command);
    instants.push_back(lifted());
  }
  EXPECT_TRUE(std::is_sorted(instants.begin(), instants.end(), std::less_equal<>()))
      << ::testing::PrintToString(instants);
  EXPECT_EQ(Ask("SELECT count(*) || ' ' || min(writer) FROM audit_record WHERE event = "
                "'camera_changed' AND body::jsonb @> '{\"parking_lifted\": true}'"),
            "2 yagura_admin");
  EXPECT_EQ(Done({"camera", "unpark", "--camera", "1F-01"}),
            "1F-01 is connected to again, in a second or two\n");
  EXPECT_THAT(Refused({"camera", "unpark", "--camera", "1F-09"}),
              HasSubstr("there is no camera \"1F-09\""));
  Done({"camera", "retire", "--camera", "1F-01"});
  EXPECT_THAT(Refused({"camera", "unpark", "--camera", "1F-01"}), HasSubstr("1F-01 is retired"));
}

TEST_F(RolloutVerbsTest, PhasesAreListedAndChanged) {
  AddPlanned("1F-01");
  EXPECT_THAT(Done({"phase", "list"}), AllOf(HasSubstr("NOT ACCEPTED"), HasSubstr("P1    1階")));
  EXPECT_EQ(Done({"phase", "change", "--phase", "P1", "--starts", "2027/6/21 9:00"}),
            "P1 is changed, goes in service at 2027-06-21T09:00:00+09:00\n");
  const auto phases = Json::Parse(Done({"phase", "list", "--json"})).value().Get("items").items();
  EXPECT_EQ(phases[0].Get("cameras").Get("planned").items()[0].AsString(), "1F-01");
  EXPECT_THAT(Refused({"phase", "change", "--phase", "P1"}), HasSubstr("nothing was said"));
  EXPECT_THAT(Refused({"phase", "show", "--phase", "P9"}), HasSubstr("next: yagura phase list"));
  EXPECT_THAT(Refused({"phase", "add", "--code", "P2", "--name", "x", "--starts", "soon"}),
              HasSubstr("--starts: \"soon\" is no date"));
  EXPECT_THAT(Refused({"camera", "change", "--camera", "1F-01", "--phase", "P9"}),
              HasSubstr("there is no phase \"P9\""));
}

}  // namespace
}  // namespace yagura::app
