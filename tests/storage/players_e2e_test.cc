#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "storage/clip_path.h"
#include "storage/files_posix.h"
#include "storage/recorder_core.h"
#include "storage/recovery.h"
#include "tests/storage/catalogue_model.h"
#include "tests/storage/encoded_footage.h"
#include "tests/storage/fake_stream.h"
#include "tests/storage/play_gst.h"
#include "tests/support/child_process_posix.h"
#include "tests/support/fake_clock.h"

namespace yagura::storage {
namespace {

using testing::Encoding;
using ::testing::IsEmpty;
using testing::kMorning;
using testing::OwnedBy;
using testing::TestId;

/// Clips of real video on a real disk, and other people's players.
class PlayersTest : public ::testing::Test {
 protected:
  /// Records what ffmpeg encodes, as fast as it goes, and gives the rows by start.
  void Record(const Encoding& encoding) {
    auto units = testing::Encode(encoding, folder_.path(), kMorning);
    ASSERT_TRUE(units.has_value()) << ToString(units.error());
    frames_ = units->size();
    const std::string state = (folder_.path() / "state").string();
    root_ = (folder_.path() / "volume").string();
    std::filesystem::create_directory(state);
    std::filesystem::create_directory(root_);
    ASSERT_TRUE(Volume::Format(files_, root_).has_value());
    RecorderCore recorder(
        {.state_folder = state, .volumes = {{.root = root_, .reserve_bytes = 1000}}}, files_,
        clock_, calendar_);
    ASSERT_TRUE(recorder.Open().has_value());
    const auto sink = recorder.Attach(TestId<CameraId>(1), Stream::kMain, {OwnedBy(1)}, kMorning);
    for (AccessUnit& unit : *units) sink->OnAccessUnit(std::move(unit));
    recorder.EndAll();
    for (const auto& volume : recorder.volumes()) {
      volume->ProcessQueue();
      volume->SyncRound();
    }
    testing::CatalogueModel catalogue;
    catalogue.ReadFrom(recorder.journal());
    for (const auto& [id, row] : catalogue.clips()) clips_[row.opened.wall_start] = row;
  }
  [[nodiscard]] std::filesystem::path PathOf(const ClipClosed& row) const {
    return root_ + "/" + ClipPath(calendar_, row.opened);
  }
  /// The init segment and the fragments of all clips, one behind the other.
  [[nodiscard]] std::filesystem::path Joined() const {
    const auto path = folder_.path() / "joined.mp4";
    std::ofstream out(path, std::ios::binary);
    bool first = true;
    for (const auto& [start, row] : clips_) {
      std::ifstream in(PathOf(row), std::ios::binary);
      std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
      if (first) out << bytes.substr(0, row.header_bytes);
      first = false;
      out << bytes.substr(row.fragments_offset, *row.trailer_offset - row.fragments_offset);
    }
    return path;
  }
  /// `file` plays without a word, from `start_s` on, with all its frames.
  void ExpectPlays(const std::filesystem::path& file, double start_s, std::size_t frames) {
    SCOPED_TRACE(file.string());
    const auto probed = testing::Probe(file, folder_.path());
    ASSERT_TRUE(probed.has_value()) << ToString(probed.error());
    EXPECT_EQ(probed->complaints, "");
    EXPECT_NEAR(probed->start_s, start_s, 0.001);
    EXPECT_EQ(probed->packets, frames);
    const auto decoded = testing::Decode(file, folder_.path());
    ASSERT_TRUE(decoded.has_value()) << ToString(decoded.error());
    EXPECT_EQ(decoded->complaints, "");
    EXPECT_EQ(decoded->frames, frames);
    EXPECT_EQ(testing::CountSamplesOfQtdemux(file.string()), frames);
  }
  void ExpectEachAndAllPlay() {
    for (const auto& [start, row] : clips_) {
      ExpectPlays(PathOf(row),
                  static_cast<double>(row.opened.media_start.ticks_90k) / kMediaTimescale,
                  row.samples);
    }
    ExpectPlays(Joined(), 10, frames_);
  }

