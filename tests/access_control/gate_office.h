#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "access_control/gate.h"
#include "tests/access_control/office.h"
#include "tests/access_control/stored_office.h"

namespace yagura::access_control {

inline WallTime RealNow() { return std::chrono::floor<microseconds>(SystemClock().Now()); }

/// A wall clock that tells the real time, as row security demands, and a monotonic one that a test
/// moves.
class HalfClock final : public Clock {
 public:
  [[nodiscard]] WallTime Now() const override { return RealNow() + ahead; }
  [[nodiscard]] MonoTime Monotonic() const override {
    return MonoTime(std::chrono::seconds(1000) + passed);
  }
  microseconds ahead{0};
  std::chrono::milliseconds passed{0};
};

class GateTest : public ::testing::Test {
 protected:
  GateTest() {
    const UnitId root = office_.AddUnit();
    welfare_ = office_.AddUnit(root);
    taxes_ = office_.AddUnit(root);
    const WallRange since{now_ - std::chrono::hours(48), WallTime::max()};
    camera_ = office_.AddCamera(welfare_, since);
    floor_ = office_.AddFloor();
    office_.Place(camera_, floor_, since);
    head_ = office_.AddHolder(Post::kDepartmentHead, welfare_, since);
    other_head_ = office_.AddHolder(Post::kDepartmentHead, taxes_, since);
    operations_ = office_.AddHolder(Post::kOperations, root, since);
    clip_ = ClipOf({camera_, welfare_, minute_}, floor_);
    store_.Store(office_.set(), {clip_});
    caller_ = store_.StartSession(head_);
  }

  [[nodiscard]] static Result<void> DoNothing(Permit&) { return {}; }
  ErrorCode CodeOfEntering(const Caller& caller, const Demand& demand) {
    const auto entered = gate_.Enter(caller, demand, DoNothing);
    return entered.has_value() ? ErrorCode::kUnimplemented : entered.error().code();
  }
  /// "event event …" of all records, oldest first.
  std::string Events() {
    return store_.Run("SELECT coalesce(string_agg(event, ' ' ORDER BY at), '') FROM audit_record");
  }
  /// The clip's footage, found by its id as a handler does.
  [[nodiscard]] static Demand DemandForClip(const RunId& run);
  [[nodiscard]] Result<Viewing> Open(const Caller& caller) {
    return gate_.EnterFor<Viewing>(
        caller, DemandFor(Action::kFootagePlay, camera_), [&](Permit& permit) {
          return permit.OpenViewing({camera_, welfare_, minute_}, "a complaint");
        });
  }

  WallTime now_ = RealNow();
  WallRange minute_{now_ - std::chrono::hours(1),
                    now_ - std::chrono::hours(1) + std::chrono::minutes(1)};
  Office office_;
  UnitId welfare_, taxes_;
  CameraId camera_;
  FloorId floor_;
  PersonId head_, other_head_, operations_;
  StoredClip clip_;
  std::unique_ptr<testing::MigratedPostgres> database_ = StoredOffice::NewDatabase();
  StoredOffice store_{*database_};
  Caller caller_;
  HalfClock clock_;
  FactsSource facts_{database_->As("yagura_media")};
  Gate gate_{database_->As("yagura_media"), facts_, clock_};
};

}  // namespace yagura::access_control
