// Clip files for bench/catalogue-rebuild, as the recorder writes them, and their rows, as its
// committer stores them; only time runs as fast as the disk allows. Cameras 1 to N (ids
// 00000000-...-0000000000NN) send a frame of 400 bytes a second; each loses its connection for some
// seconds once in an hour.
//   recorded_clips STATE_FOLDER VOLUME DATABASE_HOST CAMERAS MINUTES
#include <charconv>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "storage/catalogue_pg.h"
#include "storage/files_posix.h"
#include "storage/recorder_core.h"
#include "tests/storage/fake_stream.h"
#include "tests/support/fake_clock.h"

namespace yagura::storage {
namespace {

using testing::FakeStream;
using testing::kSecond;
using testing::OwnedBy;
using testing::TestId;

constexpr int kMinute = 60;

struct Camera {
  FakeStream stream;
  std::shared_ptr<AccessUnitSink> sink;
};

struct Wanted {
  std::string state;
  std::string volume;
  std::string database_host;
  int cameras = 0;
  int minutes = 0;
};

/// The recorder without its threads, all of whose steps are taken once a minute of its time.
class Bench {
 public:
  explicit Bench(const Wanted& wanted)
      : wanted_(wanted),
        start_(SystemClock().Now() - (wanted.minutes + kMinute) * kMinute * kSecond),
        clock_(start_),
        recorder_({.state_folder = wanted.state, .volumes = {{.root = wanted.volume}}}, files_,
                  clock_, calendar_) {}

  [[nodiscard]] Result<void> Run() {
    RETURN_IF_ERROR(recorder_.Open());
    CatalogueCommitter::Options options{
        .days = {calendar_, "Asia/Tokyo"},
        .volumes = {{recorder_.volumes().front()->volume().id(), wanted_.volume, std::nullopt}},
        .set_aside_path = wanted_.state + "/set-aside.jsonl"};
    CatalogueCommitter committer(recorder_.journal(), pool_, files_, clock_, options);
    Attach();
    for (int minute = 0; minute < wanted_.minutes; ++minute) {
      SendMinute(minute);
      RETURN_IF_ERROR(Store(committer));
    }
    recorder_.EndAll();
    for (int i = 0; i < 2; ++i) RETURN_IF_ERROR(Store(committer));
    return {};
  }

 private:
  static pg::ConnectOptions Connect(const std::string& host) {
    pg::ConnectOptions options;
    options.host = host;
    options.role = "yagura_record";
    options.statement_timeout = options.transaction_timeout = std::chrono::minutes(1);
    return options;
  }
  void Attach() {
    for (int i = 0; i < wanted_.cameras; ++i) {
      const auto id = TestId<CameraId>(static_cast<std::uint8_t>(i + 1));
      cameras_.push_back({FakeStream({.fps = 1, .gop = 2, .frame_bytes = 400},
                                     start_ + kMinute * kSecond * i / wanted_.cameras),
                          recorder_.Attach(id, Stream::kMain, {OwnedBy(1, start_)}, start_)});
    }
  }
  void SendMinute(int minute) {
    clock_.Advance(kMinute * kSecond);
    recorder_.KeepTime();
    for (std::size_t i = 0; i < cameras_.size(); ++i) {
      auto& [stream, sink] = cameras_[i];
      while (stream.WallOfNext() < clock_.Now()) sink->OnAccessUnit(stream.Next());
      if (static_cast<std::size_t>(minute) % kMinute != i % kMinute) continue;
      sink->OnInterruption(GapReason::kCameraSilent, stream.WallOfNext());
      stream.Reconnect(5 * kSecond);
    }
  }
  [[nodiscard]] Result<void> Store(CatalogueCommitter& committer) {
    VolumeWriter& volume = *recorder_.volumes().front();
    volume.ProcessQueue();
    volume.SyncRound();
    for (std::size_t stored = 1; stored > 0;) {
      ASSIGN_OR_RETURN(stored, committer.CommitOnce());
    }
    return {};
  }

  const Wanted wanted_;
  const WallTime start_;
  testing::FakeClock clock_;
  PosixFiles files_;
  const OfficeCalendar calendar_ = *OfficeCalendar::Load("Asia/Tokyo");
  RecorderCore recorder_;
  pg::Pool pool_{Connect(wanted_.database_host), 1};
  std::vector<Camera> cameras_;
};

int Number(const char* text) {
  const std::string_view digits(text);
  int number = 0;
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), number);  // else 0: refused
  return number;
}

}  // namespace
}  // namespace yagura::storage

int main(int count, char** words) {
  using namespace yagura::storage;
  if (count != 6 || Number(words[4]) < 1 || Number(words[4]) > 255 || Number(words[5]) < 1) {
    std::fprintf(stderr,
                 "usage: recorded_clips STATE_FOLDER VOLUME DATABASE_HOST CAMERAS MINUTES\n");
    return 2;
  }
  Bench bench({words[1], words[2], words[3], Number(words[4]), Number(words[5])});
  const auto done = bench.Run();
  if (done.has_value()) return 0;
  std::fprintf(stderr, "%s\n", ToString(done.error()).c_str());
  return 1;
}
