#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/catalogue_pg.h"
#include "storage/files_posix.h"
#include "storage/recorder_core.h"
#include "tests/support/fake_clock.h"

namespace yagura::testing {

/// The recorder and its committer on a real disk and database, without their threads: time passes
/// as its caller says, as fast as the disk allows.
class RecorderInSteps {
 public:
  struct Places {
    std::string state;
    std::string volume;  // formatted
    std::string database_host;
  };
  RecorderInSteps(const Places& places, WallTime now)
      : places_(places),
        clock_(now),
        pool_(Connect(places.database_host), 1),
        core_({.state_folder = places.state, .volumes = {{.root = places.volume}}}, files_, clock_,
              calendar_) {}

  [[nodiscard]] Result<void> Open() {
    RETURN_IF_ERROR(core_.Open());
    storage::CatalogueCommitter::Options options{
        .days = {calendar_, "Asia/Tokyo"},
        .volumes = {{core_.volumes().front()->volume().id(), places_.volume, std::nullopt}},
        .set_aside_path = places_.state + "/set-aside.jsonl"};
    committer_ = std::make_unique<storage::CatalogueCommitter>(core_.journal(), pool_, files_,
                                                               clock_, options);
    return {};
  }
  [[nodiscard]] std::shared_ptr<AccessUnitSink> Attach(CameraId camera,
                                                       std::vector<storage::OwnerSpan> owners,
                                                       WallTime due_from) {
    return core_.Attach(camera, Stream::kMain, std::move(owners), due_from);
  }
  /// Time passes.
  void Pass(microseconds time) {
    clock_.Advance(time);
    core_.KeepTime();
  }
  /// Somebody sets the clock.
  void SetClock(microseconds by) {
    clock_.StepWall(by);
    core_.KeepTime();
  }
  /// What came is on the disk, and what was closed has its rows.
  [[nodiscard]] Result<void> Store() {
    storage::VolumeWriter& volume = *core_.volumes().front();
    volume.ProcessQueue();
    volume.SyncRound();
    for (std::size_t stored = 1; stored > 0;) {
      ASSIGN_OR_RETURN(stored, committer_->CommitOnce());
    }
    return {};
  }
  [[nodiscard]] Result<void> End() {
    core_.EndAll();
    for (int i = 0; i < 2; ++i) {
      Pass(std::chrono::seconds(1));
      RETURN_IF_ERROR(Store());
    }
    return {};
  }
  [[nodiscard]] WallTime Now() const { return clock_.Now(); }

 private:
  static pg::ConnectOptions Connect(const std::string& host) {
    pg::ConnectOptions options;
    options.host = host;
    options.role = "yagura_record";
    options.statement_timeout = options.transaction_timeout = std::chrono::minutes(1);
    return options;
  }

  const Places places_;
  FakeClock clock_;
  storage::PosixFiles files_;
  const OfficeCalendar calendar_ = *OfficeCalendar::Load("Asia/Tokyo");
  pg::Pool pool_;
  storage::RecorderCore core_;
  std::unique_ptr<storage::CatalogueCommitter> committer_;
};

}  // namespace yagura::testing
