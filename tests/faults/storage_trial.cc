// One life of a recorder in a trial of tests/faults/run: the real recorder with its threads, files
// and journal in a folder, synthetic cameras in front, and a moment at which it dies. Whoever
// starts it reads the log, and judges what is left (tests/faults/judge.py).
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "core/log.h"
#include "storage/files_posix.h"
#include "storage/recorder.h"
#include "tests/faults/death_posix.h"
#include "tests/faults/mortal_files.h"
#include "tests/faults/trial_log_posix.h"
#include "tests/faults/trial_office.h"
#include "tests/faults/trial_time_posix.h"

namespace yagura::testing {
namespace {

constexpr std::chrono::milliseconds kTick{50};
constexpr std::chrono::seconds kCatalogueReads{1};
/// That goes on beside, in the machine's time: so long it lasts at most in the trial's.
constexpr std::chrono::seconds kRecoveryMax{10};
constexpr std::size_t kRecorderThreads = 3;  // writer, syncs, time keeping: those that wait
constexpr int kFramesALife = 100'000;

struct Arguments {
  std::string home;  // holds the folders state and volume
  std::string log;
  std::uint64_t seed = 0;
  int life = 0;
  std::int64_t due_us = 0;  // when the cameras' due began, and the cameras' plans do
  std::int64_t begin_us = 0;
  std::int64_t last_ms = 0;
  bool settle = false;  // no cameras: start, recover, stop
  DeathPlan plan;
};

WallTime At(std::int64_t us) { return WallTime(microseconds(us)); }

class Life {
 public:
  explicit Life(const Arguments& given)
      : given_(given),
        log_(given.log),
        time_(At(given.begin_us)),
        death_(given.plan, time_, log_),
        files_(posix_files_, death_, log_),
        recorder_({.state_folder = given.home + "/state",
                   .volumes = {{.root = given.home + "/volume", .reserve_bytes = 1'000'000}}},
                  files_, time_, calendar_) {}

  Result<void> Run() {
    TrialLog::AwaitNextTick();
    log_.TellTime(time_.Now());
    RETURN_IF_ERROR(storage::Volume::Format(posix_files_, given_.home + "/volume"));
    RETURN_IF_ERROR(recorder_.Start());
    time_.AwaitThreads(kRecorderThreads);
    if (!given_.settle) Record();
    AwaitRecovery();
    const TrialTime::Flow flow(time_);
    recorder_.Stop();
    log_.TellTime(time_.Now());
    log_.Tell("stopped\n");
    return {};
  }

 private:
  void AwaitRecovery() const {
    while (recorder_.status().recovering) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  void Record() {
    auto cameras = CamerasOf(given_.seed, At(given_.due_us));
    for (TrialCamera& camera : cameras) {
      auto sink = recorder_.Attach(camera.id(), Stream::kMain, camera.OwnersKnownAt(time_.Now()),
                                   At(given_.due_us));
      camera.Connect(std::move(sink), time_.Now(), given_.life * kFramesALife);
    }
    const WallTime end = time_.Now() + std::chrono::milliseconds(given_.last_ms);
    const WallTime recovered = time_.Now() + kRecoveryMax;
    WallTime read_at = time_.Now();
    while (death_.Look() || time_.Now() < end) {
      if (time_.Now() >= recovered) AwaitRecovery();
      time_.Advance(kTick);
      log_.TellTime(time_.Now());
      for (TrialCamera& camera : cameras) {
        recorder_.SetOwners(camera.id(), camera.OwnersKnownAt(time_.Now()));
        camera.SendUntil(time_.Now(), log_);
      }
      if (time_.Now() < read_at) continue;
      ReadJournal();
      read_at += kCatalogueReads;
    }
  }

  /// As the catalogue's committer does: a row that it reads is true from then on.
  void ReadJournal() {
    for (;;) {
      const auto batch = recorder_.journal().ReadFrom(position_, 1000);
      if (!batch.has_value() || batch->next == position_) return;
      for (const storage::JournalRecord& record : batch->records) {
        if (const auto* clip = std::get_if<storage::ClipClosed>(&record))
          log_.Tell("row " + ToString(clip->opened.clip) + "\n");
      }
      position_ = batch->next;
    }
  }

  const Arguments& given_;
  const TrialLog log_;
  TrialTime time_;
  Death death_;
  storage::PosixFiles posix_files_;
  MortalFiles files_;
  const OfficeCalendar calendar_ = *OfficeCalendar::Load("Asia/Tokyo");
  storage::Recorder recorder_;
  storage::JournalPosition position_;
};

DeathPlan::Kind KindNamed(std::string_view name) {
  if (name == "kill") return DeathPlan::Kind::kKill;
  return name == "power" ? DeathPlan::Kind::kPowerCut : DeathPlan::Kind::kNone;
}

DeathPlan::Phase PhaseNamed(std::string_view name) {
  if (name == "half") return DeathPlan::Phase::kHalf;
  return name == "behind" ? DeathPlan::Phase::kBehind : DeathPlan::Phase::kBefore;
}

Arguments Parse(std::span<char*> words) {
  Arguments given;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    const std::string_view name = words[i];
    const std::string value = words[i + 1];
    if (name == "--home") given.home = value;
    if (name == "--log") given.log = value;
    if (name == "--seed") given.seed = std::stoull(value);
    if (name == "--life") given.life = std::stoi(value);
    if (name == "--due-us") given.due_us = std::stoll(value);
    if (name == "--begin-us") given.begin_us = std::stoll(value);
    if (name == "--last-ms") given.last_ms = std::stoll(value);
    if (name == "--settle") given.settle = value == "yes";
    if (name == "--death") given.plan.kind = KindNamed(value);
    if (name == "--mount") given.plan.mount = value;
    if (name == "--death-us") given.plan.at = At(std::stoll(value));
    if (name == "--call") given.plan.call = value;
    if (name == "--skip") given.plan.skip = std::stoll(value);
    if (name == "--phase") given.plan.phase = PhaseNamed(value);
    if (name == "--delay-us") given.plan.delay_us = std::stoll(value);
  }
  return given;
}

}  // namespace
}  // namespace yagura::testing

int main(int count, char** words) {
  const auto given = yagura::testing::Parse({words + 1, words + count});
  yagura::log::Configure("trial", yagura::log::Level::kWarning);
  std::filesystem::create_directories(given.home + "/state");
  std::filesystem::create_directories(given.home + "/volume");
  const auto lived = yagura::testing::Life(given).Run();
  if (lived.has_value()) return 0;
  std::cerr << ToString(lived.error()) << "\n";
  return 3;
}
