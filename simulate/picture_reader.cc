#include "simulate/picture_reader.h"

#include "simulate/h264_headers.h"
#include "simulate/h265_headers.h"
#include "simulate/picture_order.h"

namespace yagura::simulate {
namespace {

using Nal = std::span<const std::uint8_t>;
using Kind = NalFacts::Kind;

tl::unexpected<Error> NoParameterSets() {
  return Failure(ErrorCode::kInvalidArgument, "a picture before its parameter sets");
}

class H264Reader final : public PictureReader {
 public:
  Result<NalFacts> Read(Nal nal) override {
    const std::uint8_t type = NalTypeOf(nal);
    NalFacts facts;
    facts.opens = type >= kNalSei && type <= kNalDelimiter;
    if (type == kNalPps) facts.kind = Kind::kPps;
    if (type == kNalSps) {
      facts.kind = Kind::kSps;
      ASSIGN_OR_RETURN(sequence_, ParseSequenceHeader(nal));
    }
    if (IsSlice(type)) RETURN_IF_ERROR(ReadSlice(nal, facts));
    return facts;
  }
  std::optional<FrameRate> rate() const override {
    return sequence_ ? sequence_->rate : std::nullopt;
  }

 private:
  Result<void> ReadSlice(Nal nal, NalFacts& facts) {
    if (!sequence_) return NoParameterSets();
    ASSIGN_OR_RETURN(const SliceHeader slice, ParseSliceHeader(nal, *sequence_));
    facts.kind = Kind::kSlice;
    facts.keyframe = facts.restarts = NalTypeOf(nal) == kNalIdrSlice;
    facts.opens = slice.first_macroblock == 0;
    if (!facts.opens) return {};
    const bool reference = (nal.front() & 0x60) != 0;
    shown_as_decoded_ = facts.restarts ? 0 : shown_as_decoded_ + 1;
    facts.order =
        sequence_->order_type == 2  // shown as decoded (8.2.1.3)
            ? shown_as_decoded_
            : order_.Next({sequence_->order_bits, slice.order_lsb, facts.restarts, reference});
    return {};
  }

  std::optional<SequenceHeader> sequence_;
  PictureOrder order_;
  std::int64_t shown_as_decoded_ = 0;
};

class H265Reader final : public PictureReader {
 public:
  Result<NalFacts> Read(Nal nal) override {
    if (nal.size() < kH265NalHeaderBytes)
      return Failure(ErrorCode::kInvalidArgument, "half a NAL unit");
    const std::uint8_t type = H265NalTypeOf(nal);
    NalFacts facts;
    facts.opens = OpensH265AccessUnit(type);
    if (type == kH265NalVps) facts.kind = Kind::kVps;
    if (type == kH265NalSps) {
      facts.kind = Kind::kSps;
      ASSIGN_OR_RETURN(sequence_, ParseH265SequenceHeader(nal));
    }
    if (type == kH265NalPps) {
      facts.kind = Kind::kPps;
      ASSIGN_OR_RETURN(picture_, ParseH265PictureHeader(nal));
    }
    if (IsH265Slice(type)) RETURN_IF_ERROR(ReadSlice(nal, type, facts));
    return facts;
  }
  std::optional<FrameRate> rate() const override {
    return sequence_ ? sequence_->rate : std::nullopt;
  }

 private:
  Result<void> ReadSlice(Nal nal, std::uint8_t type, NalFacts& facts) {
    if (!sequence_ || !picture_) return NoParameterSets();
    ASSIGN_OR_RETURN(const H265SliceHeader slice, ParseH265SliceHeader(nal, *sequence_, *picture_));
    facts.kind = Kind::kSlice;
    facts.keyframe = IsH265Irap(type);
    facts.restarts = IsH265Idr(type);
    facts.opens = slice.first_of_picture;
    if (facts.opens) {
      facts.order = order_.Next(
          {sequence_->order_bits, slice.order_lsb, facts.restarts, IsH265OrderReference(nal)});
    }
    return {};
  }

  std::optional<H265SequenceHeader> sequence_;
  std::optional<H265PictureHeader> picture_;
  PictureOrder order_;
};

}  // namespace

std::unique_ptr<PictureReader> MakePictureReader(Codec codec) {
  if (codec == Codec::kH265) return std::make_unique<H265Reader>();
  return std::make_unique<H264Reader>();
}

Codec GuessCodec(Nal first_nal) {
  if (first_nal.size() < kH265NalHeaderBytes || first_nal[1] != 1) return Codec::kH264;
  const std::uint8_t type = H265NalTypeOf(first_nal);
  const bool begins = type == kH265NalVps || type == kH265NalDelimiter;
  return begins && first_nal[0] >> 7 == 0 ? Codec::kH265 : Codec::kH264;
}

}  // namespace yagura::simulate
