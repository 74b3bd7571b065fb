#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "ingest/limits.h"
#include "ingest/video_codec.h"
#include "tests/ingest/h264_stream.h"

namespace yagura::ingest {

/// Packets of a codec into a depacketizer, pictures out.
class DepacketizerTest : public ::testing::Test {
 protected:
  using Bytes = testing::Bytes;
  using Fault = Depacketizer::Fault;

  explicit DepacketizerTest(Codec codec) : rtp_(65'530, 0x1234'5678, codec), codec_(codec) {
    StartAnew();
  }
  void StartAnew() {
    depacketizer_ = VideoCodecOf(codec_).make_depacketizer();
    fault_ = Fault::kNone;
  }

  /// The pictures that end with or before this packet.
  std::vector<CodedPicture> Add(const Bytes& bytes) {
    RtpPacket packet;
    EXPECT_TRUE(ParseRtp(bytes, packet));
    std::vector<CodedPicture> ended;
    if (depacketizer_->EndsBefore(packet)) ended.push_back(depacketizer_->Take());
    fault_ = depacketizer_->Add(packet);
    if (fault_ == Fault::kNone && depacketizer_->complete()) ended.push_back(depacketizer_->Take());
    return ended;
  }
  std::vector<CodedPicture> Add(const std::vector<Bytes>& packets) {
    std::vector<CodedPicture> ended;
    for (const Bytes& packet : packets) {
      for (CodedPicture& picture : Add(packet)) ended.push_back(std::move(picture));
    }
    return ended;
  }
  /// A packet of this payload, unmarked.
  std::vector<CodedPicture> AddPayload(const Bytes& payload, std::uint32_t time = 0,
                                       bool marker = false) {
    return Add(rtp_.Packet(payload, time, marker));
  }
  static CodedPicture Only(const std::vector<CodedPicture>& pictures) {
    EXPECT_THAT(pictures, ::testing::SizeIs(1));
    return pictures.empty() ? CodedPicture() : pictures.front();
  }
  /// `picture` is whole and made of `nals`.
  static void ExpectMadeOf(const CodedPicture& picture, const std::vector<Bytes>& nals) {
    EXPECT_FALSE(picture.damaged);
    EXPECT_THAT(picture.data.bytes(), ::testing::ElementsAreArray(testing::WithLengths(nals)));
  }

  /// A fragmented NAL unit whose first packet begins with `start` and all others with `middle`, and
  /// whose end never comes, is refused soon after it has got too large.
  void ExpectEndlessFragmentRefused(const Bytes& start, const Bytes& middle) {
    Bytes payload(60'000, 1);
    std::copy(start.begin(), start.end(), payload.begin());
    std::size_t sent = 0;
    for (; fault_ == Fault::kNone && sent < 2 * kMaxNalBytes; sent += payload.size()) {
      (void)AddPayload(payload);
      std::copy(middle.begin(), middle.end(), payload.begin());
    }
    EXPECT_EQ(fault_, Fault::kNalTooLarge);
    EXPECT_LE(sent, kMaxNalBytes + 2 * payload.size());
  }

  testing::RtpWriter rtp_;
  Codec codec_;
  std::unique_ptr<Depacketizer> depacketizer_;
  Fault fault_ = Fault::kNone;
};

}  // namespace yagura::ingest
