#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "app/look_budget.h"
#include "core/access_unit.h"
#include "core/pg/pool_pg.h"
#include "fleet/picture_faults_pg.h"
#include "pictures/picture_comparer.h"
#include "pictures/picture_watch.h"

namespace yagura::app {

class WatchedPictures;

/// Joins pictures with what is recorded: a watch for each camera, a worker that looks at what a
/// watch finds suspicious, and the database, which is told of every change. A thread of its own
/// does both: recording waits for neither, and where they are slow or away questions are dropped,
/// and the present state is told later.
class PictureChecks {
 public:
  /// `program` is this one, for its worker. `pool` connects as yagura_record and outlives this.
  PictureChecks(std::string program, pg::Pool& pool);
  ~PictureChecks();
  PictureChecks(const PictureChecks&) = delete;
  PictureChecks& operator=(const PictureChecks&) = delete;

  /// A sink that hands all on to `sink`, and watches it. A camera is watched once at a time.
  [[nodiscard]] std::shared_ptr<AccessUnitSink> Watch(CameraId camera,
                                                      std::shared_ptr<AccessUnitSink> sink);
  void Forget(CameraId camera);

  void Start();
  void Stop();

  struct Fault {
    pictures::PictureFault fault = pictures::PictureFault::kNone;
    WallTime since{};
  };
  using Faults = std::map<CameraId, Fault>;
  /// Those there are now. Any thread.
  [[nodiscard]] Faults faults();

 private:
  using Pictures = std::shared_ptr<WatchedPictures>;
  void Loop();
  [[nodiscard]] std::map<CameraId, Pictures> Watched();
  void LookAt(CameraId camera, WatchedPictures& pictures);
  void AllowLooks(const std::map<CameraId, Pictures>& watched);
  void Note(CameraId camera, const Fault& now);
  void SetFault(CameraId camera, const Fault& now);
  void DropFaultsButOf(const std::set<CameraId>& cameras);
  void Tell();
  [[nodiscard]] bool Wait();

  pictures::PictureComparer comparer_;
  pg::Pool& pool_;

  std::mutex mutex_;  // guards the next three, and changes of faults_
  std::condition_variable wake_;
  std::map<CameraId, Pictures> watched_;
  bool stopping_ = false;

  // The thread's own.
  Faults faults_;
  std::set<CameraId> told_of_;  // cameras of which the database has the present state
  bool changed_ = false;
  LookBudget budget_{std::chrono::steady_clock::now()};
  CameraId last_allowed_{};
  std::thread thread_;
};

}  // namespace yagura::app
