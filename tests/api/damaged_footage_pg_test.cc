#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <list>

#include "tests/api/footage_world.h"

// Clip files that are no longer as they were written: what is whole is handed out, the rest is an
// answer that says so, and never another picture or less than was asked for.
namespace yagura::api {
namespace {

using ::testing::HasSubstr;

std::string ClipAt(RecordedOffice& office, CameraId camera, WallTime at) {
  return office
      .Column("SELECT run_id || '.' || sequence FROM clip WHERE camera_id = '" + ToString(camera) +
              "' AND start_at <= '" + FormatRfc3339(at) + "' AND end_at > '" + FormatRfc3339(at) +
              "'")
      .at(0);
}

/// The file of the camera's clip at an instant; put right again in the end.
class DamagedFile {
 public:
  DamagedFile(RecordedOffice& office, CameraId camera, WallTime at) {
    clip_ = ClipAt(office, camera, at);
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(office.folder() / "volume")) {
      if (entry.path().filename() == clip_ + ".mp4") path_ = entry.path();
    }
    std::ifstream in(path_, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
  }
  ~DamagedFile() { Write(bytes_); }
  DamagedFile(const DamagedFile&) = delete;
  DamagedFile& operator=(const DamagedFile&) = delete;

  [[nodiscard]] const std::string& clip() const { return clip_; }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  void CutShort(std::size_t size) { Write(bytes_.substr(0, size)); }
  void Flip(std::size_t at) {
    std::string changed = bytes_;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    Write(changed);
  }
  /// Inside the SPS: the boxes are as they were.
  void FlipInHead() { Flip(bytes_.find("avcC") + 16); }

 private:
  void Write(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }
  std::filesystem::path path_;
  std::string clip_;
  std::string bytes_;
};

class DamagedFootageTest : public FootageTest {
 protected:
  void SetUp() override { token_ = world().TokenOf(world().office.head(0)); }

  void ExpectLoss(const std::string& path, const std::vector<std::string>& headers = {}) {
    const auto answer = served().Ask(path, token_, headers);
    EXPECT_EQ(answer.status, 500) << path;
    EXPECT_THAT(answer.body, HasSubstr("\"code\":\"data_loss\""));
  }
  void ExpectWhole(CameraId camera, WallTime from, WallTime to) {
    const auto answer = served().Ask(Video(camera, from, to), token_);
    ASSERT_EQ(answer.status, 200) << answer.body.substr(0, 300);
    EXPECT_TRUE(ShownOf(Keep(answer.body)) == SentIn(camera, from, to));
  }
  static std::string InitOf(const std::string& clip) {
    return "/v1/runs/" + clip.substr(0, clip.find('.')) + "/init.mp4";
  }
  std::string Part(const DamagedFile& file, std::size_t first, std::size_t last) {
    const auto answer =
        served().Ask("/v1/clips/" + file.clip() + "/media", token_,
                     {"Range: bytes=" + std::to_string(first) + "-" + std::to_string(last)});
    return answer.status == 206 ? answer.body : std::to_string(answer.status);
  }
  std::string token_;
};

TEST_F(DamagedFootageTest, AClipCutShortIsServedUpToTheCutAndNotAsIfThatWereAll) {
  for (const char* name : {"gop2", "bframes"}) {
    const CameraId camera = world().cameras.at(name);
    DamagedFile file(world().office, camera, At(200));
    file.CutShort(file.bytes().size() / 2);
    const auto start = *ParseRfc3339(world()
                                         .office
                                         .Column("SELECT to_char(start_at AT TIME ZONE 'UTC', "
                                                 "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM clip"
                                                 " WHERE run_id || '.' || sequence = '" +
                                                 file.clip() + "'")
                                         .at(0));
    ExpectLoss(Video(camera, At(190), At(310)));
    ExpectWhole(camera, start - seconds(10), start + seconds(20));
    ExpectWhole(world().broken, At(180), At(220));
    const std::size_t size = file.bytes().size();
    EXPECT_TRUE(Part(file, 0, size / 4) == file.bytes().substr(0, size / 4 + 1));
    EXPECT_EQ(Part(file, 0, size - 1), "500");
    EXPECT_EQ(Part(file, size - 10, size - 1), "500");
  }
}

TEST_F(DamagedFootageTest, AFrameWithAFlippedByteIsNeverHandedOut) {
  const CameraId camera = world().plain;
  DamagedFile file(world().office, camera, At(200));
  const std::size_t size = file.bytes().size();
  file.Flip(size / 2);
  ExpectLoss(Video(camera, At(190), At(310)));
  ExpectLoss(Video(camera, At(190), At(310)), {"Range: bytes=0-" + std::to_string(size * 3)});
  EXPECT_EQ(Part(file, size / 2 - 10, size / 2 + 10), "500");
  EXPECT_TRUE(Part(file, 0, size / 4) == file.bytes().substr(0, size / 4 + 1));
  EXPECT_TRUE(Part(file, size - 100, size - 1) == file.bytes().substr(size - 100));
}

TEST_F(DamagedFootageTest, AMissingTrailerCostsNothingButItself) {
  const CameraId camera = world().plain;
  DamagedFile file(world().office, camera, At(200));
  file.CutShort(file.bytes().size() - 1);
  ExpectWhole(camera, At(150), At(250));
}

TEST_F(DamagedFootageTest, ADamagedHeadIsTakenFromAnotherClipOfTheRun) {
  const CameraId camera = world().plain;
  DamagedFile file(world().office, camera, At(200));
  const std::string init = InitOf(file.clip());
  const std::string before = served().Ask(init, token_).body;
  ASSERT_EQ(Part(file, 0, 10).size(), 11U) << "and opens the viewing";
  file.FlipInHead();
  EXPECT_TRUE(served().Ask(init, token_).body == before);
  EXPECT_EQ(Part(file, 0, 10), "500");
}

TEST_F(DamagedFootageTest, AHeadIsTakenFromTheRunsLastClipToo) {
  const CameraId camera = world().plain;
  const std::string init = InitOf(ClipAt(world().office, camera, At(200)));
  std::list<DamagedFile> files;  // all of the run
  for (int second = 5; second < 400; second += 10) {
    const std::string clip = ClipAt(world().office, camera, At(second));
    if (InitOf(clip) == init && (files.empty() || clip != files.back().clip()))
      files.emplace_back(world().office, camera, At(second));
  }
  ASSERT_GE(files.size(), 5U);
  const std::string before = served().Ask(init, token_).body;
  for (DamagedFile& file : files) {
    if (&file != &files.back()) file.FlipInHead();
  }
  EXPECT_TRUE(served().Ask(init, token_).body == before);
  files.back().FlipInHead();
  ExpectLoss(init);
}

}  // namespace
}  // namespace yagura::api