  const testing::TemporaryFolder folder_;
  PosixFiles files_;
  testing::FakeClock clock_{kMorning};
  const OfficeCalendar calendar_ = *OfficeCalendar::Load("Asia/Tokyo");
  std::string root_;
  std::size_t frames_ = 0;
  std::map<WallTime, ClipClosed> clips_;
};

TEST_F(PlayersTest, BaselineWithAKeyframeEveryTwoSeconds) {
  Record({.fps = 10, .seconds = 130, .gop = 20, .profile = "baseline"});
  EXPECT_EQ(clips_.size(), 3U);
  ExpectEachAndAllPlay();
}

TEST_F(PlayersTest, HighWithBFrames) {
  Record({.fps = 10, .seconds = 130, .gop = 40, .profile = "high", .b_frames = 2});
  EXPECT_EQ(clips_.size(), 3U);
  ExpectEachAndAllPlay();
}

TEST_F(PlayersTest, H265WithoutBFrames) {
  Record({.codec = Codec::kH265, .fps = 10, .seconds = 130, .gop = 20});
  EXPECT_EQ(clips_.size(), 3U);
  ExpectEachAndAllPlay();
}

TEST_F(PlayersTest, H265WithBFrames) {
  Record({.codec = Codec::kH265, .fps = 10, .seconds = 70, .gop = 40, .b_frames = 2});
  EXPECT_EQ(clips_.size(), 2U);
  ExpectEachAndAllPlay();
}

TEST_F(PlayersTest, JpegWhereEveryPictureIsAKeyframe) {
  Record({.codec = Codec::kJpeg, .fps = 10, .seconds = 130});
  ASSERT_EQ(clips_.size(), 3U);
  EXPECT_THAT(clips_.begin()->second.keyframes, ::testing::SizeIs(100)) << "one in each fragment";
  ExpectEachAndAllPlay();
}

TEST_F(PlayersTest, AKeyframeEveryHalfSecond) {
  Record({.fps = 10, .seconds = 70, .gop = 5, .profile = "main"});
  EXPECT_EQ(clips_.size(), 2U);
  ExpectEachAndAllPlay();
}

TEST_F(PlayersTest, AKeyframeEveryFiveMinutes) {
  Record({.fps = 4, .seconds = 320, .gop = 1200, .profile = "high", .b_frames = 2});
  ASSERT_EQ(clips_.size(), 4U);  // 110 s, 110 s, 80 s, and from the keyframe on
  ExpectPlays(Joined(), 10, frames_);
  const ClipClosed& second = std::next(clips_.begin())->second;
  ASSERT_TRUE(second.opened.lead_in.has_value());
  EXPECT_EQ(second.opened.lead_in->clip, clips_.begin()->second.opened.clip);
  EXPECT_EQ(second.opened.lead_in->offset_bytes,
            second.fragments_offset);  // the run's first fragment
}

TEST_F(PlayersTest, AFileCutAnywhereIsSalvagedAndPlays) {
  Record({.fps = 10, .seconds = 20, .gop = 20, .profile = "high", .b_frames = 2});
  ASSERT_EQ(clips_.size(), 1U);
  const ClipClosed row = clips_.begin()->second;
  for (const double part : {0.97, 0.63, 0.34}) {
    const auto path = folder_.path() / "torn.mp4";
    std::filesystem::copy_file(PathOf(row), path,
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(
        path, static_cast<std::uintmax_t>(part * static_cast<double>(row.bytes)));
    const auto clip = SalvageClip(files_, path.string(), row.opened);
    ASSERT_TRUE(clip.has_value());
    const auto closed = FinishSalvaged(files_, *clip);
    ASSERT_TRUE(closed.has_value());
    EXPECT_LT(closed->samples, row.samples);
    ExpectPlays(path, 10, closed->samples);
  }
}

}  // namespace
}  // namespace yagura::storage
