// A disk that refuses: once at any place, for a while, or for good.
#include <gmock/gmock.h>

#include <algorithm>
#include <optional>
#include <string>

#include "tests/storage/recording_rig.h"

namespace yagura::testing {
namespace {

using ::testing::IsEmpty;

/// Whoever looks after the recorder hears of a disk's refusal within this time.
constexpr microseconds kAlarmWithin = 5 * kSecond;
/// A stream is recorded elsewhere again within this time.
constexpr microseconds kElsewhereWithin = 5 * kSecond;

using Picks = std::function<bool(const MemoryFiles::Call&)>;

/// A recorder's life, all that it writes, during which the disk refuses the calls that `picks`
/// names, from its start on.
class FaultyLife {
 public:
  FaultyLife(RecordingRig& rig, ErrorCode code, Picks picks) : rig_(rig) {
    rig_.files().SetFault(
        [this, code, picks](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
          if (!picks(call)) return std::nullopt;
          if (!refused_at_) refused_at_ = rig_.clock().Now();
          return code;
        });
  }

  void Live() {
    rig_.Start();
    if (!rig_.started()) {  // whoever started it was told why not
      told_at_ = rig_.clock().Now();
      rig_.Start();
    }
    Run(4);
    rig_.SetOwners({OwnedBy(1), OwnedBy(2, kMorning + 6 * kSecond)});
    Run(5);
    rig_.Interrupt(1, GapReason::kCameraSilent);
    rig_.Reconnect(1, 3);
    Run(56);  // another clip
  }
  [[nodiscard]] const std::optional<WallTime>& refused_at() const { return refused_at_; }
  /// From the first refusal until the recorder's status said so.
  [[nodiscard]] microseconds until_told() const {
    return refused_at_ && told_at_ ? *told_at_ - *refused_at_ : microseconds(0);
  }

 private:
  void Run(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      rig_.Run(1);
      if (!told_at_ && rig_.recorder() != nullptr && Failures() > 0) told_at_ = rig_.clock().Now();
    }
    const bool untold = refused_at_ && !told_at_ && rig_.recorder() != nullptr;
    EXPECT_TRUE(!untold || rig_.clock().Now() - *refused_at_ <= kAlarmWithin);
  }
  [[nodiscard]] std::uint64_t Failures() const {
    const storage::RecorderStatus status = rig_.recorder()->status();
    std::uint64_t failures = status.journal_failures;
    for (const storage::VolumeStatus& volume : status.volumes) failures += volume.failures;
    return failures;
  }

