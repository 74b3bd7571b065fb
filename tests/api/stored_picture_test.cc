#include "api/media/stored_picture.h"

#include <gmock/gmock.h>

namespace yagura::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Frames of consecutive clips in decoding order, one each 100 ticks from 0 on; presented as `pts`
/// says.
struct Frames {
  Frames& Add(std::size_t clip, std::int64_t pts, bool keyframe = false) {
    PictureFrame frame;
    frame.clip = clip;
    frame.sample.dts = {static_cast<std::int64_t>(all.size()) * 100};
    frame.sample.composition_90k = static_cast<std::int32_t>(pts - frame.sample.dts.ticks_90k);
    frame.sample.keyframe = keyframe;
    all.push_back(frame);
    return *this;
  }
  /// The instants of those needed for what is presented at `media`.
  [[nodiscard]] std::vector<std::int64_t> For(std::size_t clip, std::int64_t media) const {
    std::vector<std::int64_t> needed;
    for (const auto& frame : FramesOfPicture(all, clip, {media}))
      needed.push_back(frame.pts().ticks_90k);
    return needed;
  }
  std::vector<PictureFrame> all;
};

TEST(FramesOfPictureTest, GoFromTheKeyframeToTheFrameThatIsShown) {
  const auto frames =
      Frames().Add(0, 100, true).Add(0, 200).Add(0, 300).Add(0, 400, true).Add(0, 500);
  EXPECT_THAT(frames.For(0, 300), ElementsAre(100, 200, 300));
  EXPECT_THAT(frames.For(0, 399), ElementsAre(100, 200, 300));
  EXPECT_THAT(frames.For(0, 400), ElementsAre(400));
  EXPECT_THAT(frames.For(0, 9'999), ElementsAre(400, 500));
  EXPECT_THAT(frames.For(0, 99), IsEmpty());
}

TEST(FramesOfPictureTest, TakeWhatIsDecodedBeforeThoughShownLater) {
  const auto frames = Frames().Add(0, 200, true).Add(0, 500).Add(0, 300).Add(0, 400);
  EXPECT_THAT(frames.For(0, 310), ElementsAre(200, 500, 300));
  EXPECT_THAT(frames.For(0, 510), ElementsAre(200, 500));
}

TEST(FramesOfPictureTest, AFrameShownBeforeTheNextKeyframeHangsOnTheOneBefore) {
  const auto frames = Frames().Add(0, 100, true).Add(0, 200).Add(0, 400, true).Add(0, 300);
  EXPECT_THAT(frames.For(0, 300), ElementsAre(100, 200, 400, 300));
}

TEST(FramesOfPictureTest, TheKeyframeMayLieInAClipBefore) {
  const auto frames = Frames().Add(0, 100, true).Add(0, 200).Add(1, 10).Add(1, 110);
  EXPECT_THAT(frames.For(1, 115), ElementsAre(100, 200, 10, 110));
}

TEST(FramesOfPictureTest, WithoutAKeyframeThereIsNoPicture) {
  EXPECT_THAT(Frames().Add(0, 100).Add(0, 200).For(0, 200), IsEmpty());
}

}  // namespace
}  // namespace yagura::api
