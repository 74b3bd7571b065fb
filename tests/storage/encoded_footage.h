#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/access_unit.h"
#include "core/result.h"

namespace yagura::testing {

/// What ffmpeg should encode: a moving test picture of 160x120.
struct Encoding {
  Codec codec = Codec::kH264;
  int fps = 10;
  int seconds = 10;
  int gop = 20;
  std::string profile = "high";  // of H.264: "baseline", "main", "high"
  int b_frames = 0;
};

/// Video made by ffmpeg, as ingest would hand it over: access units with times from 10 s on, wall
/// time from `start` on. kInternal where ffmpeg or ffprobe fails.
[[nodiscard]] Result<std::vector<AccessUnit>> Encode(const Encoding& encoding,
                                                     const std::filesystem::path& scratch,
                                                     WallTime start);

/// What ffprobe says of a file, with every word it has to say at level "warning".
struct Probed {
  std::string complaints;
  double start_s = 0;
  std::size_t packets = 0;
  std::size_t keyframes = 0;
};
[[nodiscard]] Result<Probed> Probe(const std::filesystem::path& file,
                                   const std::filesystem::path& scratch);
/// What ffmpeg says when it decodes all of `file`, and how many frames come out.
struct Decoded {
  std::string complaints;
  std::size_t frames = 0;
};
[[nodiscard]] Result<Decoded> Decode(const std::filesystem::path& file,
                                     const std::filesystem::path& scratch);

}  // namespace yagura::testing