  RecordingRig& rig_;
  std::optional<WallTime> refused_at_;
  std::optional<WallTime> told_at_;
};

/// The power goes once all is stored: what a row promises has to be on the disk, not in its cache.
void JudgeAfterAPowerCut(RecordingRig& rig) {
  ASSERT_THAT(rig.Problems(), IsEmpty());
  rig.CutPower(2, MemoryFiles::Loss::kAllUnsynced, 1);
  rig.Start();
  ASSERT_TRUE(rig.started());
  rig.Run(3);
  rig.Stop();
  ASSERT_THAT(rig.Problems(), IsEmpty()) << "after a power cut";
}

std::string NameOf(ErrorCode code) {
  return code == ErrorCode::kResourceExhausted ? "NoSpace" : "InputOutputError";
}

struct OneFault {
  ErrorCode code;
  int volumes;
};
class OneFailingCallTest : public ::testing::TestWithParam<OneFault> {};

/// False: the life made fewer calls.
bool FailOnce(std::uint64_t number) {
  const OneFault& fault = OneFailingCallTest::GetParam();
  SCOPED_TRACE("call " + std::to_string(number));
  RecordingRig rig({.fps = 2, .gop = 4}, 2, fault.volumes);
  const std::uint64_t nth = rig.files().calls() + number;
  std::string what;
  FaultyLife life(rig, fault.code, [&](const MemoryFiles::Call& call) {
    if (call.number == nth) what = call.what + " " + call.path;
    return call.number == nth;
  });
  life.Live();
  SCOPED_TRACE(what);
  EXPECT_LE(life.until_told(), kAlarmWithin);
  rig.Stop();
  JudgeAfterAPowerCut(rig);
  return life.refused_at().has_value();
}

TEST_P(OneFailingCallTest, AtAnyPlaceCostsNoTruthAndIsToldWithinFiveSeconds) {
  std::uint64_t number = 1;
  while (FailOnce(number) && !HasFailure()) ++number;
  std::printf("%llu calls, each failed once\n", static_cast<unsigned long long>(number - 1));
  EXPECT_GT(number, 300U);
}

INSTANTIATE_TEST_SUITE_P(Faults, OneFailingCallTest,
                         ::testing::Values(OneFault{ErrorCode::kUnavailable, 1},
                                           OneFault{ErrorCode::kResourceExhausted, 1},
                                           OneFault{ErrorCode::kUnavailable, 2},
                                           OneFault{ErrorCode::kResourceExhausted, 2}),
                         [](const auto& fault) {
                           return NameOf(fault.param.code) + "On" +
                                  std::to_string(fault.param.volumes);
                         });

class FaultTest : public ::testing::TestWithParam<ErrorCode> {};

void RefuseForAWhile(const std::string& folder) {
  for (std::uint64_t from = 20; from <= 400 && !::testing::Test::HasFailure(); from += 7) {
    SCOPED_TRACE("calls from " + std::to_string(from) + " on");
    RecordingRig rig;
    FaultyLife life(rig, FaultTest::GetParam(), [&](const MemoryFiles::Call& call) {
      return call.number >= from && call.number < from + 60 && call.path.starts_with(folder);
    });
    life.Live();
    EXPECT_LE(life.until_told(), kAlarmWithin);
    rig.files().SetFault(nullptr);
    rig.Stop();
    JudgeAfterAPowerCut(rig);
  }
}

TEST_P(FaultTest, AVolumeThatRefusesForAWhileIsAGap) { RefuseForAWhile("/volume1"); }
TEST_P(FaultTest, AJournalThatRefusesForAWhileIsCaughtUpWith) { RefuseForAWhile("/state"); }

/// The longest gap of camera `number` that its disk is the reason of.
microseconds LongestRefusal(RecordingRig& rig, int number) {
  microseconds longest{0};
  for (const CatalogueModel::Gap& gap : rig.catalogue().gaps()) {
    const GapReason reason = gap.opened.reason;
    if (gap.opened.camera != RecordingRig::IdOf(number) || reason == GapReason::kCameraSilent)
      continue;
    if (gap.opened.from > kMorning + kSecond && gap.to)
      longest = std::max(longest, *gap.to - gap.opened.from);
  }
  return longest;
}

// What was in memory goes to the other volume, and so do the streams.
TEST_P(FaultTest, AVolumeThatRefusesForGoodLosesNothingThatItHadTaken) {
  for (std::uint64_t from = 30; from <= 430 && !HasFailure(); from += 3) {
    SCOPED_TRACE("calls from " + std::to_string(from) + " on");
    RecordingRig rig({.fps = 5, .gop = 10}, 2, 2);
    FaultyLife life(rig, GetParam(), [&](const MemoryFiles::Call& call) {
      return call.number >= from && call.path.starts_with("/volume1");
    });
    life.Live();
    EXPECT_LE(life.until_told(), kAlarmWithin);
    rig.Stop();  // with the fault
    auto problems = rig.Problems();
    // A file with nothing in it that counts can't be taken away either.
    std::erase_if(problems,
                  [](const auto& one) { return one.starts_with("nobody knows /volume1"); });
    ASSERT_THAT(problems, IsEmpty());
    if (!life.refused_at()) break;
    EXPECT_LE(rig.LostBefore(*life.refused_at()), kSecond);
    for (int camera = 0; camera < 2; ++camera) {
      EXPECT_LE(LongestRefusal(rig, camera), kElsewhereWithin);
      EXPECT_EQ(rig.VolumesOf(camera).back(), '2') << rig.VolumesOf(camera);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Codes, FaultTest,
                         ::testing::Values(ErrorCode::kUnavailable, ErrorCode::kResourceExhausted),
                         [](const auto& code) { return NameOf(code.param); });

// The account of a stream's time is kept in order, whichever of two volumes is the slower.
TEST(MoveTest, AStreamIsTakenOverOnlyWhenTheVolumeThatItLeavesHasDoneItsPart) {
  RecordingRig rig({.fps = 5, .gop = 10, .b_frames = true}, 2, 2);
  rig.Start();
  rig.Run(10);
  const VolumeId first = rig.recorder()->volumes().front()->volume().id();
  rig.Hang(0);
  rig.Run(1);
  rig.recorder()->SetOverLimit({first});
  rig.SetOwners({OwnedBy(1), OwnedBy(2, kMorning + 12 * kSecond)});
  rig.Run(4);
  rig.Interrupt(0, GapReason::kCameraSilent);
  rig.Reconnect(0, 1);
  rig.Run(4);
  rig.GoOn();
  rig.Run(8);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
  EXPECT_EQ(rig.VolumesOf(0).find('2'), 1U) << rig.VolumesOf(0);
  EXPECT_EQ(rig.VolumesOf(0).rfind('1'), 0U) << rig.VolumesOf(0);
  EXPECT_EQ(rig.Gaps(0).size(), 2U);  // the silence, and the stop
}

}  // namespace
}  // namespace yagura::testing
