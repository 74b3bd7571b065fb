#include "simulate/loop_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "core/jpeg_markers.h"
#include "core/jpeg_picture.h"
#include "simulate/picture_reader.h"

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

/// What is gathered while a loop's NAL units are read in their order.
struct Reading {
  std::vector<std::int64_t> orders;    // of each frame
  std::vector<std::uint32_t> periods;  // frames that begin one
  std::map<NalFacts::Kind, Nal> parameter_sets;
  bool picture_begun = true;  // the first NAL unit opens the first frame
};

void NoteParameterSet(NalFacts::Kind kind, Nal nal, LoopFile& loop, Reading& reading) {
  const auto [known, is_new] = reading.parameter_sets.emplace(kind, nal);
  if (!is_new && !std::ranges::equal(known->second, nal)) loop.parameter_sets_change = true;
}

void NoteSlice(const NalFacts& facts, LoopFile& loop, Reading& reading) {
  LoopFrame& frame = loop.frames.back();
  if (!reading.picture_begun) {
    frame.first_slice = frame.nals.size();
    if (facts.restarts)
      reading.periods.push_back(static_cast<std::uint32_t>(loop.frames.size() - 1));
    reading.orders.push_back(facts.order);
  }
  frame.keyframe = frame.keyframe || facts.keyframe;
  reading.picture_begun = true;
}

/// Cuts the NAL units into access units (14496-10 7.4.1.2.3, 23008-2 7.4.2.4.4), each with one
/// coded picture.
Result<void> GroupFrames(const Nals& nals, LoopFile& loop, Reading& reading) {
  const auto reader = MakePictureReader(loop.codec);
  for (const Nal nal : nals) {
    ASSIGN_OR_RETURN(const NalFacts facts, reader->Read(nal));
    if (loop.frames.empty() || (facts.opens && reading.picture_begun)) {
      loop.frames.emplace_back();
      reading.picture_begun = false;
    }
    if (facts.kind == NalFacts::Kind::kSlice) {
      NoteSlice(facts, loop, reading);
    } else if (facts.kind != NalFacts::Kind::kOther) {
      NoteParameterSet(facts.kind, nal, loop, reading);
    }
    loop.frames.back().nals.push_back(nal);
    if (!loop.rate) loop.rate = reader->rate();
  }
  if (reading.orders.size() != loop.frames.size())
    return Failure(ErrorCode::kInvalidArgument, "access unit without a picture");
  return {};
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

void RankFrames(LoopFile& loop, const Reading& reading) {
  for (std::size_t i = 0; i < reading.periods.size(); ++i) {
    const bool last = i + 1 == reading.periods.size();
    RankPeriod(loop, reading.orders, reading.periods[i],
               last ? static_cast<std::uint32_t>(loop.frames.size()) : reading.periods[i + 1]);
  }
}

/// Where the first picture of `bytes` ends: EOI, with the next one's SOI or nothing behind it.
std::size_t JpegBytes(Nal bytes) {
  for (std::size_t i = 2; i <= bytes.size(); ++i) {
    const bool end = std::ranges::equal(bytes.subspan(i - 2, 2), kJpegEnd);
    if (end && (i == bytes.size() || IsJpegFile(bytes.subspan(i)))) return i;
  }
  return bytes.size();
}

/// One file behind the other, as RFC 2435 can carry them.
Result<LoopFile> ParseJpegLoop(LoopFile loop) {
  loop.codec = Codec::kJpeg;
  loop.rate = {15, 1};
  for (Nal rest = loop.bytes; !rest.empty();) {
    const Nal file = rest.first(JpegBytes(rest));
    rest = rest.subspan(file.size());
    ASSIGN_OR_RETURN(const JpegPicture picture, ParseJpegPicture(file));
    const bool sized = std::max(picture.width_px, picture.height_px) <= 2040 &&
                       picture.width_px % 8 == 0 && picture.height_px % 8 == 0;
    const bool sampled = picture.sampling == 0x21 || picture.sampling == 0x22;
    if (!sized || !sampled)
      return Failure(ErrorCode::kUnimplemented, "JPEG of a size or sampling that RTP can't carry");
    loop.frames.push_back({.nals = {file},
                           .first_slice = 0,
                           .keyframe = true,
                           .presentation = static_cast<std::uint32_t>(loop.frames.size())});
  }
  return loop;
}

}  // namespace

Result<LoopFile> ParseLoop(std::vector<std::uint8_t> bytes) {
  LoopFile loop;
  loop.bytes = std::move(bytes);
  if (IsJpegFile(loop.bytes)) return ParseJpegLoop(std::move(loop));
  const Nals nals = SplitNals(loop.bytes);
  if (!nals.empty()) loop.codec = GuessCodec(nals.front());
  Reading reading;
  RETURN_IF_ERROR(GroupFrames(nals, loop, reading));
  for (const auto& [kind, nal] : reading.parameter_sets)
    loop.parameter_sets.emplace_back(nal.begin(), nal.end());
  const std::size_t wanted = loop.codec == Codec::kH265 ? 3 : 2;
  if (loop.parameter_sets.size() != wanted) {
    return Failure(ErrorCode::kInvalidArgument,
                   "no H.264 or H.265 byte stream with parameter sets");
  }
  if (reading.periods.empty() || reading.periods.front() != 0) {
    return Failure(ErrorCode::kInvalidArgument, "a loop must start with an IDR picture");
  }
  RankFrames(loop, reading);
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
