#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <utility>
#include <vector>

#include "storage/clip_queries_pg.h"
#include "tests/storage/catalogue_office.h"
#include "tests/support/migrated_postgres_fixture.h"

namespace yagura::storage {

/// An office's catalogue, and what is asked of it.
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
  std::vector<std::uint32_t> Overlapping(ClipSearch search, std::chrono::seconds from,
                                         std::chrono::seconds to) {
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

}  // namespace yagura::storage
