#include "storage/clip_queries_pg.h"

#include <gmock/gmock.h>

#include "tests/storage/clip_queries_fixture.h"

namespace yagura::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(ClipQueriesTest, FindsWhatOverlapsAHalfOpenRange) {
  Store(office_.RunWithClips(office_.Run(), 5));
  EXPECT_THAT(Overlapping(OfCamera(), seconds(60), seconds(120)), ElementsAre(1));
  EXPECT_THAT(Overlapping(OfCamera(), seconds(59), seconds(121)), ElementsAre(0, 1, 2));
  EXPECT_THAT(Overlapping(OfCamera(), seconds(90), seconds(90)), ElementsAre(1));
  EXPECT_THAT(Overlapping(OfCamera(), seconds(300), seconds(900)), IsEmpty());
  EXPECT_THAT(Overlapping(OfCamera(), -seconds(900), seconds(0)), IsEmpty());
}

TEST_F(ClipQueriesTest, FindsAClipOfTheGreatestLengthByItsLastMoment) {
  const RunOpened run = office_.Run();
  ClipClosed clip = office_.Clip(run, 0);
  clip.wall_end = clip.opened.wall_start + seconds(130);
  Store({run, clip});
  const ClipSearch search = OfCamera();
  EXPECT_THAT(Overlapping(search, seconds(129), seconds(500)), ElementsAre(0));
  EXPECT_THAT(Overlapping(search, seconds(130), seconds(500)), IsEmpty());
}

TEST_F(ClipQueriesTest, LooksForAFloorsCameras) {
  Store(office_.RunWithClips(office_.Run(), 1));
  Store(office_.RunWithClips(office_.Run(office_.start, office_.second_camera), 1));
  ClipSearch search{
      .camera = std::nullopt, .floor = office_.floor, .range = {}, .after = std::nullopt};
  EXPECT_THAT(Overlapping(search, seconds(0), seconds(60)), ElementsAre(0, 0));
  search.floor = NewId<FloorId>();
  EXPECT_THAT(Overlapping(search, seconds(0), seconds(60)), IsEmpty());
}

TEST_F(ClipQueriesTest, GoesOnBehindACursor) {
  // Two cameras whose clips start at the same instants: the id decides between them.
  Store(office_.RunWithClips(office_.Run(), 6));
  Store(office_.RunWithClips(office_.Run(office_.start, office_.second_camera), 6));
  ClipSearch search{.camera = std::nullopt,
                    .floor = office_.floor,
                    .range = {office_.start, office_.start + hours(1)},
                    .after = std::nullopt};
  const auto all = Read([&](auto& transaction) { return ClipsOverlapping(transaction, search); });
  ASSERT_EQ(all.size(), 12U);
  search.limit = 5;
  std::vector<ClipRow> pages;
  for (int page = 0; page < 4; ++page) {
    for (const ClipRow& clip :
         Read([&](auto& transaction) { return ClipsOverlapping(transaction, search); })) {
      pages.push_back(clip);
      search.after = ClipCursor{.start = clip.start, .id = clip.id};
    }
  }
  EXPECT_EQ(pages, all);
}

TEST_F(ClipQueriesTest, HidesAClipThatIsAboutToBeDeleted) {
  const RunOpened run = office_.Run();
  Store(office_.RunWithClips(run, 2));
  EXPECT_EQ(
      "", Ask("UPDATE clip SET expiring_since = now(), expiring_rule = 'age' WHERE sequence = 0"));
  EXPECT_THAT(Overlapping(OfCamera(), seconds(0), seconds(120)), ElementsAre(1));
  const auto find = [&](std::uint32_t sequence) {
    return Read([&](auto& transaction) { return FindClip(transaction, {run.run, sequence}); });
  };
  EXPECT_FALSE(find(0).has_value());
  const auto found = find(1);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->clip, RowOf(office_.Clip(run, 1)));
  EXPECT_EQ(found->run.id, run.run);
  EXPECT_FALSE(find(2).has_value());
}

