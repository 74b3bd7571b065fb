#include "simulate/loop_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <numeric>
#include <string>

namespace yagura::simulate {
namespace {

using Nal = std::span<const std::uint8_t>;
using Nals = std::vector<Nal>;

/// Position of the next 00 00 01 at or after `from`; the end where there is none.
std::size_t FindStartCode(Nal bytes, std::size_t from) {
  for (std::size_t i = from; i + 3 <= bytes.size(); ++i) {
    if (bytes[i + 2] > 1) {
      i += 2;
    } else if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1) {
      return i;
    }
  }
  return bytes.size();
}

Nals SplitNals(Nal bytes) {
  Nals nals;
  std::size_t start = FindStartCode(bytes, 0);
  while (start < bytes.size()) {
    const std::size_t next = FindStartCode(bytes, start + 3);
    Nal nal = bytes.subspan(start + 3, next - start - 3);
    while (!nal.empty() && nal.back() == 0) nal = nal.first(nal.size() - 1);  // trailing_zero_8bits
    if (!nal.empty()) nals.push_back(nal);
    start = next;
  }
  return nals;
}

const Nal* FindType(const Nals& nals, std::uint8_t type) {
  const auto found = std::ranges::find(nals, type, [](Nal nal) { return NalTypeOf(nal); });
  return found == nals.end() ? nullptr : &*found;
}

bool HasPicture(const LoopFrame& frame) {
  return std::ranges::any_of(frame.nals, [](Nal nal) { return IsSlice(NalTypeOf(nal)); });
}

/// Cuts the NAL units into access units (7.4.1.2.3), each with one primary coded picture.
Result<std::vector<LoopFrame>> GroupFrames(const Nals& nals, const SequenceHeader& sequence) {
  std::vector<LoopFrame> frames;
  bool picture_begun = true;  // the first NAL unit opens the first frame
  for (const Nal nal : nals) {
    const std::uint8_t type = NalTypeOf(nal);
    bool opens = type >= kNalSei && type <= kNalDelimiter;
    if (IsSlice(type)) {
      ASSIGN_OR_RETURN(const SliceHeader slice, ParseSliceHeader(nal, sequence));
      opens = slice.first_macroblock == 0;
    }
    if (frames.empty() || (opens && picture_begun)) {
      frames.emplace_back();
      picture_begun = false;
    }
    picture_begun = picture_begun || IsSlice(type);
    frames.back().keyframe = frames.back().keyframe || type == kNalIdrSlice;
    frames.back().nals.push_back(nal);
  }
  if (!std::ranges::all_of(frames, HasPicture)) {
    return Failure(ErrorCode::kInvalidArgument, "access unit without a picture");
  }
  return frames;
}

/// Decodes picture order counts of type 0 (8.2.1.1), anew from each IDR picture.
class PictureOrder {
 public:
  explicit PictureOrder(const SequenceHeader& sequence)
      : modulus_(std::int64_t{1} << sequence.order_bits) {}

  std::int64_t Next(const SliceHeader& slice, bool idr, bool reference) {
    if (idr) msb_ = lsb_ = 0;
    const std::int64_t lsb = slice.order_lsb;
    std::int64_t msb = msb_;
    if (lsb < lsb_ && lsb_ - lsb >= modulus_ / 2) msb += modulus_;
    if (lsb > lsb_ && lsb - lsb_ > modulus_ / 2) msb -= modulus_;
    if (reference) {
      msb_ = msb;
      lsb_ = lsb;
    }
    return msb + lsb;
  }

 private:
  std::int64_t modulus_;
  std::int64_t msb_ = 0;  // of the previous reference picture
  std::int64_t lsb_ = 0;
};

Result<std::vector<std::int64_t>> PictureOrders(const std::vector<LoopFrame>& frames,
                                                const SequenceHeader& sequence) {
  std::vector<std::int64_t> orders;
  PictureOrder order(sequence);
  for (const LoopFrame& frame : frames) {
    const auto slice =
        std::ranges::find_if(frame.nals, [](Nal nal) { return IsSlice(NalTypeOf(nal)); });
    ASSIGN_OR_RETURN(const SliceHeader header, ParseSliceHeader(*slice, sequence));
    const bool reference = (slice->front() & 0x60) != 0;
    orders.push_back(order.Next(header, frame.keyframe, reference));
  }
  return orders;
}

/// Gives the frames of one IDR period, [begin, end), their places in presentation order.
void RankPeriod(LoopFile& loop, const std::vector<std::int64_t>& orders, std::uint32_t begin,
                std::uint32_t end) {
  std::vector<std::uint32_t> shown(end - begin);
  std::iota(shown.begin(), shown.end(), begin);
  std::ranges::stable_sort(shown, {}, [&](std::uint32_t frame) { return orders[frame]; });
  for (std::uint32_t i = 0; i < shown.size(); ++i) {
    const std::uint32_t place = begin + i;
    loop.frames[shown[i]].presentation = place;
    if (place > shown[i]) loop.reorder_frames = std::max(loop.reorder_frames, place - shown[i]);
  }
}

Result<void> RankFrames(LoopFile& loop, const SequenceHeader& sequence) {
  const auto count = static_cast<std::uint32_t>(loop.frames.size());
  for (std::uint32_t i = 0; i < count; ++i) loop.frames[i].presentation = i;
  if (sequence.order_type == 2) return {};  // shown as decoded (8.2.1.3)
  ASSIGN_OR_RETURN(const auto orders, PictureOrders(loop.frames, sequence));
  for (std::uint32_t begin = 0, end = 0; begin < count; begin = end) {
    end = begin + 1;
    while (end < count && !loop.frames[end].keyframe) ++end;
    RankPeriod(loop, orders, begin, end);
  }
  return {};
}

}  // namespace

Result<LoopFile> ParseLoop(std::vector<std::uint8_t> bytes) {
  LoopFile loop;
  loop.bytes = std::move(bytes);
  const Nals nals = SplitNals(loop.bytes);
  const Nal* sps = FindType(nals, kNalSps);
  const Nal* pps = FindType(nals, kNalPps);
  if (sps == nullptr || pps == nullptr) {
    return Failure(ErrorCode::kInvalidArgument, "no H.264 byte stream with parameter sets");
  }
  loop.sps.assign(sps->begin(), sps->end());
  loop.pps.assign(pps->begin(), pps->end());
  ASSIGN_OR_RETURN(const SequenceHeader sequence, ParseSequenceHeader(*sps));
  loop.rate = sequence.rate;
  ASSIGN_OR_RETURN(loop.frames, GroupFrames(nals, sequence));
  if (!loop.frames.front().keyframe) {
    return Failure(ErrorCode::kInvalidArgument, "a loop must start with an IDR picture");
  }
  RETURN_IF_ERROR(RankFrames(loop, sequence));
  return loop;
}

Result<LoopFile> ReadLoopFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Failure(ErrorCode::kNotFound, "can't open loop \"" + path.string() + "\"");
  std::vector<std::uint8_t> bytes((std::istreambuf_iterator<char>(file)),
                                  std::istreambuf_iterator<char>());
  auto loop = ParseLoop(std::move(bytes));
  if (!loop) return Failure(loop.error().While("loop \"" + path.string() + "\""));
  return loop;
}

}  // namespace yagura::simulate
