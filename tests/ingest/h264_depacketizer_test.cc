#include "ingest/h264_depacketizer.h"

#include "ingest/limits.h"
#include "tests/ingest/depacketizer_fixture.h"

namespace yagura::ingest {
namespace {

using ::testing::ElementsAreArray;
using testing::MakeLaterSlice;
using testing::MakePps;
using testing::MakeSlice;
using testing::MakeSps;
using ::testing::SizeIs;
using testing::WithLengths;

class H264DepacketizerTest : public DepacketizerTest {
 protected:
  H264DepacketizerTest() : DepacketizerTest(Codec::kH264) {}
};

TEST_F(H264DepacketizerTest, BytesAreAsSentHoweverTheyWerePacked) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::vector<Bytes> nals;
    if (random() % 2 == 0) nals = {MakeSps(), MakePps(), testing::MakeRecoveryPoint(0)};
    for (auto slices = 1 + random() % 5; slices > 0; --slices) {
      nals.push_back(MakeSlice(seed % 7 == 0, 2 + random() % 5'000,
                               seed + static_cast<std::uint32_t>(slices)));
    }
    const CodedPicture picture = Only(Add(rtp_.RandomPicture(nals, seed * 6'000, random)));
    EXPECT_FALSE(picture.damaged);
    EXPECT_EQ(picture.keyframe, seed % 7 == 0 || nals.front() == MakeSps());
    EXPECT_EQ(picture.time.ticks, seed * 6'000);
    ASSERT_THAT(picture.data.bytes(), ElementsAreArray(WithLengths(nals)));
  }
}

TEST_F(H264DepacketizerTest, FindsParameterSetsAndWhereDecodingCanStart) {
  const std::vector<Bytes> nals = {MakeSps(), MakePps(), testing::MakeRecoveryPoint(0),
                                   MakeSlice(false, 90, 1)};
  const CodedPicture picture = Only(Add(rtp_.Picture(nals, 0)));
  EXPECT_TRUE(picture.keyframe);
  EXPECT_FALSE(picture.closed) << "as an IDR picture is";
  EXPECT_TRUE(picture.starts_clean);
  EXPECT_THAT(picture.parameter_sets.sps, ElementsAreArray(nals[0]));
  EXPECT_THAT(picture.parameter_sets.pps, ElementsAreArray(nals[1]));
  EXPECT_FALSE(Only(Add(rtp_.Picture({MakeLaterSlice(true, 90, 1)}, 6'000))).starts_clean);
}

TEST_F(H264DepacketizerTest, WithoutAMarkerTheNextTimestampEndsAPicture) {
  EXPECT_THAT(AddPayload(MakeSlice(true, 50, 1), 0), SizeIs(0));
  EXPECT_THAT(AddPayload(MakeLaterSlice(true, 50, 2), 0), SizeIs(0));
  const CodedPicture picture = Only(AddPayload(MakeSlice(false, 50, 3), 6'000));
  EXPECT_THAT(picture.data.bytes(),
              ElementsAreArray(WithLengths({MakeSlice(true, 50, 1), MakeLaterSlice(true, 50, 2)})));
}

TEST_F(H264DepacketizerTest, AMarkerOnParameterSetsEndsNothing) {
  EXPECT_THAT(AddPayload(MakeSps(), 0, true), SizeIs(0));
  EXPECT_THAT(AddPayload(MakePps(), 0, true), SizeIs(0));
  const CodedPicture picture = Only(AddPayload(MakeSlice(true, 50, 1), 0, true));
  EXPECT_THAT(picture.data.bytes(),
              ElementsAreArray(WithLengths({MakeSps(), MakePps(), MakeSlice(true, 50, 1)})));
}

TEST_F(H264DepacketizerTest, ParameterSetsOfAnEarlierTimestampGoWithThePicture) {
  EXPECT_THAT(AddPayload(MakeSps(), 0, true), SizeIs(0));
  const CodedPicture picture = Only(AddPayload(MakeSlice(true, 50, 1), 6'000, true));
  EXPECT_EQ(picture.time.ticks, 6'000u);
  EXPECT_FALSE(picture.damaged);
  EXPECT_THAT(picture.data.bytes(),
              ElementsAreArray(WithLengths({MakeSps(), MakeSlice(true, 50, 1)})));
}

TEST_F(H264DepacketizerTest, AMarkerOnEverySliceIsLearnt) {
  EXPECT_THAT(AddPayload(MakeSlice(true, 50, 1), 0, true), SizeIs(1)) << "can't be known yet";
  EXPECT_THAT(AddPayload(MakeLaterSlice(true, 50, 2), 0, true), SizeIs(0));
  EXPECT_TRUE(Only(AddPayload(MakeSlice(false, 50, 3), 6'000, true)).damaged)
      << "the rest of the first";
  EXPECT_THAT(AddPayload(MakeLaterSlice(false, 50, 4), 6'000, true), SizeIs(0));
  const CodedPicture picture = Only(AddPayload(MakeSlice(false, 50, 5), 12'000, true));
  EXPECT_FALSE(picture.damaged);
  EXPECT_THAT(
      picture.data.bytes(),
      ElementsAreArray(WithLengths({MakeSlice(false, 50, 3), MakeLaterSlice(false, 50, 4)})));
}

TEST_F(H264DepacketizerTest, AMarkedPictureUnderTheTimestampOfTheOneBeforeIsAPicture) {
  for (std::uint32_t fill = 0; fill < 3; ++fill) {
    const auto slice = MakeSlice(fill == 0, 50, fill);
    ExpectMadeOf(Only(AddPayload(slice, 7, true)), {slice});
  }
}

TEST_F(H264DepacketizerTest, TwoFieldsWithoutAMarkerBetweenStayTogether) {
  EXPECT_THAT(AddPayload(MakeSlice(false, 50, 1)), SizeIs(0));
  ExpectMadeOf(Only(AddPayload(MakeSlice(false, 50, 2), 0, true)),
               {MakeSlice(false, 50, 1), MakeSlice(false, 50, 2)});
}

TEST_F(H264DepacketizerTest, PacketsThatMakeNoSenseDamageThePicture) {
  const Bytes start = {0x7c, 0x85, 1, 2, 3};
  const Bytes middle = {0x7c, 0x05, 4, 5};
  const Bytes other_middle = {0x7c, 0x01, 4, 5};
  struct Case {
    const char* what;
    std::vector<Bytes> payloads;
  };
  for (const Case& c : {Case{"a fragment without its start", {middle}},
                        Case{"a fragment of another NAL unit", {start, other_middle}},
                        Case{"a fragment that never ends", {start, middle}},
                        Case{"a fragment begun within another", {start, start, middle}},
                        Case{"a fragment without its second byte", {{0x7c}}},
                        Case{"an aggregate with a size of 0", {{0x78, 0, 0, 1}}},
                        Case{"an aggregate cut short", {{0x78, 0, 9, 0x41, 1}}},
                        Case{"an aggregate with half a size", {{0x78, 0, 2, 0x41, 1, 0}}},
                        Case{"an aggregate in an aggregate", {{0x78, 0, 2, 0x78, 1}}}}) {
    StartAnew();
    for (const Bytes& payload : c.payloads)
      EXPECT_THAT(AddPayload(payload, 0), SizeIs(0)) << c.what;
    EXPECT_TRUE(Only(AddPayload(MakeSlice(false, 9, 1), 0, true)).damaged) << c.what;
    EXPECT_FALSE(Only(AddPayload(MakeSlice(false, 9, 1), 6'000, true)).damaged) << c.what;
  }
}

TEST_F(H264DepacketizerTest, AggregatesOfEveryWrongLengthAreReadSafely) {
  for (std::size_t told = 0; told <= 65'535; ++told) {
    Bytes payload = {0x78, static_cast<std::uint8_t>(told >> 8), static_cast<std::uint8_t>(told)};
    payload.resize(203, 0x41);
    (void)AddPayload(payload, static_cast<std::uint32_t>(told), true);
    EXPECT_EQ(fault_, Fault::kNone);
  }
}

TEST_F(H264DepacketizerTest, PayloadsCutAtEveryByteAreReadSafely) {
  const Bytes aggregate = {0x78, 0, 3, 0x41, 0x9a, 1, 0, 2, 0x06, 5};
  const Bytes fragment = {0x7c, 0xc1, 0x9a, 1, 2};
  for (const Bytes& whole : {aggregate, fragment}) {
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      StartAnew();
      (void)AddPayload(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)), 0,
                       true);
      EXPECT_EQ(fault_, Fault::kNone) << size;
    }
  }
}

TEST_F(H264DepacketizerTest, PacketsOfOtherModesAreRefused) {
  for (const int type : {25, 26, 27, 29}) {
    (void)AddPayload({static_cast<std::uint8_t>(0x60 | type), 0, 1, 2});
    EXPECT_EQ(fault_, Fault::kUnsupportedPacket) << type;
  }
  for (const int type : {0, 30, 31}) {
    (void)AddPayload({static_cast<std::uint8_t>(0x60 | type), 0, 1, 2});
    EXPECT_EQ(fault_, Fault::kNone) << type << " is to be ignored";
  }
  (void)AddPayload({});
  EXPECT_EQ(fault_, Fault::kNone);
}

TEST_F(H264DepacketizerTest, AFragmentThatNeverEndsMeetsTheLimit) {
  ExpectEndlessFragmentRefused({0x7c, 0x85}, {0x7c, 0x05});
}

TEST_F(H264DepacketizerTest, APictureMeetsTheLimits) {
  const Bytes slice = MakeLaterSlice(false, 60'000, 1);
  for (std::size_t sent = 0; fault_ == Fault::kNone && sent < 2 * kMaxAccessUnitBytes;
       sent += slice.size()) {
    (void)AddPayload(slice);
  }
  EXPECT_EQ(fault_, Fault::kPictureTooLarge);

  StartAnew();
  std::size_t count = 0;
  for (; fault_ == Fault::kNone && count < 2 * kMaxNalsPerAccessUnit; ++count)
    (void)AddPayload({0x06, 0x80});
  EXPECT_EQ(fault_, Fault::kTooManyNals);
}

}  // namespace
}  // namespace yagura::ingest
