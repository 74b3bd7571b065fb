// Sub streams between real cameras, the relay and the recorder: who watches gets them, and the main
// stream never notices.
#include "app/sub_streams.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <thread>

#include "simulate/camera_farm.h"
#include "storage/files_posix.h"
#include "storage/live_subscriber.h"
#include "tests/ingest/recording_sink.h"
#include "tests/storage/catalogue_model.h"
#include "tests/storage/fake_stream.h"
#include "tests/support/child_process_posix.h"
#include "tests/support/fake_clock.h"

namespace yagura::app {
namespace {

using std::chrono::seconds;
using testing::RecordingSink;

constexpr WallTime kLongAgo{seconds(1'000'000'000)};

class Viewer final : public storage::LiveListener {
 public:
  void OnAccessUnit(AccessUnit unit) override { sink.OnAccessUnit(std::move(unit)); }
  void OnLost() override {}
  RecordingSink sink;
};

/// A camera that serves two streams, at two paths of one address; its main one goes into a sink.
class SubStreamsTest : public ::testing::Test {
 protected:
  SubStreamsTest() {
    simulate::FarmOptions options;
    options.sent_log = folder_.path() / "sent.log";
    const std::filesystem::path loops = YAGURA_TEST_LOOPS;
    options.groups = {{.count = 2, .loops = {loops / "gop_half.h264"}}};
    farm_ = *simulate::CameraFarm::Start(options, clock_);
    std::filesystem::create_directories(folder_.path() / "volume");
    EXPECT_TRUE(storage::Volume::Format(files_, (folder_.path() / "volume").string()).has_value());
    EXPECT_TRUE(recorder_.Start().has_value());
    subs_.emplace(supervisor_, recorder_, relay_, parking_, key_, clock_);
    EXPECT_TRUE(relay_.Start().has_value());
    camera_.id = NewId<CameraId>();
    camera_.owners = {testing::OwnedBy(1, kLongAgo)};
    camera_.sub = fleet::SubStream{.url = farm_->Url(2), .sealed_credentials = {}};
    EXPECT_TRUE(supervisor_.Set({camera_.id, farm_->Url(1), "", ""}, main_).has_value());
    EXPECT_TRUE(main_->WaitForUnits(5));
  }
  ~SubStreamsTest() override {
    relay_.Stop();
    supervisor_.Stop();
    recorder_.Stop();
  }

  std::string Path(const char* name) const { return (folder_.path() / name).string(); }
  std::optional<ingest::CameraStatus> StatusOf(Stream stream) {
    for (const auto& status : supervisor_.Status())
      if (status.id == camera_.id && status.stream == stream) return status;
    return std::nullopt;
  }
  bool Await(const std::function<bool()>& condition) {
    const auto until = clock_.Monotonic() + testing::kPatience;
    while (!condition() && clock_.Monotonic() < until) std::this_thread::sleep_for(milliseconds(5));
    return condition();
  }
  std::shared_ptr<Viewer> Watch() {
    auto viewer = std::make_shared<Viewer>();
    subscriber_.Subscribe(sub_stream(), viewer);
    return viewer;
  }
  CameraStream sub_stream() const { return {camera_.id, Stream::kSub}; }
  /// The main stream went on, in its one session, all the time.
  void ExpectMainUntouched() {
    EXPECT_TRUE(main_->WaitForMoreUnits(2));
    EXPECT_EQ(StatusOf(Stream::kMain)->sessions, 1U);
    EXPECT_THAT(main_->reasons(), ::testing::ElementsAre(GapReason::kWaitingForKeyframe));
  }

  const testing::TemporaryFolder folder_;
  SystemClock clock_;
  storage::PosixFiles files_;
  const OfficeCalendar calendar_ = *OfficeCalendar::Load("UTC");
  std::unique_ptr<simulate::CameraFarm> farm_;
  const fleet::SealingKey key_ = *fleet::SealingKey::LoadOrCreate(folder_.path() / "key");
  CrashFile crashes_{files_, Path("crash-book")};
  Parking parking_{crashes_, clock_};
  storage::Recorder recorder_{
      {.state_folder = folder_.path().string(), .volumes = {{.root = Path("volume")}}},
      files_,
      clock_,
      calendar_};
  ingest::Supervisor supervisor_{clock_, {.threads = 2, .parsing_notes = {}}};
  std::optional<SubStreams> subs_;
  storage::LiveRelay relay_{
      {.socket_path = Path("live.socket")}, clock_, [this](CameraStream of, bool watched) {
        subs_->OnWatched(of.camera, watched);
      }};
  storage::LiveSubscriber subscriber_{{.socket_path = Path("live.socket")}, clock_};
  const std::shared_ptr<RecordingSink> main_ = std::make_shared<RecordingSink>();
  fleet::RecordedCamera camera_;
};

TEST_F(SubStreamsTest, OneIsPulledWhileItIsWatchedAndALittleLonger) {
  subs_->Set(camera_, clock_.Now());
  EXPECT_EQ(StatusOf(Stream::kSub), std::nullopt);
  const auto viewer = Watch();
  ASSERT_TRUE(viewer->sink.WaitForUnits(5));
  EXPECT_TRUE(viewer->sink.units().front().keyframe);
  const MonoTime left_at = clock_.Monotonic();
  subscriber_.Unsubscribe(sub_stream());
  const bool let_go = Await([&] {
    subs_->Sweep();
    return !StatusOf(Stream::kSub).has_value();
  });
  EXPECT_TRUE(let_go);
  EXPECT_GE(clock_.Monotonic() - left_at, SubStreams::kLinger);
  ExpectMainUntouched();
}

TEST_F(SubStreamsTest, WhoComesLaterSeesNothingOfBefore) {
  subs_->Set(camera_, clock_.Now());
  ASSERT_TRUE(Watch()->sink.WaitForUnits(5));
  subscriber_.Unsubscribe(sub_stream());
  ASSERT_TRUE(Await([&] {
    subs_->Sweep();
    return !StatusOf(Stream::kSub).has_value();
  }));
  const WallTime came = clock_.Now();
  const auto viewer = Watch();
  ASSERT_TRUE(viewer->sink.WaitForUnits(1));
  EXPECT_GE(viewer->sink.units().front().wall, came - seconds(2)) << "its session began just now";
}

TEST_F(SubStreamsTest, WhereItsAddressIsWrongTheMainStreamGoesOn) {
  camera_.sub->url = "rtsp://127.0.0.1:1/nobody";
  subs_->Set(camera_, clock_.Now());
  const auto viewer = Watch();
  ASSERT_TRUE(Await([&] {
    const auto status = StatusOf(Stream::kSub);
    return status && status->reason == GapReason::kCameraUnreachable;
  }));
  ExpectMainUntouched();
  camera_.sub->url = farm_->Url(2);
  subs_->Set(camera_, clock_.Now());
  EXPECT_TRUE(viewer->sink.WaitForUnits(1)) << "whoever watches stays, and sees the right one";
}

TEST_F(SubStreamsTest, OverTlsItsCredentialsWaitForTheMainStreamsCertificate) {
  camera_.transport = camera_.sub->transport = CameraTransport::kTls;
  camera_.sub->sealed_credentials = *fleet::Seal(key_.public_key(), camera_.id, {"user", "secret"});
  camera_.sub->recorded = true;
  subs_->Set(camera_, clock_.Now());
  EXPECT_EQ(StatusOf(Stream::kSub), std::nullopt) << "anybody's certificate would do";
  camera_.certificate = std::string(64, 'a');
  subs_->Set(camera_, clock_.Now());
  EXPECT_NE(StatusOf(Stream::kSub), std::nullopt);
  camera_.certificate.clear();  // forgotten
  subs_->Set(camera_, clock_.Now());
  EXPECT_EQ(StatusOf(Stream::kSub), std::nullopt);
}

TEST_F(SubStreamsTest, OverTlsItWaitsForNobodyWhoseMainStreamShowsNoCertificate) {
  camera_.sub->transport = CameraTransport::kTls;
  camera_.sub->sealed_credentials = *fleet::Seal(key_.public_key(), camera_.id, {"user", "secret"});
  camera_.sub->recorded = true;
  subs_->Set(camera_, clock_.Now());
  EXPECT_NE(StatusOf(Stream::kSub), std::nullopt);
}

TEST_F(SubStreamsTest, OneThatIsRecordedIsPulledAlwaysAndAccountedFor) {
  camera_.sub->recorded = true;
  subs_->Set(camera_, clock_.Now());
  EXPECT_TRUE(Await([&] {
    const auto status = StatusOf(Stream::kSub);
    return status && status->frames > 20;
  }));
  subs_->Sweep();
  EXPECT_NE(StatusOf(Stream::kSub), std::nullopt) << "nobody watches it";
  subs_->End(camera_.id, clock_.Now());
  EXPECT_EQ(StatusOf(Stream::kSub), std::nullopt);
  testing::CatalogueModel catalogue;
  EXPECT_TRUE(Await([&] {  // what is closed is told once it is on the disk
    catalogue.ReadFrom(recorder_.journal());
    return !catalogue.clips().empty();
  }));
  for (const auto& gap : catalogue.gaps()) EXPECT_EQ(gap.opened.stream, Stream::kSub);
  ExpectMainUntouched();
}

TEST_F(SubStreamsTest, OneThatIsNotRecordedHasNeitherClipsNorGaps) {
  subs_->Set(camera_, clock_.Now());
  ASSERT_TRUE(Watch()->sink.WaitForUnits(5));
  subs_->End(camera_.id, clock_.Now());
  testing::CatalogueModel catalogue;
  catalogue.ReadFrom(recorder_.journal());
  EXPECT_TRUE(catalogue.clips().empty());
  EXPECT_TRUE(catalogue.gaps().empty());
}

}  // namespace
}  // namespace yagura::app
