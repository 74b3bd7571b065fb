// Real workers: what they make, and what it costs when one goes wrong.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "pictures/picture_decoder.h"
#include "storage/codec_boxes.h"
#include "tests/api/video_loop.h"

namespace yagura::pictures {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

PictureDecoder::Options Workers(int workers) {
  PictureDecoder::Options options;
  options.program = YAGURA_PROGRAM;
  options.workers = workers;
  return options;
}

/// A worker that is a shell script.
PictureDecoder::Options Script(const std::string& script) {
  PictureDecoder::Options options;
  options.program = "/bin/sh";
  options.arguments = {"-c", script};
  options.workers = 1;
  options.answer_timeout = milliseconds(500);
  return options;
}

class PictureDecoderTest : public ::testing::Test {
 protected:
  static api::VideoLoop MakeLoop(Codec codec) {
    return api::MakeVideoLoop({.fps = 10, .seconds = 2, .b_frames = 2, .codec = codec});
  }
  static const api::VideoLoop& Loop() {
    static const auto* const kLoop = new api::VideoLoop(MakeLoop(Codec::kH264));
    return *kLoop;
  }
  /// The first `count` frames of the loop.
  static PictureOrder Order(std::size_t count, const api::VideoLoop& loop = Loop()) {
    PictureOrder order{loop.format->codec, storage::DecoderConfiguration(*loop.format), {}};
    for (std::size_t i = 0; i < count; ++i) order.frames.push_back(loop.frames[i].data);
    return order;
  }
};

TEST_F(PictureDecoderTest, MakesAJpegOfTheLastFrame) {
  PictureDecoder decoder(Workers(1));
  std::vector<std::uint8_t> before;
  const api::VideoLoop h265 = MakeLoop(Codec::kH265);
  for (const auto& [count, loop] :
       {std::pair(1U, &Loop()), std::pair(2U, &Loop()), std::pair(1U, &h265),
        std::pair(7U, &Loop()), std::pair(20U, &h265), std::pair(20U, &Loop())}) {
    const auto picture = decoder.MakePicture(Order(count, *loop));
    ASSERT_TRUE(picture.has_value()) << ToString(picture.error());
    ASSERT_GT(picture->size(), 1'000U);
    EXPECT_EQ((*picture)[0], 0xff);
    EXPECT_EQ((*picture)[1], 0xd8);
    EXPECT_NE(*picture, before);
    before = *picture;
  }
}

TEST_F(PictureDecoderTest, AJpegIsDecodedAsAKeyframeIs) {
  PictureDecoder decoder(Workers(1));
  const auto file = decoder.MakePicture(Order(1));
  ASSERT_TRUE(file.has_value()) << ToString(file.error());
  const PictureOrder order{Codec::kJpeg, {}, {SharedBytes::CopyOf(*file)}};
  const auto again = decoder.MakePicture(order);
  ASSERT_TRUE(again.has_value()) << ToString(again.error());
  EXPECT_GT(again->size(), 1'000U);
  const std::vector<std::uint8_t> nothing = {0xff, 0xd8, 0xff, 0xd9};
  EXPECT_FALSE(decoder.MakePicture({Codec::kJpeg, {}, {SharedBytes::CopyOf(nothing)}}).has_value());
}

/// Width and height that a JPEG's frame header tells (ITU-T T.81, B.2.2).
std::pair<int, int> SizeOf(const std::vector<std::uint8_t>& jpeg) {
  for (std::size_t at = 2; at + 9 < jpeg.size() && jpeg[at] == 0xff;) {
    if (jpeg[at + 1] == 0xc0)
      return {jpeg[at + 7] << 8 | jpeg[at + 8], jpeg[at + 5] << 8 | jpeg[at + 6]};
    at += 2U + static_cast<std::size_t>(jpeg[at + 2] << 8 | jpeg[at + 3]);
  }
  return {};
}

TEST_F(PictureDecoderTest, MakesThemSmallWhereItIsAskedTo) {
  PictureDecoder::Options options = Workers(1);
  options.arguments = {"decode", "--thumbnails"};
  PictureDecoder decoder(options);
  PictureDecoder whole(Workers(1));
  for (const auto& [size, width, height] :
       {std::tuple("1280x720", 320, 180), std::tuple("704x576", 320, 261),
        std::tuple("160x120", 160, 120), std::tuple("1920x64", 320, 10)}) {
    const api::VideoLoop loop = api::MakeVideoLoop({.fps = 5, .seconds = 1, .size = size});
    const auto small = decoder.MakePicture(Order(1, loop));
    ASSERT_TRUE(small.has_value()) << size << " " << ToString(small.error());
    EXPECT_EQ(SizeOf(*small), std::pair(width, height)) << size;
    const auto jpeg = whole.MakePicture(Order(1, loop));
    ASSERT_TRUE(jpeg.has_value());
    const auto of_jpeg = decoder.MakePicture({Codec::kJpeg, {}, {SharedBytes::CopyOf(*jpeg)}});
    ASSERT_TRUE(of_jpeg.has_value()) << ToString(of_jpeg.error());
    EXPECT_EQ(SizeOf(*of_jpeg), std::pair(width, height)) << size;
  }
}

TEST_F(PictureDecoderTest, DamagedFramesCostOneAnswer) {
  PictureDecoder decoder(Workers(1));
  PictureOrder damaged = Order(3);
  for (SharedBytes& frame : damaged.frames) {
    std::vector<std::uint8_t> bytes(frame.bytes().begin(), frame.bytes().end());
    for (std::size_t i = 40; i < bytes.size(); i += 3) bytes[i] ^= 0x5a;
    frame = SharedBytes::CopyOf(bytes);
  }
  EXPECT_FALSE(decoder.MakePicture(damaged).has_value());
  EXPECT_TRUE(decoder.MakePicture(Order(3)).has_value());
}

TEST_F(PictureDecoderTest, ManyAskAtOnceAndTooManyAreRefusedAtOnce) {
  PictureDecoder decoder(Workers(2));
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i) {
    callers.emplace_back([&] {
      const auto picture = decoder.MakePicture(Order(20));
      ++(picture.has_value() ? made : refused);
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_GE(made, 2);
  EXPECT_EQ(made + refused, 16);
}

TEST_F(PictureDecoderTest, AWorkerThatDiesHangsOrAnswersNonsenseCostsOneAnswerInTime) {
  // By exec: a child of the script would live on, and hold what this test prints to.
  for (const auto* script : {"exit 1", "kill -SEGV $$", "exec sleep 60", "exec yes"}) {
    PictureDecoder decoder(Script(script));
    const auto begun = steady_clock::now();
    const auto picture = decoder.MakePicture(Order(1));
    ASSERT_FALSE(picture.has_value());
    EXPECT_EQ(picture.error().code(), ErrorCode::kUnavailable) << script;
    EXPECT_LT(steady_clock::now() - begun, std::chrono::seconds(5)) << script;
  }
}

/// Dies at the first order and works from then on.
TEST_F(PictureDecoderTest, AnotherWorkerTakesItsPlace) {
  std::string folder = "/tmp/yagura-decode-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string once = folder + "/once";
  std::ofstream(once) << "x";
  PictureDecoder decoder(
      Script("if rm '" + once + "' 2>&-; then exit 1; fi; exec '" YAGURA_PROGRAM "' decode"));
  EXPECT_FALSE(decoder.MakePicture(Order(1)).has_value());
  bool made = false;  // a sanitizer's program may start slowly
  for (int i = 0; i < 20 && !made; ++i) made = decoder.MakePicture(Order(1)).has_value();
  EXPECT_TRUE(made);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace yagura::pictures
