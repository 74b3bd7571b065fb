#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/access_unit.h"

namespace yagura::api {

/// A few seconds of real video, made by ffmpeg, that a camera of a test repeats.
struct VideoLoop {
  struct Frame {
    SharedBytes data;
    std::int64_t dts_90k = 0;  // from 0
    std::int64_t pts_90k = 0;
    bool keyframe = false;
  };
  std::vector<Frame> frames;  // in decoding order
  std::int64_t duration_90k = 0;
  std::shared_ptr<const StreamFormat> format;
};

struct VideoLoopShape {
  int fps = 15;
  int seconds = 4;
  int gop_frames = 30;
  int b_frames = 0;
  std::string size = "320x180";
  std::string filter{};  // of ffmpeg's, on its test picture
  Codec codec = Codec::kH264;
};
/// Stops the test where ffmpeg fails.
[[nodiscard]] VideoLoop MakeVideoLoop(const VideoLoopShape& shape);

/// A packet of a file, as ffprobe reads it.
struct ProbedPacket {
  double pts_s = 0;
  bool discard = false;
  std::string sha256;
};
/// By presentation time.
[[nodiscard]] std::vector<ProbedPacket> ProbePackets(const std::filesystem::path& file);
/// "start_time=0.000000" and so on of the only stream.
[[nodiscard]] std::string ProbeStream(const std::filesystem::path& file, const std::string& entry);
/// What ffprobe and ffmpeg complain of when they read, and decode, the whole file; "" where of
/// nothing.
[[nodiscard]] std::string ComplaintsAbout(const std::filesystem::path& file);
/// Number of pictures that ffmpeg shows.
[[nodiscard]] int CountShownPictures(const std::filesystem::path& file);

[[nodiscard]] std::string Sha256Hex(const SharedBytes& bytes);

}  // namespace yagura::api
