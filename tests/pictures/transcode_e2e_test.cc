// Real workers that transcode: what comes out, judged by ffmpeg, and what it costs when one goes
// wrong.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/crc32c.h"
#include "pictures/transcode.h"
#include "storage/codec_boxes.h"
#include "storage/fragment.h"
#include "storage/mp4_boxes.h"
#include "tests/api/video_loop.h"

namespace yagura::pictures {
namespace {

using ::testing::SizeIs;

Transcode::Options Workers() { return {.program = YAGURA_PROGRAM}; }

/// A worker that is a shell script.
Transcode::Options Script(const std::string& script) {
  return {.program = "/bin/sh",
          .arguments = {"-c", script},
          .answer_timeout = std::chrono::milliseconds(500)};
}

TranscodeSource SourceOf(const StreamFormat& format) {
  return {format.codec, storage::DecoderConfiguration(format), format.width_px, format.height_px};
}

struct Transcoded {
  StreamFormat format;
  std::vector<TranscodedFrame> frames;
};

Transcoded TranscodeAll(Transcode& transcode, const api::VideoLoop& loop) {
  Transcoded all{transcode.Begin(SourceOf(*loop.format)).value(), {}};
  const auto append = [&](std::vector<TranscodedFrame> frames) {
    for (auto& frame : frames) all.frames.push_back(std::move(frame));
  };
  for (const auto& frame : loop.frames) append(transcode.Add({frame.pts_90k}, frame.data).value());
  append(transcode.End().value());
  return all;
}

std::vector<std::int64_t> InstantsOf(const Transcoded& all) {
  std::vector<std::int64_t> instants;
  for (const auto& frame : all.frames) instants.push_back(frame.pts.ticks_90k);
  return instants;
}

std::vector<std::int64_t> InstantsOf(const api::VideoLoop& loop) {
  std::vector<std::int64_t> instants;
  for (const auto& frame : loop.frames) instants.push_back(frame.pts_90k);
  std::sort(instants.begin(), instants.end());
  return instants;
}

/// As one fragment behind its header.
void WriteFile(const Transcoded& all, std::int64_t end_90k, const std::filesystem::path& to) {
  storage::Fragment fragment;
  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < all.frames.size(); ++i) {
    const auto& frame = all.frames[i];
    const std::int64_t next = i + 1 < all.frames.size() ? all.frames[i + 1].pts.ticks_90k : end_90k;
    fragment.samples.push_back(
        {.size_bytes = static_cast<std::uint32_t>(frame.data.size()),
         .duration_90k = static_cast<std::uint32_t>(next - frame.pts.ticks_90k),
         .keyframe = frame.keyframe});
    fragment.media.push_back(frame.data);
    crc = Crc32c(frame.data.bytes(), crc);
  }
  fragment.first_dts = all.frames.front().pts;
  storage::FinishFragment(fragment, 1, crc);
  std::ofstream file(to, std::ios::binary);
  const auto write = [&](std::span<const std::uint8_t> bytes) {
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  };
  write(storage::BuildInitSegment(all.format));
  write(fragment.head);
  for (const auto& one : fragment.media) write(one.bytes());
}

class TranscodeTest : public ::testing::TestWithParam<Codec> {};

TEST_P(TranscodeTest, EachFrameComesOutOnceAtItsInstantAndPlays) {
  const auto loop = api::MakeVideoLoop({.fps = 10,
                                        .seconds = 5,
                                        .gop_frames = 20,
                                        .b_frames = GetParam() == Codec::kJpeg ? 0 : 2,
                                        .codec = GetParam()});
  const auto transcode = Transcode::Start(Workers()).value();
  const Transcoded all = TranscodeAll(*transcode, loop);
  EXPECT_EQ(InstantsOf(all), InstantsOf(loop));
  EXPECT_TRUE(all.frames.front().keyframe);
  EXPECT_EQ(all.format.width_px, 320U);
  EXPECT_EQ(all.format.height_px, 180U);
  std::string folder = ::testing::TempDir() + "transcode-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const auto file = std::filesystem::path(folder) / "transcoded.mp4";
  WriteFile(all, loop.duration_90k, file);
  EXPECT_EQ(api::ComplaintsAbout(file), "");
  EXPECT_EQ(api::CountShownPictures(file), 50);
  std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Codecs, TranscodeTest,
                         ::testing::Values(Codec::kH265, Codec::kJpeg, Codec::kH264));

TEST(TranscodeWorkerTest, AKeyframeComesEachTwoSecondsWhateverTheCamerasDistance) {
  const auto loop =
      api::MakeVideoLoop({.fps = 10, .seconds = 9, .gop_frames = 90, .codec = Codec::kH265});
  const Transcoded all = TranscodeAll(*Transcode::Start(Workers()).value(), loop);
  std::vector<std::int64_t> keyframes_s;
  for (const auto& frame : all.frames)
    if (frame.keyframe)
      keyframes_s.push_back((frame.pts.ticks_90k - loop.frames[0].pts_90k) / 90'000);
  EXPECT_THAT(keyframes_s, ::testing::ElementsAre(0, 2, 4, 6, 8));
}

TEST(TranscodeWorkerTest, WithoutReorderingEachFrameComesOutBeforeTheNextGoesIn) {
  const auto loop = api::MakeVideoLoop({.fps = 10, .seconds = 2, .codec = Codec::kH265});
  const auto transcode = Transcode::Start(Workers()).value();
  ASSERT_TRUE(transcode->Begin(SourceOf(*loop.format)).has_value());
  for (const auto& frame : loop.frames)
    EXPECT_THAT(transcode->Add({frame.pts_90k}, frame.data).value(), SizeIs(1));
}

TEST(TranscodeWorkerTest, AWideStreamIsMadeSmallerAndTheFormatHangsOnTheSizeAlone) {
  const auto wide =
      api::MakeVideoLoop({.fps = 5, .seconds = 1, .size = "1920x1080", .codec = Codec::kH265});
  const auto jpeg =
      api::MakeVideoLoop({.fps = 5, .seconds = 1, .size = "1920x1080", .codec = Codec::kJpeg});
  const auto first = Transcode::Start(Workers()).value();
  const auto second = Transcode::Start(Workers()).value();
  const Transcoded one = TranscodeAll(*first, wide);
  EXPECT_EQ(one.format.width_px, 1280U);
  EXPECT_EQ(one.format.height_px, 720U);
  EXPECT_EQ(TranscodeAll(*second, jpeg).format, one.format);
  EXPECT_EQ(TranscodeAll(*first, wide).format, one.format);  // another stream by the same worker
}

TEST(TranscodeWorkerTest, WhatCannotBeDecodedGivesNothingAndTheNextFramesGoOn) {
  const auto loop =
      api::MakeVideoLoop({.fps = 10, .seconds = 4, .gop_frames = 20, .codec = Codec::kH265});
  const auto transcode = Transcode::Start(Workers()).value();
  ASSERT_TRUE(transcode->Begin(SourceOf(*loop.format)).has_value());
  const auto junk = SharedBytes::CopyOf(std::vector<std::uint8_t>(300, 0xa5));
  EXPECT_TRUE(transcode->Add({0}, junk).has_value());
  std::size_t out = 0;
  for (const auto& frame : loop.frames)
    out += transcode->Add({90'000 + frame.pts_90k}, frame.data).value().size();
  EXPECT_EQ(out, loop.frames.size());
}

TEST(TranscodeWorkerTest, AWorkerThatDiesHangsOrTalksNonsenseIsAnError) {
  for (const char* script : {"exit 1", "sleep 9", "printf 'nonsense nonsense'; sleep 9"}) {
    const auto transcode = Transcode::Start(Script(script)).value();
    const auto begun = transcode->Begin({Codec::kH265, {}, 64, 64});
    ASSERT_FALSE(begun.has_value()) << script;
    EXPECT_TRUE(begun.error().code() == ErrorCode::kUnavailable ||
                begun.error().code() == ErrorCode::kDataLoss)
        << script;
  }
}

}  // namespace
}  // namespace yagura::pictures
