#include "storage/clip_queries_pg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <pqxx/pqxx>

#include "storage/retention_queries_pg.h"
#include "tests/storage/catalogue_office.h"
#include "tests/support/migrated_postgres_fixture.h"

namespace yagura::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr std::pair<int, int> kOneIndexScan{0, 1};

class ClipQueriesTest : public testing::MigratedPostgresTest {
 protected:
  void SetUp() override {
    MigratedPostgresTest::SetUp();
    ASSERT_TRUE(database_);
    ASSERT_EQ(office_.Insert(*database_), "");
  }
  void Store(const std::vector<JournalRecord>& records) {
    const auto days = CatalogueOffice::Days();
    const auto stored = database_->As("yagura_record")
                            .Run([&](pqxx::transaction_base& transaction) -> Result<void> {
                              InsertRecords(transaction, records, days);
                              return {};
                            });
    ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
  }
  template <class Query>
  auto Read(Query query) {
    using Answer = decltype(query(std::declval<pqxx::transaction_base&>()));
    return database_->As(role_)
        .ReadFor<Answer>(
            [&](pqxx::transaction_base& transaction) { return Result<Answer>(query(transaction)); })
        .value();
  }
  /// Sequences of the clips that overlap the range, given in seconds from the office's start.
  std::vector<std::uint32_t> Overlapping(ClipSearch search, seconds from, seconds to) {
    search.range = {office_.start + from, office_.start + to};
    std::vector<std::uint32_t> sequences;
    for (const ClipRow& clip :
         Read([&](auto& transaction) { return ClipsOverlapping(transaction, search); })) {
      sequences.push_back(clip.id.sequence);
    }
    return sequences;
  }
  [[nodiscard]] ClipSearch OfCamera() const {
    return {.camera = office_.camera, .floor = std::nullopt, .range = {}, .after = std::nullopt};
  }

  CatalogueOffice office_;
  std::string role_ = "yagura_record";
};

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

/// Whole days of clips, as many as a camera has, so that the planner chooses as it will in service.
class ClipPlansTest : public ClipQueriesTest {
 protected:
  void SetUp() override {
    ClipQueriesTest::SetUp();
    ASSERT_TRUE(database_);
    for (int day = 0; day < 3; ++day) {
      for (const CameraId& camera : {office_.camera, office_.second_camera}) {
        Store(office_.RunWithClips(office_.Run(office_.start + hours(24 * day), camera), 1400));
      }
    }
    ASSERT_EQ("", Ask("ANALYZE"));
  }
  using ScanCounts = std::map<std::string, std::pair<int, int>>;
  static ScanCounts CountScans(pqxx::transaction_base& transaction) {
    ScanCounts counts;
    for (const auto& row : transaction.exec(
             "SELECT relname, seq_scan, coalesce(idx_scan, 0) FROM pg_stat_xact_user_tables"
             " WHERE relname LIKE 'clip%2%'")) {
      counts[row[0].as<std::string>()] = {row[1].as<int>(), row[2].as<int>()};
    }
    return counts;
  }
  /// The partitions that `query` looks into, each with the number of its sequential and its index
  /// scans.
  template <class Query>
  ScanCounts Scans(Query query) {
    return Read([&](pqxx::transaction_base& transaction) {
      const ScanCounts before = CountScans(transaction);
      (void)query(transaction);  // only how it is answered matters here
      ScanCounts scans;
      for (const auto& [partition, after] : CountScans(transaction)) {
        const auto known = before.find(partition);
        const auto had = known != before.end() ? known->second : std::pair(0, 0);
        if (after != had) scans[partition] = {after.first - had.first, after.second - had.second};
      }
      return scans;
    });
  }
};

TEST_F(ClipPlansTest, AnswersOverlapFromTheBTreesOfItsDays) {
  ClipSearch search = OfCamera();
  const WallTime midnight = ParseRfc3339("2027-06-17T00:00:00+09:00").value();
  search.range = {midnight - hours(2), midnight - hours(1)};
  const auto ask = [&](auto& transaction) { return ClipsOverlapping(transaction, search); };
  EXPECT_THAT(Scans(ask), ElementsAre(Pair("clip_20270616", kOneIndexScan)));
  search.after = ClipCursor{.start = midnight - minutes(90), .id = {}};
  EXPECT_THAT(Scans(ask), ElementsAre(Pair("clip_20270616", kOneIndexScan)));
  search.range.to = midnight + hours(1);
  EXPECT_THAT(Scans(ask), ElementsAre(Pair("clip_20270616", kOneIndexScan),
                                      Pair("clip_20270617", kOneIndexScan)));
  search.camera.reset();
  search.floor = office_.floor;
  EXPECT_THAT(Scans(ask), ElementsAre(Pair("clip_20270616", kOneIndexScan),
                                      Pair("clip_20270617", kOneIndexScan)));
}

TEST_F(ClipPlansTest, FindsAClipInTheDaysOfItsRun) {
  const auto newest = Read([&](auto& transaction) {
    ClipSearch search = OfCamera();
    search.range = {office_.start, office_.start + minutes(1)};
    return ClipsOverlapping(transaction, search);
  });
  ASSERT_FALSE(newest.empty());
  EXPECT_THAT(
      Scans([&](auto& transaction) { return FindClip(transaction, newest.front().id); }),
      ElementsAre(Pair("clip_20270615", kOneIndexScan), Pair("clip_20270616", kOneIndexScan)));
}

TEST_F(ClipPlansTest, FindsTheOldestAndTheNewestWithoutReadingTheRest) {
  role_ = "yagura_keep";  // who may read what is held
  EXPECT_THAT(
      Scans([&](auto& transaction) { return ReadOldest(transaction, office_.volume, 100); }),
      ElementsAre(Pair("clip_20270615", kOneIndexScan)));
  EXPECT_THAT(Scans([&](auto& transaction) {
                return NewestClipEnd(transaction, office_.camera, Stream::kMain);
              }),
              ElementsAre(Pair("clip_20270618", kOneIndexScan)));
}

}  // namespace
}  // namespace yagura::storage
