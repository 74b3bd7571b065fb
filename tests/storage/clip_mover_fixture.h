#pragma once

#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "storage/clip_mover_pg.h"
#include "storage/known_store_pg.h"
#include "storage/s3_store.h"
#include "storage/sha256.h"
#include "tests/storage/retention_fixture.h"
#include "tests/support/fake_store_posix.h"

namespace yagura::storage {

/// Clips of an office, and a store to which they can be moved and from which they expire.
class ClipMoverPgTest : public RetentionPgTest {
 protected:
  void SetUp() override {
    RetentionPgTest::SetUp();
    plan_ = [](const testing::StoreRequest&) { return testing::StoreFault::kNone; };
  }

  /// Clips whose files are what their rows say.
  void StoreWhole(std::uint32_t clips) {
    Store(clips);
    const std::string bytes(10'000, 'f');
    for (std::uint32_t i = 0; i < clips; ++i) std::ofstream(PathOf(i)) << bytes;
    const auto hash = Sha256Of({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    std::string hex;
    for (const auto byte : hash) {
      hex += "0123456789abcdef"[byte / 16];
      hex += "0123456789abcdef"[byte % 16];
    }
    ASSERT_EQ("", Ask("UPDATE clip SET sha256 = '\\x" + hex + "'"));
  }
  [[nodiscard]] std::string NameOf(std::uint32_t sequence) const {
    return PathOf(sequence).substr(root().size() + 1);
  }
  [[nodiscard]] std::unique_ptr<ObjectStore> Client() const { return ClientOf(fake_); }
  [[nodiscard]] static std::unique_ptr<ObjectStore> ClientOf(const testing::FakeStore& fake) {
    return OpenS3({.endpoint = fake.endpoint(),
                   .bucket = "footage",
                   .keys = {.access_key = "a", .secret_key = "s"},
                   .connect_timeout = std::chrono::milliseconds(500),
                   .stall_timeout = std::chrono::seconds(1),
                   .tries_max = 2,
                   .back_off_first = std::chrono::milliseconds(1)});
  }
  [[nodiscard]] Result<ClipMover::Outcome> Move(
      std::optional<microseconds> keep_files_for = std::nullopt,
      microseconds copy_after = microseconds(0)) {
    const auto store = Client();
    ClipMover mover(database_->As("yagura_keep"), files_, *store, under_way_, clock_,
                    {.calendar = CatalogueOffice::Days().calendar,
                     .address = fake_.endpoint() + "/footage",
                     .copy_after = copy_after,
                     .keep_files_for = keep_files_for,
                     .clips_per_step = 3});
    return mover.Pass();
  }
  [[nodiscard]] Result<Retention::Outcome> Expire() { return ExpireFrom(fake_); }
  [[nodiscard]] Result<Retention::Outcome> ExpireFrom(const testing::FakeStore& fake) {
    const auto client = ClientOf(fake);
    KnownStore store(*client, database_->As("yagura_keep"), clock_);
    Retention retention(database_->As("yagura_keep"), files_, clock_,
                        {.calendar = CatalogueOffice::Days().calendar,
                         .reserve_bytes = 0,
                         .clips_per_step = 4,
                         .clock_state = [] { return ClockState::kSynchronised; },
                         .store = &store,
                         .under_way = &under_way_});
    return retention.Pass();
  }
  /// Of each clip its sequence and how far it has come: s may be in the store, c copied, l leaving,
  /// g gone from the volume, x expiring.
  std::string Steps() {
    return Ask(
        "SELECT string_agg(sequence || CASE WHEN store_id IS NULL THEN '' ELSE 's' END ||"
        " CASE WHEN copied_at IS NULL THEN '' ELSE 'c' END ||"
        " CASE WHEN leaving_since IS NULL THEN '' ELSE 'l' END ||"
        " CASE WHEN local_gone_at IS NULL THEN '' ELSE 'g' END ||"
        " CASE WHEN expiring_since IS NULL THEN '' ELSE 'x' END, ' ' ORDER BY sequence) FROM clip");
  }
  /// Bytes and clips that the volume and the store are said to have.
  std::string Usage() {
    return Ask(
        "SELECT (SELECT stored_bytes || ' ' || stored_clips FROM volume),"
        " (SELECT stored_bytes || ' ' || stored_clips FROM object_store)");
  }
  /// Sequences whose objects are whole.
  std::string Copies() const {
    std::string copies;
    const auto objects = fake_.objects();
    for (std::uint32_t sequence = 0; sequence < 60; ++sequence) {
      const auto found = objects.find(NameOf(sequence));
      if (found != objects.end() && found->second == std::string(10'000, 'f'))
        copies += (copies.empty() ? "" : ",") + std::to_string(sequence);
    }
    return copies;
  }
  std::string Files() {
    const std::string state = State();
    return state.substr(state.rfind('|') + 1);
  }

  testing::FakeStore::Plan plan_;
  testing::FakeStore fake_{[this](const testing::StoreRequest& request) { return plan_(request); }};
  CopiesUnderWay under_way_;
};

}  // namespace yagura::storage
