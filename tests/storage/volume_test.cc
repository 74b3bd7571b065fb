#include "storage/volume.h"

#include <gmock/gmock.h>

#include "storage/folder_tree.h"
#include "tests/storage/recording_rig.h"
#include "tests/support/memory_files.h"

namespace yagura::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kMorning;
using testing::kSecond;
using testing::MemoryFiles;
using testing::RecordingRig;

TEST(VolumeTest, AFormattedFolderKeepsItsId) {
  MemoryFiles files;
  files.Put("/v/lost+found/x", {});
  const auto id = Volume::Format(files, "/v");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(Volume::Format(files, "/v").value(), *id);
  EXPECT_EQ((*Volume::Open(files, {.root = "/v"}))->id(), *id);
}

TEST(VolumeTest, AnEmptyMountPointIsNoVolume) {
  MemoryFiles files;
  files.Put("/v/lost+found/x", {});
  EXPECT_EQ(Volume::Open(files, {.root = "/v"}).error().code(), ErrorCode::kFailedPrecondition);
}

TEST(VolumeTest, AFolderOfSomethingElseIsNotFormatted) {
  MemoryFiles files;
  files.Put("/v/holiday.jpg", {1});
  EXPECT_EQ(Volume::Format(files, "/v").error().code(), ErrorCode::kFailedPrecondition);
}

TEST(VolumeTest, IsFullBelowItsReserveUntilThereIsATwentiethMore) {
  MemoryFiles files;
  files.Put("/v/lost+found/x", {});
  ASSERT_TRUE(Volume::Format(files, "/v").has_value());
  const auto volume = *Volume::Open(files, {.root = "/v", .reserve_bytes = 1000});
  const auto full_with = [&](std::uint64_t free_bytes) {
    files.SetSpace({.free_bytes = free_bytes, .total_bytes = 10'000});
    volume->CheckSpace();
    return volume->is_full();
  };
  EXPECT_FALSE(full_with(1000));
  EXPECT_TRUE(full_with(999));
  EXPECT_TRUE(full_with(1049));
  EXPECT_FALSE(full_with(1050));
}

TEST(FolderTreeTest, NothingIsMadeWhereAnotherDiskIsMounted) {
  MemoryFiles files;
  files.Put("/v/lost+found/x", {});
  ASSERT_TRUE(Volume::Format(files, "/v").has_value());
  const auto volume = *Volume::Open(files, {.root = "/v"});
  FolderTree folders(files, *volume);
  ASSERT_TRUE(folders.Prepare("clips/2027-01-15/a").has_value());
  EXPECT_THAT(folders.TakeUnsynced(), ElementsAre("/v", "/v/clips", "/v/clips/2027-01-15"));
  ASSERT_TRUE(files.Unlink("/v/volume").has_value());
  for (const char* folder : {"clips/2027-01-15/a", "clips/2027-01-15/b"})
    EXPECT_EQ(folders.Prepare(folder).error().code(), ErrorCode::kFailedPrecondition) << folder;
  EXPECT_EQ(files.List("/v/clips/2027-01-15")->size(), 1U);
}

TEST(VolumeTest, AVolumeThatVanishesIsAGapAndIsNotWrittenTo) {
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  rig.Start();
  rig.Run(10);
  // Unmounted: names are gone, open files go on for a while; then the clip has to be rolled.
  rig.SetOwners({testing::OwnedBy(1), testing::OwnedBy(2, kMorning + 12 * kSecond)});
  rig.files().SetFault([](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    const bool by_name = call.what == "create" || call.what == "mkdir" || call.what == "unlink";
    if (by_name && call.path.starts_with("/volume1")) return ErrorCode::kNotFound;
    return std::nullopt;
  });
  rig.Run(10);
  rig.files().SetFault(nullptr);
  rig.Run(10);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
  EXPECT_THAT(rig.Gaps(0), ElementsAre("write_failed 12.0-20.0", "recorder_restart 30.0-"));
}

}  // namespace
}  // namespace yagura::storage
