#include "tests/storage/encoded_footage.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>

#include "storage/bytes.h"
#include "storage/codec_boxes.h"
#include "storage/mp4_boxes.h"
#include "tests/support/child_process_posix.h"

namespace yagura::testing {
namespace {

using storage::ByteView;

constexpr std::chrono::minutes kPatience{2};
constexpr std::int64_t kFirstTicks = 900'000;

std::vector<std::uint8_t> ReadBytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
std::string ReadText(const std::filesystem::path& path) {
  const auto bytes = ReadBytes(path);
  return {bytes.begin(), bytes.end()};
}

/// What a command prints, on either output.
Result<std::string> Output(std::vector<std::string> arguments,
                           const std::filesystem::path& scratch) {
  const auto output = scratch / "output.txt";
  std::filesystem::remove(output);
  RETURN_IF_ERROR(RunToEnd({.arguments = std::move(arguments), .output = output}, kPatience));
  return ReadText(output);
}

/// The format of a file of ffmpeg's.
Result<StreamFormat> ReadFormat(ByteView file) {
  const auto moov = storage::FindBox(file, storage::FourCc("moov"));
  if (!moov) return Failure(ErrorCode::kInternal, "ffmpeg's file has no moov");
  return storage::ReadStreamFormat(moov->whole);
}

/// The frame header says 160x120, as the pictures do.
StreamFormat JpegFormat() {
  return {.codec = Codec::kJpeg,
          .sps = {0xff, 0xc0, 0, 17, 8, 0, 120, 0, 160, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0},
          .width_px = 160,
          .height_px = 120};
}

/// The encoder's name and what it is asked for.
std::vector<std::string> EncoderArguments(const Encoding& encoding) {
  const std::string gop = std::to_string(encoding.gop);
  const std::string b_frames = std::to_string(encoding.b_frames);
  if (encoding.codec == Codec::kJpeg) return {"-pix_fmt", "yuvj420p", "-c:v", "mjpeg"};
  if (encoding.codec == Codec::kH265) {
    return {"-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-tag:v",
            "hvc1",
            "-x265-params",
            "keyint=" + gop + ":min-keyint=" + gop + ":scenecut=0:open-gop=0:bframes=" + b_frames +
                ":log-level=error:pools=1"};
  }
  return {"-c:v", "libx264",     "-profile:v", encoding.profile, "-bf", b_frames, "-g",
          gop,    "-keyint_min", gop,          "-sc_threshold",  "0"};
}

/// "packet|pts=0|dts=-1024|size=123|pos=48|flags=K_" as numbers by name.
std::int64_t Number(const std::string& line, const std::string& name) {
  const std::size_t at = line.find("|" + name + "=");
  return at == std::string::npos ? 0 : std::stoll(line.substr(at + name.size() + 2));
}

}  // namespace

Result<std::vector<AccessUnit>> Encode(const Encoding& encoding,
                                       const std::filesystem::path& scratch, WallTime start) {
  const auto source = scratch / "source.mp4";
  const std::string picture = "testsrc=size=160x120:rate=" + std::to_string(encoding.fps) +
                              ":duration=" + std::to_string(encoding.seconds);
  std::vector<std::string> arguments = {"ffmpeg", "-v", "error", "-y",       "-f",
                                        "lavfi",  "-i", picture, "-pix_fmt", "yuv420p"};
  for (std::string& argument : EncoderArguments(encoding)) arguments.push_back(std::move(argument));
  arguments.insert(arguments.end(), {"-video_track_timescale", "90000", source.string()});
  RETURN_IF_ERROR(
      RunToEnd({.arguments = std::move(arguments), .output = scratch / "ffmpeg.txt"}, kPatience));
  ASSIGN_OR_RETURN(const std::string packets,
                   Output({"ffprobe", "-v", "error", "-show_entries",
                           "packet=pts,dts,size,pos,flags", "-of", "compact", source.string()},
                          scratch));
  const auto bytes = ReadBytes(source);
  ASSIGN_OR_RETURN(const StreamFormat read, encoding.codec == Codec::kJpeg
                                                ? Result<StreamFormat>(JpegFormat())
                                                : ReadFormat(bytes));
  auto format = std::make_shared<StreamFormat>(read);
  format->reorder_depth = static_cast<std::uint32_t>(std::min(encoding.b_frames, 2));
  std::vector<AccessUnit> units;
  std::istringstream lines(packets);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("packet|")) continue;
    AccessUnit unit;
    const ByteView data = ByteView(bytes).subspan(static_cast<std::size_t>(Number(line, "pos")),
                                                  static_cast<std::size_t>(Number(line, "size")));
    unit.data = SharedBytes::CopyOf(data);
    unit.pts = MediaTime{kFirstTicks + Number(line, "pts")};
    unit.dts = MediaTime{kFirstTicks + Number(line, "dts")};
    unit.keyframe = line.find("flags=K") != std::string::npos;
    unit.wall = start + Between(MediaTime{kFirstTicks}, unit.pts);
    unit.format = format;
    units.push_back(std::move(unit));
  }
  return units;
}

Result<Probed> Probe(const std::filesystem::path& file, const std::filesystem::path& scratch) {
  ASSIGN_OR_RETURN(const std::string output,
                   Output({"ffprobe", "-v", "warning", "-show_entries", "packet=pts_time,flags",
                           "-of", "compact", file.string()},
                          scratch));
  Probed probed;
  probed.start_s = 1e9;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("packet|")) {
      probed.complaints += line + "\n";
      continue;
    }
    ++probed.packets;
    if (line.find("flags=K") != std::string::npos) ++probed.keyframes;
    probed.start_s = std::min(probed.start_s, std::stod(line.substr(line.find("pts_time=") + 9)));
  }
  return probed;
}

Result<Decoded> Decode(const std::filesystem::path& file, const std::filesystem::path& scratch) {
  const auto frames = scratch / "frames.txt";
  ASSIGN_OR_RETURN(std::string output,
                   Output({"ffmpeg", "-v", "warning", "-y", "-i", file.string(), "-fps_mode",
                           "passthrough", "-f", "framecrc", frames.string()},
                          scratch));
  Decoded decoded{.complaints = std::move(output)};
  std::istringstream lines(ReadText(frames));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("#")) ++decoded.frames;
  }
  return decoded;
}

}  // namespace yagura::testing
