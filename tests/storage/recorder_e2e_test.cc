#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "storage/files_posix.h"
#include "storage/recorder.h"
#include "tests/storage/catalogue_model.h"
#include "tests/storage/fake_stream.h"
#include "tests/support/child_process_posix.h"

namespace yagura::storage {
namespace {

using testing::CatalogueModel;
using testing::FakeStream;
using ::testing::IsEmpty;
using testing::kSecond;
using testing::OwnedBy;
using ::testing::SizeIs;
using testing::TestId;

constexpr WallTime kLongAgo{std::chrono::seconds(1'000'000'000)};

bool Await(const std::function<bool()>& condition) {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > patience) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

/// Of an office where it is no hour from midnight, which rolls runs and splits gaps.
OfficeCalendar CalendarOf(WallTime now) {
  for (const char* zone : {"Asia/Tokyo", "UTC"}) {
    const OfficeCalendar calendar = *OfficeCalendar::Load(zone);
    if (calendar.MidnightBefore(now + std::chrono::hours(1)) < now - std::chrono::hours(1))
      return calendar;
  }
  ADD_FAILURE() << "it is midnight everywhere";
  return *OfficeCalendar::Load("UTC");
}

/// The recorder with its threads, on a real disk, with the machine's clock.
class RecorderTest : public ::testing::Test {
 protected:
  RecorderTest() {
    std::filesystem::create_directories(folder_.path() / "state");
    for (const char* name : {"a", "b"}) {
      std::filesystem::create_directories(folder_.path() / name);
      EXPECT_TRUE(Volume::Format(files_, (folder_.path() / name).string()).has_value());
    }
  }
  std::unique_ptr<Recorder> Make() {
    return std::make_unique<Recorder>(
        Recorder::Options{
            .state_folder = (folder_.path() / "state").string(),
            .volumes = {{.root = (folder_.path() / "a").string(), .reserve_bytes = 1000},
                        {.root = (folder_.path() / "b").string(), .reserve_bytes = 1000}}},
        files_, clock_, calendar_);
  }
  /// Frames of the last `seconds`, as if the camera had been there that long.
  static void Send(AccessUnitSink& sink, FakeStream& stream, int frames) {
    for (int i = 0; i < frames; ++i) sink.OnAccessUnit(stream.Next());
  }

  const testing::TemporaryFolder folder_;
  PosixFiles files_;
  SystemClock clock_;
  const OfficeCalendar calendar_ = CalendarOf(clock_.Now());
};

TEST_F(RecorderTest, StreamsFromManyThreadsAreClosedInTheCatalogue) {
  constexpr int kThreads = 4;
  const WallTime start = clock_.Now() - 200 * kSecond;
  const auto recorder = Make();
  ASSERT_TRUE(recorder->Start().has_value());
  std::vector<std::thread> threads;
  for (std::uint8_t i = 0; i < kThreads; ++i) {
    const auto sink =
        recorder->Attach(TestId<CameraId>(i), Stream::kMain, {OwnedBy(1, kLongAgo)}, start);
    threads.emplace_back([sink, start] {
      FakeStream stream({.fps = 10, .gop = 20, .frame_bytes = 5000}, start);
      Send(*sink, stream, 1300);
      sink->OnInterruption(GapReason::kCameraSilent, stream.WallOfNext());
    });
  }
  for (std::thread& thread : threads) thread.join();
  CatalogueModel catalogue;
  EXPECT_TRUE(Await([&] {
    catalogue.ReadFrom(recorder->journal());
    return catalogue.clips().size() == 3 * kThreads;
  })) << "the running recorder closes clips and makes them durable by itself";
  EXPECT_TRUE(Await([&] { return recorder->status().held_bytes == 0; }));
  EXPECT_EQ(recorder->status().fragments_dropped, 0U);
  recorder->Stop();
  catalogue.ReadFrom(recorder->journal());
  EXPECT_THAT(catalogue.open_clips(), IsEmpty());
  for (const auto& gap : catalogue.gaps())
    EXPECT_EQ(gap.opened.reason == GapReason::kRecorderRestart, !gap.to);
}

TEST_F(RecorderTest, ACameraCanBeDetachedAndAttachedAgain) {
  const WallTime start = clock_.Now() - 100 * kSecond;
  const auto recorder = Make();
  ASSERT_TRUE(recorder->Start().has_value());
  const auto id = TestId<CameraId>(1);
  FakeStream stream({.fps = 10, .gop = 20}, start);
  const auto sink = recorder->Attach(id, Stream::kMain, {OwnedBy(1, kLongAgo)}, start);
  Send(*sink, stream, 100);
  recorder->Detach({id}, stream.WallOfNext());
  EXPECT_THAT(recorder->journal().state().gaps(), IsEmpty());
  Send(*sink, stream, 20);  // nobody wants them any more
  const auto again =
      recorder->Attach(id, Stream::kMain, {OwnedBy(1, kLongAgo)}, stream.WallOfNext());
  Send(*again, stream, 100);
  recorder->Stop();
  CatalogueModel catalogue;
  catalogue.ReadFrom(recorder->journal());
  EXPECT_THAT(catalogue.clips(), SizeIs(2));
  EXPECT_THAT(catalogue.gaps(), SizeIs(1));  // of the stop
}

TEST_F(RecorderTest, ACameraThatIsGoneAfterARestartCanBeDetached) {
  const auto id = TestId<CameraId>(1);
  {
    const auto recorder = Make();
    ASSERT_TRUE(recorder->Start().has_value());
    (void)recorder->Attach(id, Stream::kMain, {OwnedBy(1, kLongAgo)}, clock_.Now());
  }
  const auto recorder = Make();
  ASSERT_TRUE(recorder->Start().has_value());
  EXPECT_THAT(recorder->Unattached(), ::testing::ElementsAre(CameraStream{id}));
  recorder->Detach({id}, clock_.Now());
  EXPECT_THAT(recorder->Unattached(), IsEmpty());
}

TEST_F(RecorderTest, AVolumeThatIsNotThereIsLeftOut) {
  std::filesystem::remove(folder_.path() / "a" / "volume");
  const auto recorder = Make();
  ASSERT_TRUE(recorder->Start().has_value());
  FakeStream stream({.fps = 10, .gop = 20}, clock_.Now() - 20 * kSecond);
  const auto sink = recorder->Attach(TestId<CameraId>(1), Stream::kMain, {OwnedBy(1, kLongAgo)},
                                     clock_.Now() - 30 * kSecond);
  Send(*sink, stream, 100);
  recorder->Stop();
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "a" / "clips"));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "b" / "clips"));
}

TEST_F(RecorderTest, NoVolumeAtAllIsRefused) {
  std::filesystem::remove(folder_.path() / "a" / "volume");
  std::filesystem::remove(folder_.path() / "b" / "volume");
  EXPECT_EQ(Make()->Start().error().code(), ErrorCode::kFailedPrecondition);
}

}  // namespace
}  // namespace yagura::storage