TEST_F(ClipQueriesTest, FindsRuns) {
  const RunOpened one = office_.Run();
  const RunOpened two = office_.Run(office_.start + minutes(5), office_.camera);
  Store({two, one});
  EXPECT_EQ(Read([&](auto& transaction) { return FindRun(transaction, one.run); }), RowOf(one));
  EXPECT_EQ(Read([&](auto& transaction) { return FindRun(transaction, NewId<RunId>()); }),
            std::nullopt);
  EXPECT_THAT(Read([&](auto& transaction) {
                return FindRuns(transaction, {two.run, NewId<RunId>(), one.run});
              }),
              ElementsAre(RowOf(one), RowOf(two)));
}

TEST_F(ClipQueriesTest, FindsGapsOpenOrEndedButNotEmptyOnes) {
  const GapOpened before = office_.Gap(office_.start - hours(2), office_.camera);
  const GapOpened empty = office_.Gap(office_.start, office_.camera);
  const GapOpened ended = office_.Gap(office_.start, office_.camera);
  const GapOpened open = office_.Gap(office_.start + minutes(10), office_.camera);
  Store({before, empty, ended, open, GapEnded{.gap = before.gap, .to = office_.start},
         GapEnded{.gap = empty.gap, .to = empty.from},
         GapEnded{.gap = ended.gap, .to = office_.start + minutes(1)}});
  const auto overlapping = [&](WallTime from, WallTime to) {
    std::vector<GapId> ids;
    for (const GapRow& gap : Read([&](auto& transaction) {
           return GapsOverlapping(transaction, office_.camera, Stream::kMain, {from, to}, 100);
         })) {
      ids.push_back(gap.id);
    }
    return ids;
  };
  const WallTime start = office_.start;
  EXPECT_THAT(overlapping(start, start + hours(1)), ElementsAre(ended.gap, open.gap));
  EXPECT_THAT(overlapping(start - minutes(1), start), ElementsAre(before.gap));
  EXPECT_THAT(overlapping(start + hours(90), start + hours(91)), ElementsAre(open.gap));
  EXPECT_THAT(overlapping(start + minutes(1), start + minutes(10)), IsEmpty());
}

TEST_F(ClipQueriesTest, ReadsAGapAsItWasTold) {
  const GapOpened gap = office_.Gap(office_.start, office_.camera);
  Store({gap});
  const auto rows = Read([&](auto& transaction) {
    return GapsOverlapping(transaction, office_.camera, Stream::kMain,
                           {office_.start, office_.start + hours(1)}, 100);
  });
  EXPECT_THAT(rows, ElementsAre(GapRow{.id = gap.gap,
                                       .camera = gap.camera,
                                       .stream = gap.stream,
                                       .owner = gap.owner,
                                       .reason = gap.reason,
                                       .start = gap.from,
                                       .end = std::nullopt}));
}

TEST_F(ClipQueriesTest, TellsTheEndOfTheNewestClip) {
  const auto newest = [&](const CameraId& camera) {
    return Read(
        [&](auto& transaction) { return NewestClipEnd(transaction, camera, Stream::kMain); });
  };
  EXPECT_EQ(newest(office_.camera), std::nullopt);
  Store(office_.RunWithClips(office_.Run(), 3));
  EXPECT_EQ(newest(office_.camera), office_.start + minutes(3));
  EXPECT_EQ(newest(office_.second_camera), std::nullopt);
}

TEST_F(ClipQueriesTest, TellsHowFarAStreamIsAccountedFor) {
  const auto known = [&] {
    return Read([&](auto& transaction) {
      return ReadAccountedFor(transaction, office_.camera, Stream::kMain);
    });
  };
  EXPECT_FALSE(known().has_value());
  Store(office_.RunWithClips(office_.Run(), 3));
  EXPECT_EQ(known()->until, office_.start + minutes(3));
  const GapOpened gap = office_.Gap(office_.start + minutes(3), office_.camera);
  Store({gap});
  EXPECT_EQ(known()->until, gap.from);
  ASSERT_TRUE(known()->open_gap.has_value());
  EXPECT_EQ(known()->open_gap->id, gap.gap);
  Store({GapEnded{.gap = gap.gap, .to = office_.start + minutes(5)}});
  EXPECT_EQ(known()->until, office_.start + minutes(5));
  EXPECT_FALSE(known()->open_gap.has_value());
}

}  // namespace
}  // namespace yagura::storage
