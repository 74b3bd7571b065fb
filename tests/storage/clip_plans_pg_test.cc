// Which partitions and rows the catalogue's questions read.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <pqxx/pqxx>

#include "storage/retention_queries_pg.h"
#include "tests/storage/clip_queries_fixture.h"

namespace yagura::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr std::pair<int, int> kOneIndexScan{0, 1};

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
  /// How many rows of clips `query` takes from the tables, those that it passes over too.
  template <class Query>
  std::int64_t RowsRead(Query query) {
    return Read([&](pqxx::transaction_base& transaction) {
      const auto count = [&] {
        return transaction
            .exec1(
                "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint"
                " FROM pg_stat_xact_user_tables WHERE relname LIKE 'clip%2%'")[0]
            .template as<std::int64_t>();
      };
      const std::int64_t before = count();
      (void)query(transaction);  // only how it is answered matters here
      return count() - before;
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
  auto pairs = Read([](auto& transaction) { return ReadPairs(transaction); });
  ASSERT_FALSE(pairs.empty());
  for (RecordedPair& pair : pairs) pair.may_go_to = office_.start + hours(3);
  EXPECT_THAT(
      Scans([&](auto& transaction) { return ReadOldest(transaction, office_.volume, pairs, 100); }),
      ElementsAre(Pair("clip_20270615", kOneIndexScan)));
  const std::vector<VolumeId> volumes{office_.volume};
  const auto due = [&](std::size_t limit) {
    return [&, limit](auto& transaction) { return ReadDue(transaction, volumes, pairs, limit); };
  };
  EXPECT_THAT(Scans(due(300)),
              ElementsAre(Pair("clip_20270615", std::pair(0, 2))));  // of each camera
  EXPECT_THAT(Scans(due(100)), ElementsAre(Pair("clip_20270615", kOneIndexScan)));  // enough
  EXPECT_THAT(Scans([&](auto& transaction) {
                return NewestClipEnd(transaction, office_.camera, Stream::kMain);
              }),
              ElementsAre(Pair("clip_20270618", kOneIndexScan)));
}

TEST_F(ClipPlansTest, ReadsNothingOfAVolumeThatIsFullOfWhatMayNotGo) {
  role_ = "yagura_keep";
  auto pairs = Read([](auto& transaction) { return ReadPairs(transaction); });
  ASSERT_EQ(pairs.size(), 2U);
  const auto oldest = [&](auto& transaction) {
    return ReadOldest(transaction, office_.volume, pairs, 100'000);
  };
  for (RecordedPair& pair : pairs) pair.may_go_to = office_.start - hours(12);
  EXPECT_EQ(RowsRead(oldest), 0);
  pairs[1].may_go_to = office_.start + hours(3);
  EXPECT_EQ(RowsRead(oldest), 2 * 180);  // of both cameras, up to what may go at all
}

TEST_F(ClipPlansTest, PassesOverWhatAnotherCameraIsKeptLonger) {
  role_ = "yagura_keep";
  auto pairs = Read([](auto& transaction) { return ReadPairs(transaction); });
  ASSERT_EQ(pairs.size(), 2U);
  pairs[0].may_go_to = office_.start + hours(1);
  pairs[1].may_go_to = office_.start + hours(3);
  const auto oldest =
      Read([&](auto& transaction) { return ReadOldest(transaction, office_.volume, pairs, 1000); });
  const auto of = [&](const RecordedPair& pair) {
    return std::ranges::count(oldest, pair.camera, &StoredClip::camera);
  };
  EXPECT_GT(of(pairs[0]), 50);
  EXPECT_GT(of(pairs[1]), 2 * of(pairs[0]));
  for (const StoredClip& clip : oldest)
    EXPECT_LE(clip.end, clip.camera == pairs[0].camera ? pairs[0].may_go_to : pairs[1].may_go_to);
}

}  // namespace
}  // namespace yagura::storage
