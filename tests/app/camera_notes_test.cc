#include "app/camera_notes.h"

#include <gmock/gmock.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using storage::CameraClockNoted;
using storage::JournalRecord;
using storage::ReceptionNoted;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr WallTime kNoon{std::chrono::seconds(1'800'000'000)};

class CameraNotesTest : public ::testing::Test {
 protected:
  CameraNotesTest() { camera_.id.bytes.back() = 1; }
  /// `after` the start, the camera being as it is.
  CameraNotes::Records Look(std::chrono::seconds after, std::uint64_t dropped = 0) {
    return notes_.Look({camera_}, {{camera_.id, dropped}}, kNoon + after, MonoTime(1000s + after));
  }
  CameraClockNoted Clock(std::chrono::seconds at, microseconds offset,
                         std::optional<std::int64_t> drift_ppb = {}) const {
    return {camera_.id, kNoon + at, offset, drift_ppb};
  }
  ReceptionNoted Lost(std::chrono::seconds from, std::chrono::seconds to, std::uint64_t packets,
                      std::uint64_t frames, std::uint64_t fragments = 0) const {
    return {camera_.id, kNoon + from, kNoon + to, packets, frames, fragments};
  }

  CameraNotes notes_;
  ingest::CameraStatus camera_;
};

TEST_F(CameraNotesTest, ACameraWithoutAClockAndWithoutLossesLeavesNothing) {
  for (int i = 0; i < 200; ++i) EXPECT_THAT(Look(i * 10s), IsEmpty());
  EXPECT_THAT(notes_.Finish(kNoon + 2000s), IsEmpty());
}

TEST_F(CameraNotesTest, AClockIsToldWhenItIsKnownWhenItIsSetAndEveryTenMinutesWhileItDrifts) {
  EXPECT_THAT(Look(0s), IsEmpty());
  camera_.clock_offset = -2s;
  EXPECT_THAT(Look(10s), ElementsAre(JournalRecord(Clock(10s, -2s))));
  camera_.clock_offset = -2s + 99ms;
  EXPECT_THAT(Look(700s), IsEmpty()) << "hardly any drift";
  camera_.clock_offset = -2s + 120ms;
  camera_.clock_drift_ppm = 200.5;
  EXPECT_THAT(Look(710s), ElementsAre(JournalRecord(Clock(710s, -1'880ms, 200'500))));
  camera_.clock_offset = -2s + 240ms;
  EXPECT_THAT(Look(720s), IsEmpty()) << "not ten minutes yet";
  camera_.clock_offset = std::chrono::hours(8760);
  camera_.clock_drift_ppm = {};
  EXPECT_THAT(Look(770s), ElementsAre(JournalRecord(Clock(770s, std::chrono::hours(8760)))));
}

TEST_F(CameraNotesTest, AClockThatIsSetAgainAndAgainIsToldOnceAMinute) {
  std::size_t told = 0;
  for (int i = 0; i < 360; ++i) {
    camera_.clock_offset = std::chrono::hours(i % 2);
    told += Look(i * 10s).size();
  }
  EXPECT_LE(told, 60u);
}

TEST_F(CameraNotesTest, LossesAreSummedUpOverTenMinutes) {
  camera_.lost_packets = 3;  // while it wasn't asked yet
  EXPECT_THAT(Look(0s), IsEmpty());
  camera_.lost_packets = 40;
  camera_.damaged_frames = 7;
  EXPECT_THAT(Look(300s), IsEmpty());
  EXPECT_THAT(Look(600s, 2), ElementsAre(JournalRecord(Lost(0s, 600s, 40, 7, 2))));
  EXPECT_THAT(Look(1200s, 2), IsEmpty());
  camera_.lost_packets = 41;
  EXPECT_THAT(Look(1300s, 2), IsEmpty());
  EXPECT_THAT(notes_.Finish(kNoon + 1310s), ElementsAre(JournalRecord(Lost(1200s, 1310s, 1, 0))));
  EXPECT_THAT(notes_.Look({}, {}, kNoon + 1320s, MonoTime(2320s)),
              ElementsAre(JournalRecord(Lost(1200s, 1320s, 1, 0))))
      << "a camera that goes leaves its last word";
  EXPECT_THAT(notes_.Finish(kNoon + 1330s), IsEmpty());
}

TEST_F(CameraNotesTest, ACountThatBeginsAnewIsNoneOfBefore) {
  EXPECT_THAT(Look(0s), IsEmpty());
  camera_.lost_packets = 40;
  EXPECT_THAT(Look(600s), ElementsAre(JournalRecord(Lost(0s, 600s, 40, 0))));
  camera_.lost_packets = 3;
  EXPECT_THAT(Look(1200s), ElementsAre(JournalRecord(Lost(600s, 1200s, 3, 0))));
}

TEST_F(CameraNotesTest, NoTwoStretchesBeginTogetherWhereOurClockIsSetBack) {
  const auto begin = [](const JournalRecord& record) {
    return std::get<ReceptionNoted>(record).from;
  };
  EXPECT_THAT(Look(0s), IsEmpty());
  camera_.damaged_frames = 1;
  const auto first = notes_.Look({camera_}, {}, kNoon - 50s, MonoTime(1600s));
  camera_.damaged_frames = 2;
  const auto second = notes_.Look({camera_}, {}, kNoon + 550s, MonoTime(2200s));
  ASSERT_EQ(first.size(), 1u);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_LT(begin(first[0]), kNoon - 50s);
  EXPECT_EQ(begin(second[0]), kNoon - 50s);
}

}  // namespace
}  // namespace yagura::app
