#include "fleet/last_configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "core/crc32c.h"
#include "tests/support/memory_files.h"

namespace yagura::fleet {
namespace {

constexpr const char* kPath = "/state/cameras.last";

WallTime At(int second) { return WallTime(std::chrono::seconds(1'800'000'000 + second)); }

RecorderView SmallOffice() {
  const auto unit = NewId<UnitId>();
  const auto floor = NewId<FloorId>();
  return {42,
          {{NewId<CameraId>(),
            "1F-01",
            "rtsp://10.0.0.1/s",
            {0, 1, 0xff},
            {{At(0), unit, floor}},
            {{At(0), WallTime::max()}}},
           {NewId<CameraId>(),
            "1F-02",
            "rtsp://10.0.0.2/s",
            {},
            {{At(0), unit, floor}, {At(9), unit, floor}},
            {{At(0), At(5)}, {At(9), At(20)}},
            At(3),
            CameraTransport::kTls,
            std::string(64, 'c'),
            At(4),
            SubStream{"rtsp://10.0.0.2/sub", {7}, CameraTransport::kTls, true, At(4)}},
           {NewId<CameraId>(),
            "1F-03",
            "rtsp://10.0.0.3/s",
            {},
            {{At(0), unit, floor}},
            {{At(0), WallTime::max()}},
            {},
            CameraTransport::kTcp,
            {},
            {},
            SubStream{.url = "rtsp://10.0.0.3/sub", .sealed_credentials = {}}}}};
}

class LastConfigurationTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(files_.MakeFolder("/state").has_value()); }
  std::vector<std::uint8_t> Kept() { return storage::ReadWhole(files_, kPath, 1 << 20).value(); }
  void Put(std::span<const std::uint8_t> bytes) {
    ASSERT_TRUE(storage::ReplaceWhole(files_, kPath, bytes).has_value());
  }
  testing::MemoryFiles files_;
};

TEST_F(LastConfigurationTest, GivesBackWhatWasKept) {
  const RecorderView view = SmallOffice();
  ASSERT_TRUE(SaveLastConfiguration(files_, kPath, view).has_value());
  EXPECT_EQ(LoadLastConfiguration(files_, kPath).value(), view);
}

TEST_F(LastConfigurationTest, AFileOfAnEarlierVersionSaysOfNoCameraThatItsParkingWasLifted) {
  RecorderView view{7, {}};
  const std::string text =
      R"({"format":1,"epoch":7,"cameras":[{"id":"0f8fad5b-d9cb-469f-a165-70867728950e",)"
      R"("code":"1F-01","url":"rtsp://10.0.0.1/s","sealed_credentials":"","owners":[],"due":[]}]})";
  std::array<char, 10> checksum{};
  std::snprintf(checksum.data(), checksum.size(), "%08x\n",
                Crc32c({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
  const std::string whole = checksum.data() + text;
  Put({reinterpret_cast<const std::uint8_t*>(whole.data()), whole.size()});
  view.cameras = {{ParseId<CameraId>("0f8fad5b-d9cb-469f-a165-70867728950e").value(),
                   "1F-01",
                   "rtsp://10.0.0.1/s",
                   {},
                   {},
                   {}}};
  EXPECT_EQ(LoadLastConfiguration(files_, kPath).value(), view);
}

TEST_F(LastConfigurationTest, SaysWhereNothingWasKept) {
  EXPECT_EQ(LoadLastConfiguration(files_, kPath).error().code(), ErrorCode::kNotFound);
}

TEST_F(LastConfigurationTest, NoticesEveryFlippedByteAndEveryCut) {
  ASSERT_TRUE(SaveLastConfiguration(files_, kPath, SmallOffice()).has_value());
  const auto whole = Kept();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto damaged = whole;
    damaged[i] ^= 0x20;
    Put(damaged);
    ASSERT_EQ(LoadLastConfiguration(files_, kPath).error().code(), ErrorCode::kDataLoss) << i;
    Put(std::span(whole).first(i));
    ASSERT_EQ(LoadLastConfiguration(files_, kPath).error().code(), ErrorCode::kDataLoss) << i;
  }
}

TEST_F(LastConfigurationTest, APowerCutLeavesTheOldOneOrTheNewOne) {
  const RecorderView before = SmallOffice();
  const RecorderView after{43, {}};
  for (std::uint64_t calls = 1;; ++calls) {
    testing::MemoryFiles files;
    files.Put(kPath, {});
    ASSERT_TRUE(SaveLastConfiguration(files, kPath, before).has_value());
    files.SetFault([&files, last = files.calls() + calls](const auto& call) {
      if (call.number != last) return std::optional<ErrorCode>();
      files.CutPower();
      return std::optional(ErrorCode::kUnavailable);
    });
    const bool saved = SaveLastConfiguration(files, kPath, after).has_value();
    files.SetFault(nullptr);
    files.CutPower();
    files.PowerOn(testing::MemoryFiles::Loss::kAllUnsynced, 1);
    const auto kept = LoadLastConfiguration(files, kPath);
    ASSERT_TRUE(kept.has_value()) << "power cut at call " << calls;
    ASSERT_TRUE(*kept == after || (!saved && *kept == before));
    if (saved) break;
  }
}

}  // namespace
}  // namespace yagura::fleet
