#include "pictures/picture_signs.h"

#include <gtest/gtest.h>

namespace yagura::pictures {
namespace {

using Pixels = std::vector<std::uint8_t>;

/// Rows of 100 pixels, with something behind each that is none.
LumaPlane Plane(const Pixels& pixels) {
  return {pixels.data(), 110, 100, static_cast<int>(pixels.size() / 110)};
}

TEST(PictureSignsTest, CountsDarkAndDifferingPixels) {
  Pixels earlier(110 * 20, 120);
  Pixels later = earlier;
  for (int x = 0; x < 50; ++x) later[static_cast<std::size_t>(x)] = 16;
  later[110 + 105] = 7;  // behind a row
  later[5 * 110] = 121;
  EXPECT_EQ(Compare(Plane(earlier), Plane(later)),
            (PictureSigns{.dark_ppm = 25'000, .differing_ppm = 25'500, .changed_px = 50}));
  EXPECT_EQ(Compare(Plane(later), Plane(later)),
            (PictureSigns{.dark_ppm = 25'000, .differing_ppm = 0}));
}

TEST(PictureSignsTest, PicturesOfDifferentSizeAreNotOne) {
  const Pixels small(110 * 10, 120);
  const Pixels large(110 * 20, 120);
  EXPECT_FALSE(AreOne(Compare(Plane(small), Plane(large))));
  EXPECT_FALSE(AreOne(Compare(Plane(large), Plane(small))));
  EXPECT_FALSE(AreOne(Compare({}, {})));
}

TEST(PictureSignsTest, AClockInALargePictureIsEnoughToTellTwoImages) {
  Pixels earlier(110 * 1000, 120);
  Pixels later = earlier;
  for (int x = 0; x < 20; ++x) later[static_cast<std::size_t>(x)] = 200;
  EXPECT_FALSE(AreOne(Compare(Plane(earlier), Plane(later))));
  for (int x = 0; x < 20; ++x) later[static_cast<std::size_t>(x)] = 130;
  EXPECT_TRUE(AreOne(Compare(Plane(earlier), Plane(later)))) << "coded once more";
}

TEST(PictureSignsTest, AClockOnABlackPictureLeavesItBlack) {
  EXPECT_TRUE(IsBlack({.dark_ppm = 985'000}));
  EXPECT_FALSE(IsBlack({.dark_ppm = 950'000}));
}

TEST(PictureSignsTest, GoOverAPipe) {
  const PictureSigns signs{.dark_ppm = 1'000'000, .differing_ppm = 70'123, .changed_px = 9};
  EXPECT_EQ(ParseSigns(EncodeSigns(signs)).value(), signs);
  EXPECT_FALSE(ParseSigns(Pixels(11)).has_value());
  EXPECT_FALSE(ParseSigns(Pixels(13)).has_value());
}

}  // namespace
}  // namespace yagura::pictures
