#include "ingest/h265_depacketizer.h"

#include "ingest/h265_sps.h"
#include "tests/ingest/depacketizer_fixture.h"
#include "tests/ingest/h265_stream.h"

namespace yagura::ingest {
namespace {

using ::testing::ElementsAreArray;
using testing::MakeH265Pps;
using testing::MakeH265Slice;
using testing::MakeH265Sps;
using testing::MakeH265Vps;
using ::testing::SizeIs;

constexpr std::uint8_t kTrail = 1;  // a picture that needs others

class H265DepacketizerTest : public DepacketizerTest {
 protected:
  H265DepacketizerTest() : DepacketizerTest(Codec::kH265) {}
};

TEST_F(H265DepacketizerTest, BytesAreAsSentHoweverTheyWerePacked) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::vector<Bytes> nals;
    if (random() % 2 == 0) nals = {MakeH265Vps(), MakeH265Sps(), MakeH265Pps()};
    const std::uint8_t type = seed % 7 == 0 ? std::uint8_t{kH265IdrNLp} : kTrail;
    for (auto segments = 1 + random() % 5, i = segments; i > 0; --i) {
      nals.push_back(MakeH265Slice(type, 3 + random() % 5'000, seed + static_cast<std::uint32_t>(i),
                                   i == segments));
    }
    const CodedPicture picture = Only(Add(rtp_.RandomPicture(nals, seed * 6'000, random)));
    EXPECT_EQ(picture.keyframe, seed % 7 == 0);
    EXPECT_EQ(picture.time.ticks, seed * 6'000);
    ExpectMadeOf(picture, nals);
  }
}

TEST_F(H265DepacketizerTest, FindsParameterSets) {
  const std::vector<Bytes> nals = {MakeH265Vps(), MakeH265Sps(), MakeH265Pps(),
                                   MakeH265Slice(kH265Cra, 90, 1)};
  const CodedPicture picture = Only(Add(rtp_.Picture(nals, 0)));
  EXPECT_TRUE(picture.starts_clean);
  EXPECT_THAT(picture.parameter_sets.vps, ElementsAreArray(nals[0]));
  EXPECT_THAT(picture.parameter_sets.sps, ElementsAreArray(nals[1]));
  EXPECT_THAT(picture.parameter_sets.pps, ElementsAreArray(nals[2]));
  const auto later = MakeH265Slice(kTrail, 90, 1, false);
  EXPECT_FALSE(Only(Add(rtp_.Picture({later}, 6'000))).starts_clean);
}

TEST_F(H265DepacketizerTest, EveryIrapPictureIsAKeyframeAndSaysWhetherOthersMayLead) {
  for (int type = 0; type < 32; ++type) {
    const auto time = static_cast<std::uint32_t>(6'000 * type);
    const auto nal = MakeH265Slice(static_cast<std::uint8_t>(type), 90, 1);
    const CodedPicture picture = Only(Add(rtp_.Picture({nal}, time)));
    EXPECT_EQ(picture.keyframe, type >= 16 && type <= 21) << type;
    EXPECT_EQ(picture.closed, type == kH265IdrNLp || type == kH265BlaNLp) << type;
  }
}

TEST_F(H265DepacketizerTest, OfOtherLayersOnlyTheBytesAreKept) {
  Bytes sps = MakeH265Sps();
  sps[1] = 0x09;  // nuh_layer_id 1
  Bytes slice = MakeH265Slice(kH265IdrNLp, 90, 2);
  slice[1] = 0x09;
  const auto base = MakeH265Slice(kTrail, 90, 1);
  const CodedPicture picture = Only(Add(rtp_.Picture({sps, base, slice}, 0)));
  EXPECT_FALSE(picture.keyframe);
  EXPECT_THAT(picture.parameter_sets.sps, SizeIs(0));
  ExpectMadeOf(picture, {sps, base, slice});
}

TEST_F(H265DepacketizerTest, WithoutAMarkerTheNextTimestampEndsAPicture) {
  const auto first = MakeH265Slice(kTrail, 50, 1);
  const auto later = MakeH265Slice(kTrail, 50, 2, false);
  EXPECT_THAT(AddPayload(first, 0), SizeIs(0));
  EXPECT_THAT(AddPayload(later, 0), SizeIs(0));
  ExpectMadeOf(Only(AddPayload(MakeH265Slice(kTrail, 50, 3), 6'000)), {first, later});
}

TEST_F(H265DepacketizerTest, PicturesUnderOneTimestampAreToldApartWithAndWithoutMarkers) {
  const auto one = MakeH265Slice(kH265IdrNLp, 3'000, 1);
  const auto two = MakeH265Slice(kTrail, 3'000, 2);
  for (const bool marker : {false, true}) {
    StartAnew();
    std::vector<CodedPicture> pictures;
    for (const std::vector<Bytes>& nals :
         {std::vector<Bytes>{MakeH265Vps(), MakeH265Sps(), MakeH265Pps(), one}, {two}, {two}}) {
      auto packets = rtp_.Picture(nals, 7);
      if (!marker) packets.back()[1] &= 0x7f;
      for (CodedPicture& picture : Add(packets)) pictures.push_back(std::move(picture));
    }
    if (!marker) pictures.push_back(Only(AddPayload(two, 8)));
    ASSERT_THAT(pictures, SizeIs(3));
    ExpectMadeOf(pictures[0], {MakeH265Vps(), MakeH265Sps(), MakeH265Pps(), one});
    ExpectMadeOf(pictures[1], {two});
    ExpectMadeOf(pictures[2], {two});
  }
}

TEST_F(H265DepacketizerTest, WhatStandsBeforeAPictureBeginsItUnderTheSameTimestampToo) {
  const auto slice = MakeH265Slice(kH265IdrNLp, 50, 1);
  const Bytes sei = {kH265PrefixSei << 1, 1, 4, 1, 0, 0x80};
  Bytes aggregate = {0x60, 0x01, 0, 6};
  testing::Append(aggregate, sei);
  for (const Bytes& payload :
       {MakeH265Vps(), sei, aggregate, Bytes{kH265Delimiter << 1, 1, 0x50}}) {
    StartAnew();
    EXPECT_THAT(AddPayload(slice), SizeIs(0));
    ExpectMadeOf(Only(AddPayload(payload)), {slice});
  }
  StartAnew();
  EXPECT_THAT(AddPayload(slice), SizeIs(0));
  EXPECT_THAT(AddPayload({40 << 1, 1, 4, 1, 0, 0x80}), SizeIs(0)) << "a suffix SEI belongs to it";
}

TEST_F(H265DepacketizerTest, AMarkerOnEverySliceIsLearnt) {
  const auto first = MakeH265Slice(kTrail, 50, 1);
  const auto later = MakeH265Slice(kTrail, 50, 2, false);
  EXPECT_THAT(AddPayload(first, 0, true), SizeIs(1)) << "can't be known yet";
  EXPECT_THAT(AddPayload(later, 0, true), SizeIs(0));
  EXPECT_TRUE(Only(AddPayload(first, 6'000, true)).damaged) << "the rest of the first";
  EXPECT_THAT(AddPayload(later, 6'000, true), SizeIs(0));
  ExpectMadeOf(Only(AddPayload(first, 12'000, true)), {first, later});
}

TEST_F(H265DepacketizerTest, PacketsThatMakeNoSenseDamageThePicture) {
  const Bytes start = {0x62, 0x01, 0x81, 0xac, 2, 3};
  const Bytes middle = {0x62, 0x01, 0x01, 4, 5};
  const Bytes other_middle = {0x62, 0x01, 0x13, 4, 5};
  struct Case {
    const char* what;
    std::vector<Bytes> payloads;
  };
  for (const Case& c : {Case{"a fragment without its start", {middle}},
                        Case{"a fragment of another NAL unit", {start, other_middle}},
                        Case{"a fragment that never ends", {start, middle}},
                        Case{"a fragment begun within another", {start, start, middle}},
                        Case{"a fragment without its third byte", {{0x62, 0x01}}},
                        Case{"a payload of one byte", {{0x02}}},
                        Case{"an aggregate with a size of 0", {{0x60, 0x01, 0, 0, 1}}},
                        Case{"an aggregate with a size of 1", {{0x60, 0x01, 0, 1, 2}}},
                        Case{"an aggregate cut short", {{0x60, 0x01, 0, 9, 2, 1}}},
                        Case{"an aggregate in an aggregate", {{0x60, 0x01, 0, 2, 0x60, 1}}}}) {
    StartAnew();
    for (const Bytes& payload : c.payloads)
      EXPECT_THAT(AddPayload(payload, 0), SizeIs(0)) << c.what;
    const Bytes slice = MakeH265Slice(kTrail, 9, 1, false);
    EXPECT_TRUE(Only(AddPayload(slice, 0, true)).damaged) << c.what;
    EXPECT_FALSE(Only(AddPayload(slice, 6'000, true)).damaged) << c.what;
  }
}

/// Found by tests/e2e/camera_faults.py: the picture was taken for whole, without its VPS.
TEST_F(H265DepacketizerTest, APictureWhoseFrontIsBrokenBehindAFragmentWithoutItsEndIsDamaged) {
  const Bytes wrong = {0x60, 0x01, 0xff, 0xff, 0x02, 0x01};
  EXPECT_THAT(AddPayload({0x62, 0x01, 0x81, 0xac, 2, 3}, 0), SizeIs(0));
  EXPECT_THAT(AddPayload(wrong, 0, true), SizeIs(0)) << "in the place of the fragment's end";
  EXPECT_THAT(AddPayload(wrong, 6'000), SizeIs(0)) << "in the place of the next picture's VPS";
  EXPECT_THAT(AddPayload(MakeH265Sps(), 6'000), SizeIs(0));
  EXPECT_TRUE(Only(AddPayload(MakeH265Pps(), 6'000)).damaged);
  const Bytes slice = MakeH265Slice(19, 9, 1);
  EXPECT_TRUE(Only(AddPayload(slice, 6'000, true)).damaged);
  EXPECT_FALSE(Only(AddPayload(slice, 12'000, true)).damaged);
}

TEST_F(H265DepacketizerTest, AggregatesOfEveryWrongLengthAreReadSafely) {
  for (std::size_t told = 0; told <= 65'535; ++told) {
    const auto high = static_cast<std::uint8_t>(told >> 8);
    const auto low = static_cast<std::uint8_t>(told);
    Bytes first = {0x60, 0x01, high, low};
    Bytes second = {0x60, 0x01, 0, 3, 0x02, 0x01, 0x80, high, low};
    for (Bytes* payload : {&first, &second}) {
      payload->resize(203, 0x02);
      (void)AddPayload(*payload, static_cast<std::uint32_t>(told), true);
      ASSERT_EQ(fault_, Fault::kNone) << told;
    }
  }
}

TEST_F(H265DepacketizerTest, PayloadsCutAtEveryByteAreReadSafely) {
  const Bytes aggregate = {0x60, 0x01, 0, 3, 0x02, 0x01, 0x80, 0, 2, 0x4e, 0x01};
  const Bytes fragment = {0x62, 0x01, 0xc1, 0xac, 2, 3};
  for (const Bytes& whole : {aggregate, fragment}) {
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      StartAnew();
      (void)AddPayload(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)), 0,
                       true);
      EXPECT_EQ(fault_, Fault::kNone) << size;
    }
  }
}

TEST_F(H265DepacketizerTest, PacketsThatNobodyAskedForAreRefused) {
  (void)AddPayload({50 << 1, 0x01, 0, 1});
  EXPECT_EQ(fault_, Fault::kUnsupportedPacket);
  for (int type = 51; type < 64; ++type) {
    (void)AddPayload({static_cast<std::uint8_t>(type << 1), 0x01, 0, 1});
    EXPECT_EQ(fault_, Fault::kNone) << type << " means nothing";
  }
}

TEST_F(H265DepacketizerTest, AFragmentThatNeverEndsMeetsTheLimit) {
  ExpectEndlessFragmentRefused({0x62, 0x01, 0x81}, {0x62, 0x01, 0x01});
}

}  // namespace
}  // namespace yagura::ingest
