// Cameras over other transports than TCP: GStreamer's RTSP server, pulled by real workers.
#include <gmock/gmock.h>
#include <signal.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "tests/ingest/farm_fixture.h"
#include "tests/ingest/foreign_camera.h"

namespace yagura::ingest {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::ForeignCamera;
using testing::StampOf;
using namespace std::chrono_literals;

/// Of this process's children.
std::vector<pid_t> PullWorkers() {
  std::vector<pid_t> workers;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(task.path() / "children");
    for (pid_t child = 0; list >> child;) {
      std::ifstream file("/proc/" + std::to_string(child) + "/cmdline");
      const std::string line{std::istreambuf_iterator<char>(file), {}};
      if (line.find("pull-worker") != std::string::npos) workers.push_back(child);
    }
  }
  return workers;
}

class PulledCameraTest : public testing::FarmFixture {
 protected:
  ForeignCamera Serve(const std::string& loop, const std::vector<std::string>& arguments) {
    return ForeignCamera(
        folder_, {.loop = Loop(loop), .sent_log = farm_options_.sent_log, .arguments = arguments});
  }
  /// With its key.
  std::string Certificate(const std::string& name = "certificate.pem") {
    const auto file = folder_ / name;
    const auto made = testing::RunToEnd(
        {.arguments = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                       "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file.string() + ".key",
                       "-out", file, "-days", "30", "-subj", "/CN=camera"},
         .output = folder_ / "openssl"},
        60s);
    EXPECT_TRUE(made.has_value());
    std::ofstream(file, std::ios::app) << std::ifstream(file.string() + ".key").rdbuf();
    return file;
  }
  /// The first comes within some seconds of PLAY.
  bool AwaitSenderReport(CameraId camera) {
    const auto until = std::chrono::steady_clock::now() + testing::kPatience;
    while (!StatusOf(camera).clock_offset && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(20ms);
    return StatusOf(camera).clock_offset.has_value();
  }
  bool AwaitRefusedCertificate(CameraId camera) {
    const auto until = std::chrono::steady_clock::now() + testing::kPatience;
    while (StatusOf(camera).refused_certificate.empty() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(20ms);
    return StatusOf(camera).refused_certificate.size() == 64;
  }
  /// Every frame that came was sent so, each once, none between the first and the last missing.
  void ExpectAsSent(const std::vector<AccessUnit>& units) {
    const Captured captured = EndFarm();
    testing::ExpectUnbroken(units);
    for (const AccessUnit& unit : units)
      EXPECT_TRUE(captured.contains({StampOf(unit).epoch, StampOf(unit).number}));
  }
};

struct Way {
  CameraTransport transport;
  const char* loop;
};
class EachTransportTest : public PulledCameraTest, public ::testing::WithParamInterface<Way> {};

TEST_P(EachTransportTest, EveryFrameComesOnceAsItWasSent) {
  std::vector<std::string> arguments = {"--user", "viewer", "--password", "p:w d"};
  if (GetParam().transport == CameraTransport::kTls)
    arguments.insert(arguments.end(), {"--certificate", Certificate()});
  for (int attempts_left = 3;; --attempts_left) {
    ForeignCamera server = Serve(GetParam().loop, arguments);
    ASSERT_FALSE(server.url().empty()) << server.output();
    const Recorded camera = Record(server.url(), "viewer", "p:w d", GetParam().transport);
    ASSERT_TRUE(camera.sink->WaitForUnits(25)) << StatusOf(camera.id).last_error;
    EXPECT_EQ(StatusOf(camera.id).transport, GetParam().transport);
    EXPECT_TRUE(AwaitSenderReport(camera.id));
    if (StatusOf(camera.id).lost_packets > 0 && attempts_left > 1) {
      supervisor_.Remove({camera.id});  // the machine is too busy for datagrams: another time
      continue;
    }
    supervisor_.Stop();
    EXPECT_TRUE(server.AwaitEndOfSession()) << "the worker takes leave";
    server.End();
    EXPECT_EQ(StampOf(camera.sink->units().front()).number, 0u);
    return ExpectAsSent(camera.sink->units());
  }
}
INSTANTIATE_TEST_SUITE_P(EachTransport, EachTransportTest,
                         ::testing::Values(Way{CameraTransport::kUdp, "high_b.h264"},
                                           Way{CameraTransport::kUdp, "rich_b.h265"},
                                           Way{CameraTransport::kHttp, "slices.h264"},
                                           Way{CameraTransport::kTls, "high_b.h264"},
                                           Way{CameraTransport::kUdp, "restarts.mjpeg"},
                                           Way{CameraTransport::kHttp, "main.mjpeg"},
                                           Way{CameraTransport::kTls, "main.mjpeg"}));

TEST_F(PulledCameraTest, PacketsThatAreDoubledOrOvertakenCostNothing) {
  ForeignCamera server = Serve(
      "slices.h264", {"--transports", "udp", "--double", "3,40,41,42,99", "--overtake", "9,50,70"});
  ASSERT_FALSE(server.url().empty()) << server.output();
  const Recorded camera = Record(server.url(), "", "", CameraTransport::kUdp);
  ASSERT_TRUE(camera.sink->WaitForUnits(60)) << StatusOf(camera.id).last_error;
  EXPECT_EQ(StatusOf(camera.id).damaged_frames, 0u);
  EXPECT_EQ(StatusOf(camera.id).lost_packets, 0u);
  supervisor_.Stop();
  server.End();
  ExpectAsSent(camera.sink->units());
}

TEST_F(PulledCameraTest, ALostPacketIsADamagedFrameAndAGap) {
  ForeignCamera server = Serve("slices.h264", {"--transports", "udp", "--lose", "60"});
  ASSERT_FALSE(server.url().empty()) << server.output();
  const Recorded camera = Record(server.url(), "", "", CameraTransport::kUdp);
  ASSERT_TRUE(camera.sink->WaitForReason(GapReason::kFramesDamaged))
      << StatusOf(camera.id).last_error;
  ASSERT_TRUE(camera.sink->WaitForMoreUnits(10)) << "it goes on at the next keyframe";
  EXPECT_EQ(StatusOf(camera.id).damaged_frames, 1u);
  EXPECT_EQ(StatusOf(camera.id).lost_packets, 1u);
  for (const AccessUnit& unit : camera.sink->units())
    EXPECT_TRUE(ReadStampedUnit(unit.data.bytes()).value().intact());
}

TEST_F(PulledCameraTest, ACameraThatHangsUpAndGoesOnSendingIsRecordedOn) {
  for (int attempts_left = 3;; --attempts_left) {
    ForeignCamera server = Serve("slices.h264", {"--transports", "udp", "--hangs-up", "yes"});
    ASSERT_FALSE(server.url().empty()) << server.output();
    const Recorded camera = Record(server.url(), "", "", CameraTransport::kUdp);
    ASSERT_TRUE(camera.sink->WaitForUnits(90)) << StatusOf(camera.id).last_error;
    EXPECT_EQ(StatusOf(camera.id).sessions, 1u);
    if (StatusOf(camera.id).lost_packets > 0 && attempts_left > 1) {
      supervisor_.Remove({camera.id});  // the machine is too busy for datagrams: another time
      continue;
    }
    EXPECT_THAT(camera.sink->reasons(), ::testing::Not(Contains(GapReason::kCameraUnreachable)));
    testing::ExpectUnbroken(camera.sink->units());
    server.End();
    ASSERT_TRUE(camera.sink->WaitForReason(GapReason::kCameraUnreachable));
    return;
  }
}

TEST_F(PulledCameraTest, AWorkerThatIsKilledIsAGapOfItsOwnCamera) {
  StartFarm();
  const Recorded other = Record(farm_->Url(1));
  testing::ForeignCamera server(folder_,
                                {.loop = Loop("slices.h264"), .sent_log = folder_ / "foreign.log"});
  ASSERT_FALSE(server.url().empty()) << server.output();
  const Recorded camera = Record(server.url(), "", "", CameraTransport::kUdp);
  ASSERT_TRUE(camera.sink->WaitForUnits(5)) << StatusOf(camera.id).last_error;
  const auto workers = PullWorkers();
  ASSERT_EQ(workers.size(), 1u);
  ::kill(workers.front(), SIGKILL);
  ASSERT_TRUE(camera.sink->WaitForReason(GapReason::kWorkerFailed));
  EXPECT_EQ(StatusOf(camera.id).last_error, "its pull worker died by signal 9");
  ASSERT_TRUE(camera.sink->WaitForMoreUnits(5)) << "another one takes its place";
  supervisor_.Stop();
  EXPECT_TRUE(PullWorkers().empty());
  testing::ExpectUnbroken(other.sink->units());
}

TEST_F(PulledCameraTest, WrongCredentialsAreNamed) {
  ForeignCamera server = Serve("slices.h264", {"--user", "viewer", "--password", "right"});
  ASSERT_FALSE(server.url().empty()) << server.output();
  const Recorded camera = Record(server.url(), "viewer", "wrong", CameraTransport::kUdp);
  EXPECT_TRUE(camera.sink->WaitForReason(GapReason::kAuthenticationFailed));
}

TEST_F(PulledCameraTest, AnotherCertificateThanTheFirstIsRefusedUntilThatIsForgotten) {
  ForeignCamera server = Serve("slices.h264", {"--certificate", Certificate()});
  ASSERT_FALSE(server.url().empty()) << server.output();
  const std::string url = server.url();
  const Recorded camera = Record(url, "", "", CameraTransport::kTls);
  ASSERT_TRUE(camera.sink->WaitForUnits(5)) << StatusOf(camera.id).last_error;
  const KnownCertificate first = StatusOf(camera.id).certificate;
  CameraSource source{camera.id, url, "", "", CameraTransport::kTls, first};
  ASSERT_TRUE(supervisor_.Set(source, camera.sink).has_value());
  EXPECT_EQ(StatusOf(camera.id).sessions, 1u) << "that it comes to be on record is nothing new";
  server.End();
  const std::filesystem::path folder = folder_ / "other";
  std::filesystem::create_directory(folder);
  const auto port = url.substr(url.rfind(':') + 1, url.rfind("/camera") - url.rfind(':') - 1);
  const ForeignCamera other(
      folder, {.loop = Loop("slices.h264"),
               .sent_log = folder / "sent.log",
               .arguments = {"--port", port, "--certificate", Certificate("other.pem")}});
  ASSERT_EQ(other.url(), url) << other.output();
  ASSERT_TRUE(camera.sink->WaitForReason(GapReason::kCertificateChanged))
      << StatusOf(camera.id).last_error;
  EXPECT_THAT(StatusOf(camera.id).last_error,
              ::testing::StartsWith("the camera shows another certificate than before: "));
  EXPECT_EQ(StatusOf(camera.id).certificate, first);
  EXPECT_TRUE(AwaitRefusedCertificate(camera.id));
  source.user = "viewer";
  ASSERT_TRUE(supervisor_.Set(source, camera.sink).has_value());
  ASSERT_TRUE(AwaitRefusedCertificate(camera.id)) << "other credentials make it no other camera";
  source.certificate = {"", WallTime(1s)};
  ASSERT_TRUE(supervisor_.Set(source, camera.sink).has_value());
  EXPECT_TRUE(camera.sink->WaitForMoreUnits(5)) << StatusOf(camera.id).last_error;
  EXPECT_EQ(StatusOf(camera.id).certificate.forgotten_at, WallTime(1s));
}

TEST_F(PulledCameraTest, TheCertificateOnRecordOutlivesTheRecorder) {
  ForeignCamera server = Serve(
      "slices.h264", {"--certificate", Certificate(), "--user", "viewer", "--password", "another"});
  ASSERT_FALSE(server.url().empty()) << server.output();
  const CameraSource source{NewId<CameraId>(), server.url(),          "viewer",
                            "secret",          CameraTransport::kTls, {std::string(64, 'a')}};
  const auto sink = std::make_shared<testing::RecordingSink>();
  ASSERT_TRUE(supervisor_.Set(source, sink).has_value());
  EXPECT_TRUE(AwaitRefusedCertificate(source.id));
  EXPECT_THAT(sink->reasons(), ::testing::Contains(GapReason::kCertificateChanged));
  EXPECT_THAT(sink->reasons(),
              ::testing::Not(::testing::Contains(GapReason::kAuthenticationFailed)))
      << "it isn't even asked";
}

/// A worker that was taken over: whole frames, as fast as the pipe takes them.
constexpr const char* kFlood =
    "import sys\n"
    "while True: sys.stdout.buffer.write((b'$\\x01\\x80\\x00' + bytes(0x8000)) * 100)\n";

TEST_F(PulledCameraTest, AWorkerThatFloodsCostsItsOwnCameraAlone) {
  farm_options_.credentials.reset();
  StartFarm();
  Supervisor both(
      clock_,
      {.threads = 1, .parsing_notes = {}, .pull_worker{{"/usr/bin/python3", {"-c", kFlood}}}});
  const auto honest = std::make_shared<testing::RecordingSink>();
  const auto flooded = std::make_shared<testing::RecordingSink>();
  const std::string url = "rtsp://127.0.0.1:" + std::to_string(farm_->port()) + "/camera/1";
  ASSERT_TRUE(both.Set({NewId<CameraId>(), url, "", ""}, honest).has_value());
  ASSERT_TRUE(honest->WaitForUnits(1));
  ASSERT_TRUE(
      both.Set({NewId<CameraId>(), "rtsp://127.0.0.1:9/camera", "", "", CameraTransport::kUdp},
               flooded)
          .has_value());
  EXPECT_TRUE(flooded->WaitForReason(GapReason::kProtocolError));
  EXPECT_TRUE(honest->WaitForMoreUnits(10));
  both.Stop();
  ExpectAsSent(honest->units());
}

/// A worker that crashes, and whose process takes a while to be gone after its pipe.
constexpr const char* kLateToDie = "exec <&- >&-; ulimit -c 0; sleep 1.5; kill -SEGV $$";

TEST_F(PulledCameraTest, AWorkerThatIsLateToDieHasCrashedToo) {
  std::atomic<bool> crashed = false;
  Supervisor supervisor(clock_, {.threads = 1,
                                 .parsing_notes = {},
                                 .pull_worker{{"/bin/sh", {"-c", kLateToDie}}},
                                 .on_worker_signal = [&](CameraStream, int signal) {
                                   if (signal == SIGSEGV) crashed = true;
                                 }});
  const auto sink = std::make_shared<testing::RecordingSink>();
  ASSERT_TRUE(
      supervisor
          .Set({NewId<CameraId>(), "rtsp://127.0.0.1:9/camera", "", "", CameraTransport::kUdp},
               sink)
          .has_value());
  EXPECT_TRUE(sink->WaitForReason(GapReason::kWorkerFailed));
  const auto until = clock_.Monotonic() + testing::kPatience;
  while (!crashed && clock_.Monotonic() < until) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(crashed);
}

/// A worker that finds nobody at port 9, and else a camera that plays and sends nothing.
constexpr const char* kFinder = R"(read kind; read url; case "$url" in
*:9/*) printf '$\004\000\005\000gone';;
*) printf '$\002\000\063v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n$\003\000\000'; exec cat;;
esac)";

TEST_F(PulledCameraTest, OneThatIsThereNeedNotWaitForAllThatAreAway) {
  Supervisor supervisor(
      clock_, {.threads = 1, .parsing_notes = {}, .pull_worker{{"/bin/sh", {"-c", kFinder}}}});
  const auto set = [&](const std::string& port) {
    auto sink = std::make_shared<testing::RecordingSink>();
    EXPECT_TRUE(supervisor
                    .Set({NewId<CameraId>(), "rtsp://127.0.0.1:" + port + "/camera", "", "",
                          CameraTransport::kUdp},
                         sink)
                    .has_value());
    return sink;
  };
  std::vector<std::shared_ptr<testing::RecordingSink>> away;
  for (int i = 0; i < 60; ++i) away.push_back(set("9"));
  for (const auto& sink : away) ASSERT_TRUE(sink->WaitForReason(GapReason::kCameraUnreachable));
  const auto begun = clock_.Monotonic();
  const auto there = set("10");
  ASSERT_TRUE(there->WaitForReason(GapReason::kWaitingForKeyframe));
  EXPECT_LT(clock_.Monotonic() - begun, 3s + standstill_.so_far()) << "60 turns take 7 s";
}

TEST_F(PulledCameraTest, NobodyThereIsNamed) {
  const Recorded camera = Record("rtsp://127.0.0.1:9/camera/1", "", "", CameraTransport::kUdp);
  EXPECT_TRUE(camera.sink->WaitForReason(GapReason::kCameraUnreachable));
}

TEST_F(PulledCameraTest, AutoTakesTcpWhereItIsServed) {
  ForeignCamera server = Serve("slices.h264", {});
  ASSERT_FALSE(server.url().empty()) << server.output();
  const Recorded camera = Record(server.url(), "", "", CameraTransport::kAuto);
  ASSERT_TRUE(camera.sink->WaitForUnits(5)) << StatusOf(camera.id).last_error;
  EXPECT_EQ(StatusOf(camera.id).transport, CameraTransport::kTcp);
}

TEST_F(PulledCameraTest, AutoTakesUdpWhereTcpIsRefused) {
  ForeignCamera server = Serve("slices.h264", {"--transports", "udp"});
  ASSERT_FALSE(server.url().empty()) << server.output();
  const Recorded camera = Record(server.url(), "", "", CameraTransport::kAuto);
  ASSERT_TRUE(camera.sink->WaitForUnits(5)) << StatusOf(camera.id).last_error;
  EXPECT_EQ(StatusOf(camera.id).transport, CameraTransport::kUdp);
  EXPECT_THAT(camera.sink->reasons(),
              ElementsAre(GapReason::kCameraRefused, GapReason::kWaitingForKeyframe));
}

}  // namespace
}  // namespace yagura::ingest
