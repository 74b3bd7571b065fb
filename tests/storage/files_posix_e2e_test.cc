#include <gmock/gmock.h>
#include <sys/stat.h>

#include <array>

#include "storage/direct_writer_posix.h"
#include "storage/files_posix.h"
#include "tests/support/child_process_posix.h"

namespace yagura::storage {
namespace {

using ::testing::ElementsAre;

TEST(PosixFilesTest, DoWhatTheySay) {
  const testing::TemporaryFolder folder;
  const std::string root = (folder.path() / "files").string();
  PosixFiles files;
  ASSERT_TRUE(files.MakeFolder(root).has_value());
  ASSERT_TRUE(files.MakeFolder(root).has_value());
  const std::string path = root + "/a";
  {
    const auto file = *files.Create(path);
    const std::vector<std::uint8_t> bytes = {1, 2, 3, 4, 5, 6};
    const ByteView view(bytes);
    const std::array<ByteView, 4> parts{view.first(2), view.subspan(2, 2), ByteView(),
                                        view.first(1)};
    ASSERT_TRUE(file->Write(3, parts).has_value());
    ASSERT_TRUE(file->SyncData().has_value());
    ASSERT_TRUE(file->Sync().has_value());
    std::vector<std::uint8_t> read(20);
    EXPECT_EQ(file->Read(2, read).value(), 6U);
    EXPECT_EQ(std::vector<std::uint8_t>(read.begin(), read.begin() + 6),
              (std::vector<std::uint8_t>{0, 1, 2, 3, 4, 1}));
    ASSERT_TRUE(file->Truncate(4).has_value());
    EXPECT_EQ(file->Size().value(), 4U);
    file->DropFromCache(4);
  }
  EXPECT_EQ(files.Create(path).error().code(), ErrorCode::kAlreadyExists);
  EXPECT_EQ(files.OpenToRead(root + "/b").error().code(), ErrorCode::kNotFound);
  ASSERT_TRUE(ReplaceWhole(files, root + "/c", std::vector<std::uint8_t>{7}).has_value());
  ASSERT_TRUE(ReplaceWhole(files, root + "/c", std::vector<std::uint8_t>{8}).has_value());
  EXPECT_EQ(ReadWhole(files, root + "/c", 10).value(), std::vector<std::uint8_t>{8});
  EXPECT_EQ(ReadWhole(files, path, 3).error().code(), ErrorCode::kOutOfRange);
  EXPECT_THAT(files.List(root).value(),
              ElementsAre(FolderEntry{"a", false}, FolderEntry{"c", false}));
  EXPECT_GT(files.SpaceOf(root)->total_bytes, 0U);
  const auto age = SystemClock().Now() - files.ModifiedAt(path).value();
  EXPECT_LT(std::chrono::abs(age), std::chrono::minutes(1));
  ASSERT_TRUE(files.SyncFolder(root).has_value());
  ASSERT_TRUE(files.Unlink(path).has_value());
  EXPECT_EQ(files.Unlink(path).error().code(), ErrorCode::kNotFound);
}

/// Bytes that differ everywhere.
std::vector<std::uint8_t> Pattern(std::size_t size_bytes, std::uint32_t seed) {
  std::vector<std::uint8_t> bytes(size_bytes);
  for (std::uint8_t& byte : bytes)
    byte = static_cast<std::uint8_t>((seed = seed * 69'069 + 1) >> 24);
  return bytes;
}

// Past the page cache and through it, in any order, on whatever file system this is.
TEST(PosixFilesTest, LargeWritesOfWholePagesMeetSmallOnes) {
  const testing::TemporaryFolder folder;
  PosixFiles files;
  const std::string path = (folder.path() / "clip.mp4").string();
  const auto file = *files.Create(path);
  std::vector<std::uint8_t> expected;
  const auto append = [&](std::size_t size_bytes) {
    const auto bytes = Pattern(size_bytes, static_cast<std::uint32_t>(expected.size() + 1));
    const ByteView view(bytes);
    const std::array<ByteView, 3> parts{view.first(100), view.subspan(100, 900),
                                        view.subspan(1000)};
    ASSERT_TRUE(file->Write(expected.size(), parts).has_value());
    expected.insert(expected.end(), bytes.begin(), bytes.end());
    // Somebody else reads it meanwhile, and the kernel keeps what it read.
    EXPECT_EQ(ReadWhole(files, path, 1 << 30).value(), expected);
  };
  append(kPageBytes);
  append(kLargeWriteBytes);
  append(DirectStage::kBytes);
  append(3 * DirectStage::kBytes + 5 * kPageBytes);
  append(5'000);                 // the next begins within a page
  append(2 * kLargeWriteBytes);  // so that this doesn't go past the cache
  append(2 * kPageBytes - 5'000);
  append(kLargeWriteBytes);  // and this does again
  append(3'000);
  ASSERT_TRUE(file->Sync().has_value());
  EXPECT_EQ(file->Size().value(), expected.size());
}

TEST(DiskPaceTest, RestsAMinuteWhereMostOfASecondWentByInWaiting) {
  using std::chrono::milliseconds;
  DiskPace pace;
  DiskPace::Time now{std::chrono::hours(1)};
  const auto write = [&](milliseconds waited, milliseconds then) {
    pace.Note(now, now + waited);
    now += waited + then;
  };
  for (int i = 0; i < 1000; ++i) write(milliseconds(4), milliseconds(6));
  EXPECT_TRUE(pace.keeps_up(now));
  for (int i = 0; i < 250; ++i) write(milliseconds(6), milliseconds(4));
  EXPECT_FALSE(pace.keeps_up(now));
  now += DiskPace::kRest;
  EXPECT_TRUE(pace.keeps_up(now));
  write(milliseconds(3000), milliseconds(0));  // one that hangs is enough
  EXPECT_FALSE(pace.keeps_up(now));
}

TEST(PosixFilesTest, APipeInAFilesPlaceHoldsNobodyUp) {
  const testing::TemporaryFolder folder;
  const std::string path = (folder.path() / "clip.mp4").string();
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  PosixFiles files;
  const auto file = files.OpenToRead(path);  // would wait for a writer
  if (!file.has_value()) return;
  std::vector<std::uint8_t> read(8);
  EXPECT_NE((*file)->Read(0, read).value_or(0), 8U);
}

}  // namespace
}  // namespace yagura::storage
