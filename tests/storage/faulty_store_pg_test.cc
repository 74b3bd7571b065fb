#include <gmock/gmock.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <pqxx/pqxx>
#include <random>
#include <set>

#include "core/pg/values.h"
#include "storage/clip_mover_pg.h"
#include "storage/hex.h"
#include "storage/s3_store.h"
#include "tests/storage/retention_fixture.h"
#include "tests/support/fake_store_posix.h"
#include "tests/support/seed.h"

/// Thousands of small clips moved to a store of whose answers every twentieth is wrong in one of
/// eleven ways. tests/faults/uploads runs it for 100,000.
namespace yagura::storage {
namespace {

using testing::FakeStore;
using testing::StoreFault;
using testing::StoreRequest;

constexpr std::uint32_t kClips = 400;
constexpr std::uint32_t kClipsOfRun = 60;
constexpr int kPassesMax = 2000;

std::uint32_t ClipsToMove() {
  const char* asked = std::getenv("YAGURA_UPLOADS");
  return asked == nullptr ? kClips : static_cast<std::uint32_t>(std::atoi(asked));
}

/// Calls `before` with each path that is to be unlinked.
class WatchedFiles final : public Files {
 public:
  std::function<void(const std::string&)> before = [](const std::string&) {};
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
    return files_.SyncFolder(path);
  }
  [[nodiscard]] Result<void> Rename(const std::string& from, const std::string& to) override {
    return files_.Rename(from, to);
  }
  [[nodiscard]] Result<void> Unlink(const std::string& path) override {
    before(path);
    return files_.Unlink(path);
  }
  [[nodiscard]] Result<std::vector<FolderEntry>> List(const std::string& folder) override {
    return files_.List(folder);
  }
  [[nodiscard]] Result<WallTime> ModifiedAt(const std::string& path) override {
    return files_.ModifiedAt(path);
  }
  [[nodiscard]] Result<Space> SpaceOf(const std::string& path) override {
    return files_.SpaceOf(path);
  }

 private:
  PosixFiles files_;
};

class FaultyStorePgTest : public RetentionPgTest {
 protected:
  /// Files of a few hundred bytes, each its own, and their rows.
  void Write(std::uint32_t clips, std::mt19937_64& random) {
    for (std::uint32_t first = 0; first < clips; first += kClipsOfRun) {
      const RunOpened run =
          office_.Run(office_.start + std::chrono::hours(first / kClipsOfRun % 20), office_.camera);
      auto records = office_.RunWithClips(run, std::min(kClipsOfRun, clips - first));
      for (JournalRecord& record : records) {
        if (auto* clip = std::get_if<ClipClosed>(&record)) Write(*clip, random);
      }
      const auto stored = database_->As("yagura_record")
                              .Run([&](pqxx::transaction_base& transaction) -> Result<void> {
                                InsertRecords(transaction, records, CatalogueOffice::Days());
                                return {};
                              });
      ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
    }
  }
  void Write(ClipClosed& clip, std::mt19937_64& random) {
    std::string bytes(1'000 + random() % 1'000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    clip.bytes = bytes.size();
    clip.trailer_offset = bytes.size() - 10;
    clip.sha256 = Sha256Of({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    const std::string name = ClipPath(CatalogueOffice::Days().calendar, clip.opened);
    const std::filesystem::path path = root() + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    written_[name] = std::move(bytes);
  }

  std::map<std::string, std::string> written_;
};

TEST_F(FaultyStorePgTest, NoFileGoesBeforeItsCopyIsWhole) {
  const std::uint64_t seed = testing::PrintedSeed();
  std::mt19937_64 random(seed);
  const std::uint32_t clips = ClipsToMove();
  Write(clips, random);
  std::uint64_t faults = 0;
  FakeStore fake([&](const StoreRequest&) {
    if (random() % 20 != 0) return StoreFault::kNone;
    ++faults;
    return static_cast<StoreFault>(1 + random() % 11);
  });
  WatchedFiles files;
  std::set<std::string> unlinked;
  std::uint64_t too_early = 0;
  files.before = [&](const std::string& path) {
    const std::string name = path.substr(root().size() + 1);
    unlinked.insert(name);
    if (fake.object(name) != written_.at(name)) ++too_early;
  };
  const auto store = OpenS3({.endpoint = fake.endpoint(),
                             .bucket = "footage",
                             .keys = {.access_key = "a", .secret_key = "s"},
                             .connect_timeout = std::chrono::milliseconds(500),
                             .stall_timeout = std::chrono::seconds(1),
                             .transfer_timeout = std::chrono::milliseconds(100),
                             .back_off_first = std::chrono::milliseconds(1),
                             .back_off_max = std::chrono::milliseconds(4)});
  CopiesUnderWay under_way;
  clock_.Advance(std::chrono::hours(48));
  ClipMover mover(database_->As("yagura_keep"), files, *store, under_way, clock_,
                  {.calendar = CatalogueOffice::Days().calendar,
                   .address = fake.endpoint(),
                   .keep_files_for = microseconds(0),
                   .uploads_at_once = 2});
  int failed_passes = 0;
  for (int pass = 0; pass < kPassesMax && unlinked.size() < clips; ++pass) {
    failed_passes += mover.Pass().has_value() ? 0 : 1;
  }
  std::printf("[ figures  ] %u uploads, %llu faults, %d passes cut, %llu files gone too early\n",
              clips, static_cast<unsigned long long>(faults), failed_passes,
              static_cast<unsigned long long>(too_early));
  EXPECT_EQ(too_early, 0U) << "seed " << seed;
  EXPECT_EQ(unlinked.size(), clips);
  EXPECT_GE(faults, clips / 20);
  for (const auto& [name, bytes] : written_) ASSERT_EQ(fake.object(name), bytes) << name;
  EXPECT_EQ(Ask("SELECT count(*) FROM clip WHERE local_gone_at IS NOT NULL"),
            std::to_string(clips));
  EXPECT_EQ(Ask("SELECT stored_clips FROM object_store"), std::to_string(clips));
}

}  // namespace
}  // namespace yagura::storage
