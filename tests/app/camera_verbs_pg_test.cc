#include "fleet/sealing.h"
#include "tests/app/office_fixture.h"

namespace yagura::app {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class CameraVerbsTest : public OfficeTest {
 protected:
  void SetUp() override {
    OfficeTest::SetUp();
    LoadOffice();
  }
  Json OnlyCamera(const std::vector<std::string>& options = {}) {
    std::vector<std::string> arguments{"camera", "list", "--json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const auto items = Json::Parse(Done(arguments)).value().Get("items").items();
    EXPECT_EQ(items.size(), 1U);
    return items.empty() ? Json() : items[0];
  }
  /// The recorder has run once: its key is known.
  fleet::SealingKey Recorder() {
    auto key = fleet::SealingKey::LoadOrCreate(folder_.path() / "sealing.key").value();
    std::string hex;
    for (const std::uint8_t byte : key.public_key()) {
      hex += "0123456789abcdef"[byte >> 4];
      hex += "0123456789abcdef"[byte & 15];
    }
    EXPECT_EQ(Ask("INSERT INTO recorder_key (public_key) VALUES ('\\x" + hex + "')"), "");
    return key;
  }
  fleet::SealedCredentials Sealed() {
    const std::string hex = Ask("SELECT encode(sealed_credentials, 'hex') FROM camera_stream");
    fleet::SealedCredentials sealed;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
      sealed.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
    return sealed;
  }
};

TEST_F(CameraVerbsTest, ACameraIsOnItsFloorFiveSecondsLater) {
  EXPECT_EQ(Done(AddCamera("1F-01")), "1F-01 is added, from 2027-06-15T12:00:05+09:00 on\n");
  EXPECT_TRUE(OnlyCamera().Get("state").is_null());
  clock_.Advance(std::chrono::seconds(5));
  const Json camera = OnlyCamera();
  EXPECT_EQ(camera.Get("floor").AsString(), "HQ/MAIN/1F");
  EXPECT_EQ(camera.Get("unit").AsString(), "TAX");
  EXPECT_EQ(camera.Get("state").AsString(), "in_service");
  EXPECT_THAT(Done({"camera", "list", "--floor", "MAIN/1F", "--unit", "TAX"}),
              HasSubstr("1F-01  窓口"));
  EXPECT_THAT(Done({"camera", "list", "--floor", "2F"}), Not(HasSubstr("1F-01")));
}

TEST_F(CameraVerbsTest, AChangeOfChargeSaysWhoHandsOverToWhom) {
  Done(AddCamera("1F-01"));
  Done(AddCamera("1F-02"));
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(Done({"charge", "change", "--camera", "1F-01", "--camera", "1F-02", "--unit", "WELFARE",
                  "--at", "2027-06-15T13:00:00+09:00"}),
            "1F-01: TAX until 2027-06-15T13:00:00+09:00, then WELFARE\n"
            "1F-02: TAX until 2027-06-15T13:00:00+09:00, then WELFARE\n");
  EXPECT_EQ(Done({"charge", "change", "--camera", "1F-01", "--unit", "WELFARE", "--at",
                  "2027-06-15T14:00:00+09:00"}),
            "1F-01: WELFARE is in charge already\n");
  EXPECT_EQ(Ask("SELECT count(*) FROM audit_record WHERE event = 'charge_changed'"), "1");
  EXPECT_THAT(Ask("SELECT body FROM audit_record WHERE event = 'charge_changed'"),
              HasSubstr("\"at\":\"2027-06-15T04:00:00.000000Z\""));
}

TEST_F(CameraVerbsTest, AChangeIsRefusedBeforeFiveSecondsFromNow) {
  Done(AddCamera("1F-01"));
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(Refused({"charge", "change", "--camera", "1F-01", "--unit", "WELFARE", "--at",
                     "2027-06-15T12:01:04+09:00"}),
            "yagura: 2027-06-15T12:01:04+09:00 is too early: a change takes effect at the earliest "
            "5 seconds after it is entered\n"
            "next: give a later --at, or leave it out for the earliest instant\n");
  EXPECT_EQ(Done({"charge", "change", "--camera", "1F-01", "--unit", "WELFARE"}),
            "1F-01: TAX until 2027-06-15T12:01:05+09:00, then WELFARE\n");
  EXPECT_THAT(Refused({"charge", "change", "--camera", "1F-01", "--unit", "TAX"}),
              HasSubstr("1F-01 can't change then"));
}

TEST_F(CameraVerbsTest, CamerasChangeTogetherOrNotAtAll) {
  Done(AddCamera("1F-01"));
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_THAT(
      Refused({"charge", "change", "--camera", "1F-01", "--camera", "9F-99", "--unit", "WELFARE"}),
      HasSubstr("there is no camera \"9F-99\""));
  EXPECT_EQ(Ask("SELECT count(*) FROM charge"), "1");
}

TEST_F(CameraVerbsTest, CredentialsAreSealedWhereTheyAreEntered) {
  auto add = AddCamera("1F-01");
  add.push_back("--credentials");
  EXPECT_THAT(Refused(add, "viewer\nsecret\n"), HasSubstr("next: start yagura record once"));
  const fleet::SealingKey recorder = Recorder();
  EXPECT_THAT(Refused(add, "viewer\n"), HasSubstr("a line each"));
  Done(add, "viewer\nsecret\n");
  const auto camera = ParseId<CameraId>(OnlyCamera().Get("id").AsString().value()).value();
  EXPECT_EQ(recorder.Open(camera, Sealed()).value(),
            (fleet::CameraCredentials{"viewer", "secret"}));
  EXPECT_THAT(Ask("SELECT body FROM audit_record"), Not(HasSubstr("secret")));
  clock_.Advance(std::chrono::minutes(1));
  Done({"camera", "change", "--camera", "1F-01", "--credentials"}, "viewer\nnew secret\n");
  EXPECT_EQ(recorder.Open(camera, Sealed()).value().password, "new secret");
  Done({"camera", "change", "--camera", "1F-01", "--no-credentials"});
  EXPECT_EQ(Ask("SELECT sealed_credentials IS NULL FROM camera_stream"), "t");
}

TEST_F(CameraVerbsTest, ACameraHasATransport) {
  auto add = AddCamera("1F-01");
  Done(add);
  EXPECT_EQ(OnlyCamera().Get("transport").AsString(), "tcp");
  Done({"camera", "change", "--camera", "1F-01", "--transport", "udp"});
  EXPECT_EQ(OnlyCamera().Get("transport").AsString(), "udp");
  EXPECT_THAT(Refused({"camera", "change", "--camera", "1F-01", "--transport", "pigeon"}),
              HasSubstr("multicast, tls, http or auto"));
  add = AddCamera("1F-02");
  add.insert(add.end(), {"--transport", "auto"});
  Done(add);
  EXPECT_EQ(Ask("SELECT string_agg(transport, ' ' ORDER BY transport) FROM camera_stream"),
            "auto udp");
}

TEST_F(CameraVerbsTest, TheListSaysWhatAutoCameTo) {
  auto add = AddCamera("1F-01");
  add.insert(add.end(), {"--transport", "auto"});
  Done(add);
  EXPECT_TRUE(OnlyCamera().Get("found_transport").is_null());
  EXPECT_THAT(Done({"camera", "list"}), HasSubstr("  auto  "));
  Ask("INSERT INTO found_transport SELECT id, 'udp' FROM camera");
  EXPECT_EQ(OnlyCamera().Get("found_transport").AsString(), "udp");
  EXPECT_THAT(Done({"camera", "list"}), HasSubstr("  auto (udp)"));
  Done({"camera", "change", "--camera", "1F-01", "--transport", "tls"});
  EXPECT_TRUE(OnlyCamera().Get("found_transport").is_null()) << "it is told by the record";
}

TEST_F(CameraVerbsTest, ACameraMayHaveASubStream) {
  auto add = AddCamera("1F-01");
  add.insert(add.end(), {"--sub-url", "rtsp://10.0.0.1/sub", "--record-sub"});
  Done(add);
  const auto sub = [&] {
    return Ask("SELECT url || ' ' || record_sub FROM camera_stream WHERE stream = 'sub'");
  };
  EXPECT_EQ(sub(), "rtsp://10.0.0.1/sub true");
  EXPECT_EQ(OnlyCamera().Get("sub_stream").Get("url").AsString(), "rtsp://10.0.0.1/sub");
  EXPECT_EQ(OnlyCamera().Get("sub_stream").Get("recorded").AsBool(), true);
  EXPECT_THAT(Done({"camera", "list"}), HasSubstr("  recorded"));
  Done({"camera", "change", "--camera", "1F-01", "--no-record-sub"});
  EXPECT_THAT(Done({"camera", "list"}), HasSubstr("  for who watches"));
  EXPECT_EQ(sub(), "rtsp://10.0.0.1/sub false");
  Done({"camera", "change", "--camera", "1F-01", "--sub-url", "rtsp://10.0.0.1/small"});
  EXPECT_EQ(sub(), "rtsp://10.0.0.1/small false");
  Done({"camera", "change", "--camera", "1F-01", "--no-sub"});
  EXPECT_EQ(sub(), "");
  EXPECT_TRUE(OnlyCamera().Get("sub_stream").is_null());
  EXPECT_THAT(Refused({"camera", "change", "--camera", "1F-01", "--record-sub"}),
              HasSubstr("has no sub stream"));
}

TEST_F(CameraVerbsTest, CredentialsAreShownToNoOtherHostThanTheOneTheyWereEnteredFor) {
  const fleet::SealingKey recorder = Recorder();
  auto add = AddCamera("1F-01");  // at rtsp://10.0.0.1/s
  add.push_back("--credentials");
  Done(add, "viewer\nsecret\n");
  clock_.Advance(std::chrono::minutes(1));
  const auto camera = ParseId<CameraId>(OnlyCamera().Get("id").AsString().value()).value();
  const std::vector<std::string> change{"camera", "change", "--camera", "1F-01", "--url"};
  const auto to = [&](const std::string& url, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = change;
    arguments.push_back(url);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  Done(to("rtsp://10.0.0.1/other"));
  EXPECT_EQ(recorder.Open(camera, Sealed()).value().password, "secret");
  for (const char* url :
       {"rtsp://10.0.0.2/s", "rtsp://10.0.0.1:8554/s", "rtsp://10.0.0.1.example/s"}) {
    EXPECT_THAT(Refused(to(url)), AllOf(HasSubstr("shown to no other host or port"),
                                        HasSubstr("--credentials"), HasSubstr("--no-credentials")));
  }
  EXPECT_EQ(Ask("SELECT url FROM camera_stream"), "rtsp://10.0.0.1/other");
  EXPECT_THAT(Refused(to("rtsp://10.0.0.2/s", {"--language", "ja"})), HasSubstr("認証情報"));
  Done(to("rtsp://10.0.0.2/s", {"--credentials"}), "viewer\nanother\n");
  EXPECT_EQ(recorder.Open(camera, Sealed()).value().password, "another");
  Done(to("rtsp://10.0.0.3/s", {"--no-credentials"}));
  EXPECT_EQ(Ask("SELECT sealed_credentials IS NULL FROM camera_stream"), "t");
  Done(to("rtsp://10.0.0.4/s"));  // there are none to be shown
}

// The second line: whoever has the operator's connection to the database, but not the command.
TEST_F(CameraVerbsTest, TheDatabaseForgetsCredentialsOfAnotherHost) {
  Recorder();
  auto add = AddCamera("1F-01");
  add.push_back("--credentials");
  Done(add, "viewer\nsecret\n");
  const auto change = [&](const std::string& what) {
    return database_->Ask("UPDATE camera_stream SET " + what, "yagura_admin");
  };
  const std::string kept = "SELECT has_credentials FROM camera_stream";
  EXPECT_EQ(change("url = 'rtsp://10.0.0.1?s'"), "");
  EXPECT_EQ(Ask(kept), "t");
  EXPECT_THAT(change("url = 'rtsp://10.0.0.9/s', sealed_credentials = sealed_credentials"),
              HasSubstr("permission denied"));
  EXPECT_EQ(change("url = 'rtsp://10.0.0.9/s'"), "");
  EXPECT_EQ(Ask(kept), "f");
}

TEST_F(CameraVerbsTest, CredentialsOfACameraOverTlsGoOverNoOtherTransportUnasked) {
  const fleet::SealingKey recorder = Recorder();
  auto add = AddCamera("1F-01");
  add.insert(add.end(), {"--credentials", "--transport", "tls"});
  Done(add, "viewer\nsecret\n");
  clock_.Advance(std::chrono::minutes(1));
  const auto to = [](const std::string& transport, const std::vector<std::string>& more = {}) {
    std::vector<std::string> change{"camera", "change",      "--camera",
                                    "1F-01",  "--transport", transport};
    change.insert(change.end(), more.begin(), more.end());
    return change;
  };
  const std::string kept = "SELECT transport || ' ' || has_credentials FROM camera_stream";
  for (const char* transport : {"tcp", "udp", "http", "auto"}) {
    EXPECT_THAT(Refused(to(transport)),
                AllOf(HasSubstr("over TLS alone"), HasSubstr("--credentials"),
                      HasSubstr("--no-credentials")));
  }
  EXPECT_THAT(Refused(to("tcp", {"--language", "ja"})), HasSubstr("TLS でだけ"));
  EXPECT_EQ(Ask(kept), "tls true");
  Done(to("tcp", {"--credentials"}), "viewer\nsecret\n");
  Done(to("tls"));
  Done(to("tls"));
  EXPECT_EQ(Ask(kept), "tls true") << "to TLS they may go";
  EXPECT_EQ(database_->Ask("UPDATE camera_stream SET transport = 'tcp'", "yagura_admin"), "");
  EXPECT_EQ(Ask(kept), "tcp false") << "the second line";
}

TEST_F(CameraVerbsTest, RefusesCredentialsInTheUrlWithoutRepeatingThem) {
  auto add = AddCamera("1F-01");
  add[11] = "rtsp://viewer:secret@10.0.0.1/s";
  EXPECT_THAT(Refused(add), AllOf(HasSubstr("standard input"), Not(HasSubstr("secret"))));
}

TEST_F(CameraVerbsTest, MovesSuspendsAndRetires) {
  Done(AddCamera("1F-01"));
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(
      Done({"camera", "change", "--camera", "1F-01", "--floor", "2F", "--state", "suspended"}),
      "1F-01 is changed, from 2027-06-15T12:01:05+09:00 on\n");
  EXPECT_EQ(Done({"camera", "change", "--camera", "1F-01", "--name", "入口"}),
            "1F-01 is changed\n");
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(OnlyCamera().Get("floor").AsString(), "HQ/MAIN/2F");
  EXPECT_EQ(OnlyCamera().Get("state").AsString(), "suspended");
  EXPECT_EQ(Done({"camera", "retire", "--camera", "1F-01"}),
            "1F-01 is retired, from 2027-06-15T12:02:05+09:00 on\n");
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(OnlyCamera({"--all"}).Get("state").AsString(), "retired");
  EXPECT_THAT(Done({"camera", "list"}), Not(HasSubstr("1F-01")));
  EXPECT_THAT(Refused({"charge", "change", "--camera", "1F-01", "--unit", "TAX"}),
              HasSubstr("it is retired"));
}

TEST_F(CameraVerbsTest, RefusesAChangeOfNothing) {
  Done(AddCamera("1F-01"));
  EXPECT_THAT(Refused({"camera", "change", "--camera", "1F-01"}),
              HasSubstr("nothing was said that could change"));
  EXPECT_THAT(Refused({"camera", "change", "--camera", "1F-01", "--state", "broken"}),
              HasSubstr("in_service or suspended"));
  EXPECT_THAT(Refused({"camera", "change", "--camera", "9F-99", "--name", "x"}),
              HasSubstr("next: yagura camera list"));
}

TEST_F(CameraVerbsTest, StatusIsOneLineForPeopleAndProgrammes) {
  Done(AddCamera("1F-01"));
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(Done({"status"}),
            "2027-06-15T12:01:00+09:00  recording 0 of 1 cameras, 0 clips, 0 B, oldest none; NO "
            "RECORDER IS CONNECTED\n");
  const auto status = Json::Parse(Done({"status", "--json"})).value();
  EXPECT_EQ(status.Get("cameras_due").AsInt(), 1);
  EXPECT_EQ(status.Get("recorder_connected").AsBool(), false);
}

TEST_F(CameraVerbsTest, StatusNamesTheCamerasThatAreMissingAndSaysWhy) {
  Done(AddCamera("1F-01"));
  Done(AddCamera("1F-02"));
  clock_.Advance(std::chrono::minutes(1));
  Ask("INSERT INTO gap SELECT gen_random_uuid(), camera.id, 'main', unit_id, floor_id, "
      "'2027-06-15T12:00:40+09:00', NULL, 'authentication_failed' FROM camera JOIN charge ON "
      "charge.camera_id = camera.id JOIN placement ON placement.camera_id = camera.id WHERE code = "
      "'1F-02'");
  EXPECT_THAT(
      Done({"status"}),
      HasSubstr("; camera refused our credentials: 1; NO RECORDER IS CONNECTED\n"
                "  1F-02 窓口: camera refused our credentials, since 2027-06-15T12:00:05+09:00\n"));
  EXPECT_THAT(Done({"status", "--language", "ja"}),
              HasSubstr("\n  1F-02 窓口: 2027-06-15T12:00:05+09:00 "
                        "から カメラが認証情報を受け付けません\n"));
  const auto missing = Json::Parse(Done({"status", "--json"})).value().Get("missing").items();
  ASSERT_EQ(missing.size(), 1U);
  EXPECT_EQ(missing[0].Get("code").AsString(), "1F-02");
}

TEST_F(CameraVerbsTest, EveryChangeIsInTheAuditChain) {
  Done(AddCamera("1F-01"));
  clock_.Advance(std::chrono::minutes(1));
  Done({"camera", "change", "--camera", "1F-01", "--state", "suspended"});
  Done({"charge", "change", "--camera", "1F-01", "--unit", "WELFARE"});
  clock_.Advance(std::chrono::minutes(1));
  Done({"camera", "retire", "--camera", "1F-01"});
  EXPECT_EQ(Ask("SELECT string_agg(event, ' ' ORDER BY counter) FROM audit_record WHERE event LIKE "
                "'c%' AND writer = 'yagura_admin'"),
            "camera_added camera_changed charge_changed camera_removed");
}

}  // namespace
}  // namespace yagura::app
