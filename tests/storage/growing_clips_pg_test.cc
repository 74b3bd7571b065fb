#include "storage/growing_clips_pg.h"

#include <gmock/gmock.h>

#include "tests/storage/clip_queries_fixture.h"

namespace yagura::storage {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GrowingClipsTest : public ClipQueriesTest {
 protected:
  /// Those that may overlap what lies between so many seconds after the office's start.
  [[nodiscard]] std::vector<ClipOpened> Growing(seconds from = seconds(0),
                                                seconds to = seconds(3'600)) {
    std::vector<ClipOpened> opened;
    const WallRange range{office_.start + from, office_.start + to};
    for (const auto& clip : Read(
             [&](auto& transaction) { return GrowingClips(transaction, {office_.camera}, range); }))
      opened.push_back(clip.opened);
    return opened;
  }
  /// From the office's start, in seconds: where coverage says that the camera is being recorded.
  [[nodiscard]] std::string Stretches() {
    return Ask("SELECT extract(epoch FROM start_at - '" + FormatRfc3339(office_.start) +
               "')::int, extract(epoch FROM end_at - '" + FormatRfc3339(office_.start) +
               "')::int FROM growing_stretches('" + ToString(office_.camera) +
               "', '-infinity', 'infinity')");
  }

  const RunOpened run_ = office_.Run();
  const ClipClosed first_ = office_.Clip(run_, 0);
  const ClipClosed second_ = office_.Clip(run_, 1);
};

TEST_F(GrowingClipsTest, AreThoseThatAreNotClosed) {
  ClipOpened second = second_.opened;
  second.lead_in = KeyframeReference{.clip = first_.opened.clip, .offset_bytes = 5000};
  Store({run_, first_.opened});
  EXPECT_THAT(Growing(), ElementsAre(first_.opened));
  Store({first_, second});
  EXPECT_THAT(Growing(), ElementsAre(second));
  Store({ClipVoided{.clip = second.clip}});
  EXPECT_THAT(Growing(), IsEmpty());
}

TEST_F(GrowingClipsTest, AreFoundByTheirIdsWithTheirRun) {
  Store({run_, first_.opened});
  const auto find = [&](const ClipId& id) {
    return Read([&](auto& transaction) { return FindGrowingClip(transaction, id); });
  };
  const auto found = find(first_.opened.clip);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clip.opened, first_.opened);
  EXPECT_EQ(found->run, RowOf(run_));
  EXPECT_GT(found->clip.asked_at, first_.opened.wall_start);
  EXPECT_FALSE(find(second_.opened.clip));
}

TEST_F(GrowingClipsTest, AreThoseThatMayReachIntoARange) {
  Store({run_, second_.opened});  // from 60 s on
  EXPECT_THAT(Growing(seconds(0), seconds(60)), IsEmpty());
  EXPECT_THAT(Growing(seconds(0), seconds(61)), ElementsAre(second_.opened));
  EXPECT_THAT(Growing(seconds(189), seconds(300)), ElementsAre(second_.opened));
  EXPECT_THAT(Growing(seconds(190), seconds(300)), IsEmpty());
}

TEST_F(GrowingClipsTest, AnOldJournalThatIsReadAgainLeavesNone) {
  Store({run_, first_.opened, first_, second_.opened});
  Store({run_, first_.opened, first_});
  EXPECT_THAT(Growing(), ElementsAre(second_.opened));
}

TEST_F(GrowingClipsTest, OneWhoseEndNeverCameGoesWithTheNextOfItsStream) {
  const RunOpened other = office_.Run(office_.start, office_.second_camera);
  const ClipOpened later = office_.Clip(run_, 3).opened;
  Store({run_, first_.opened, other, office_.Clip(other, 0).opened});
  Store({later});
  EXPECT_THAT(Growing(), ElementsAre(later));
  EXPECT_EQ(Ask("SELECT count(*) FROM growing_clip"), "2");
}

TEST_F(GrowingClipsTest, CoverageTellsOfThemUpToSixSecondsBeforeTheRecordersLastSign) {
  // Whose request it is decides what is told: somebody who sees all metadata.
  ASSERT_EQ(Ask("CREATE OR REPLACE FUNCTION sees_all_metadata() RETURNS boolean LANGUAGE sql AS "
                "'SELECT true'"),
            "");
  Store({run_, first_.opened});
  EXPECT_EQ(Stretches(), "") << "a recorder that has given no sign";
  Store({Alive{.at = office_.start + seconds(5)}});
  EXPECT_EQ(Stretches(), "");
  Store({Alive{.at = office_.start + seconds(16)}});
  EXPECT_EQ(Stretches(), "0|10");
  Store({first_});
  EXPECT_EQ(Stretches(), "") << "the clip itself tells of it now";
  Store({second_.opened, Alive{.at = office_.start + seconds(3'600)}});
  EXPECT_EQ(Stretches(), "60|190") << "no clip is longer";
}

}  // namespace
}  // namespace yagura::storage
