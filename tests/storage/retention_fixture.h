#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "storage/clip_path.h"
#include "storage/files_posix.h"
#include "storage/retention_pg.h"
#include "storage/volume.h"
#include "tests/storage/catalogue_office.h"
#include "tests/storage/office_term.h"
#include "tests/support/fake_clock.h"
#include "tests/support/migrated_postgres_fixture.h"

namespace yagura::storage {

/// Real files, a file system as large as a test wants, and a hook before each step of a deletion:
/// where it says so, the step fails as if the process had ended there.
class StumblingFiles final : public Files {
 public:
  std::function<bool(std::string_view step)> stumbles = [](std::string_view) { return false; };
  std::uint64_t free_bytes = std::uint64_t{1} << 40;

  [[nodiscard]] Result<std::unique_ptr<File>> Create(const std::string& path) override {
    return files_.Create(path);
  }
  [[nodiscard]] Result<std::unique_ptr<File>> OpenToRead(const std::string& path) override {
    return files_.OpenToRead(path);
  }
  [[nodiscard]] Result<std::unique_ptr<File>> OpenToWrite(const std::string& path) override {
    return files_.OpenToWrite(path);
  }
  [[nodiscard]] Result<void> MakeFolder(const std::string& path) override {
    return files_.MakeFolder(path);
  }
  [[nodiscard]] Result<void> SyncFolder(const std::string& path) override {
    if (stumbles("sync")) return Failure(ErrorCode::kUnavailable, "stumbled");
    return files_.SyncFolder(path);
  }
  [[nodiscard]] Result<void> Rename(const std::string& from, const std::string& to) override {
    return files_.Rename(from, to);
  }
  [[nodiscard]] Result<void> Unlink(const std::string& path) override {
    if (stumbles("unlink")) return Failure(ErrorCode::kUnavailable, "stumbled");
    free_bytes += 10'000;
    return files_.Unlink(path);
  }
  [[nodiscard]] Result<std::vector<FolderEntry>> List(const std::string& folder) override {
    return files_.List(folder);
  }
  [[nodiscard]] Result<WallTime> ModifiedAt(const std::string& path) override {
    return files_.ModifiedAt(path);
  }
  [[nodiscard]] Result<Space> SpaceOf(const std::string&) override {
    return Space{.free_bytes = free_bytes, .total_bytes = free_bytes};
  }

 private:
  PosixFiles files_;
};

/// A volume with the files of some clips of a minute each, and their rows. The clock stands an hour
/// after the first one's start.
class RetentionPgTest : public testing::MigratedPostgresTest {
 protected:
  void SetUp() override {
    MigratedPostgresTest::SetUp();
    ASSERT_TRUE(database_);
    const auto volume = Volume::Format(files_, root());
    ASSERT_TRUE(volume.has_value()) << ToString(volume.error());
    office_.volume = *volume;
    ASSERT_EQ(office_.Insert(*database_, root()), "");
    run_ = office_.Run();
  }
  [[nodiscard]] std::string root() const { return folder_.path().string(); }
  [[nodiscard]] std::string PathOf(std::uint32_t sequence) const {
    return root() + "/" +
           ClipPath(CatalogueOffice::Days().calendar, office_.Clip(run_, sequence).opened);
  }
  void Store(std::uint32_t clips) {
    const auto days = CatalogueOffice::Days();
    const auto stored = database_->As("yagura_record")
                            .Run([&](pqxx::transaction_base& transaction) -> Result<void> {
                              InsertRecords(transaction, office_.RunWithClips(run_, clips), days);
                              return {};
                            });
    ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
    for (std::uint32_t sequence = 0; sequence < clips; ++sequence) {
      std::filesystem::create_directories(std::filesystem::path(PathOf(sequence)).parent_path());
      std::ofstream(PathOf(sequence)) << "footage";
    }
  }
  /// A run of the second camera begins.
  void Record(WallTime at) {
    const auto stored =
        database_->As("yagura_record")
            .Run([&](pqxx::transaction_base& transaction) -> Result<void> {
              const std::vector<JournalRecord> begun{office_.Run(at, office_.second_camera)};
              InsertRecords(transaction, begun, CatalogueOffice::Days());
              return {};
            });
    ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
  }
  void KeepFor(microseconds keep, microseconds minimum,
               microseconds before_start = std::chrono::hours(1)) {
    const auto set =
        SetOfficeTerm(database_->As("yagura_admin"), {.keep = keep, .minimum = minimum},
                      office_.start - before_start);
    ASSERT_TRUE(set.has_value()) << ToString(set.error());
  }
  void Limit(std::uint64_t bytes) {
    ASSERT_EQ("", Ask("UPDATE volume SET limit_bytes = " + std::to_string(bytes)));
  }
  [[nodiscard]] Result<Retention::Outcome> Pass() {
    Retention retention(database_->As("yagura_keep"), files_, clock_,
                        {.calendar = CatalogueOffice::Days().calendar,
                         .reserve_bytes = 0,
                         .clips_per_step = 4,
                         .clock_state = [this] {
                           after_the_plan_();
                           return clock_state_;
                         }});
    return retention.Pass();
  }
  /// Sequences that have a row, those with a proof of deletion, and those with a file.
  std::string State() {
    std::string files;
    for (std::uint32_t sequence = 0; sequence < 60; ++sequence) {
      if (std::filesystem::exists(PathOf(sequence)))
        files += (files.empty() ? "" : ",") + std::to_string(sequence);
    }
    return Ask("SELECT (SELECT string_agg(sequence::text, ',' ORDER BY sequence) FROM clip),"
               " (SELECT string_agg(sequence || rule, ',' ORDER BY sequence) FROM clip_deletion)") +
           "|" + files;
  }

  CatalogueOffice office_;
  testing::TemporaryFolder folder_;
  testing::FakeClock clock_{office_.start + std::chrono::hours(1)};
  StumblingFiles files_;
  RunOpened run_;
  ClockState clock_state_ = ClockState::kSynchronised;
  /// Where footage is to go by age: after the plan, before its first step.
  std::function<void()> after_the_plan_ = [] {};
};

}  // namespace yagura::storage
