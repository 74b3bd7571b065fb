#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "core/access_unit.h"
#include "core/result.h"
#include "simulate/frame_rate.h"

namespace yagura::simulate {

/// One coded picture of a loop: its NAL units (or the one file) in file order, and its place in
/// presentation order.
struct LoopFrame {
  std::vector<std::span<const std::uint8_t>> nals;  // into LoopFile::bytes, without start codes
  std::size_t first_slice = 0;                      // in nals
  bool keyframe = false;                            // an IDR picture; of H.265 any IRAP picture
  std::uint32_t presentation = 0;  // index in presentation order, counted like the frames
};

/// Footage that a camera plays again and again: a byte stream of H.264 (ISO/IEC 14496-10 annex B)
/// or H.265 (23008-2 annex B) that starts with an IDR picture and whose IDR periods are closed. Its
/// parameter sets may change at IDR pictures: two streams, one behind the other, are a loop too. Or
/// JPEG files, one behind the other, baseline with the standard's Huffman tables, as RFC 2435 can
/// carry them: 15 a second, each one NAL unit here.
/// Movable; moving keeps the spans valid.
struct LoopFile {
  Codec codec = Codec::kH264;
  std::vector<std::uint8_t> bytes;
  std::vector<LoopFrame> frames;  // in decoding order
  /// The first VPS (of H.265), SPS and PPS.
  std::vector<std::vector<std::uint8_t>> parameter_sets;
  bool parameter_sets_change = false;
  std::optional<FrameRate> rate;
  /// By how many places a frame is decoded before its turn to be shown, at most.
  std::uint32_t reorder_frames = 0;

  LoopFile() = default;
  LoopFile(LoopFile&&) = default;
  LoopFile& operator=(LoopFile&&) = default;
  LoopFile(const LoopFile&) = delete;
  LoopFile& operator=(const LoopFile&) = delete;
};

/// kNotFound, kUnavailable: the file can't be read. kInvalidArgument, kUnimplemented: it is no loop
/// that we can play.
[[nodiscard]] Result<LoopFile> ReadLoopFile(const std::filesystem::path& path);
[[nodiscard]] Result<LoopFile> ParseLoop(std::vector<std::uint8_t> bytes);

}  // namespace yagura::simulate
