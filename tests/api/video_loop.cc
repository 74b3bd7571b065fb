#include "tests/api/video_loop.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/check.h"
#include "core/json.h"
#include "storage/hex.h"
#include "storage/mp4_boxes.h"
#include "storage/sha256.h"
#include "tests/support/child_process_posix.h"

namespace yagura::api {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Runs a program of ffmpeg's; what it says on both outputs.
std::string Run(std::vector<std::string> arguments) {
  const yagura::testing::TemporaryFolder folder;
  yagura::testing::ChildOptions options;
  options.arguments = std::move(arguments);
  options.output = folder.path() / "out";
  auto child = yagura::testing::ChildProcess::Start(options);
  CHECK(child.has_value());
  CHECK(child->Wait(std::chrono::seconds(60)).has_value());
  return ReadAll(options.output);
}

Json Probe(const std::filesystem::path& file, const std::string& what) {
  std::vector<std::string> arguments{"ffprobe",         "-v",    "error", "-of", "json",
                                     "-show_data_hash", "sha256"};
  arguments.push_back(what);
  arguments.push_back(file.string());
  auto json = Json::Parse(Run(arguments));
  CHECK(json.has_value());
  return *json;
}

std::span<const std::uint8_t> BytesOf(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// ftyp and moov of a file, wherever they stand.
std::vector<std::uint8_t> MoovOf(const std::string& content) {
  auto rest = BytesOf(content);
  while (!rest.empty()) {
    const auto header = storage::ReadBoxHeader(rest);
    CHECK(header.has_value());
    const auto box = rest.first(static_cast<std::size_t>(header->size_bytes));
    if (header->type == storage::FourCc("moov")) return {box.begin(), box.end()};
    rest = rest.subspan(box.size());
  }
  CHECK(false);
}

}  // namespace

VideoLoop MakeVideoLoop(const VideoLoopShape& shape) {
  const yagura::testing::TemporaryFolder folder;
  const auto path = folder.path() / "loop.mp4";
  const std::string gop = std::to_string(shape.gop_frames);
  const bool h265 = shape.codec == Codec::kH265;
  const std::string made =
      Run({"ffmpeg",
           "-nostdin",
           "-v",
           "error",
           "-f",
           "lavfi",
           "-i",
           "testsrc2=size=" + shape.size + ":rate=" + std::to_string(shape.fps) + ":duration=" +
               std::to_string(shape.seconds) + (shape.filter.empty() ? "" : "," + shape.filter),
           "-pix_fmt",
           "yuv420p",
           "-c:v",
           h265 ? "libx265" : "libx264",
           "-preset",
           "veryfast",
           "-crf",
           "32",
           "-bf",
           std::to_string(shape.b_frames),
           h265 ? "-x265-params" : "-x264-params",
           "keyint=" + gop + ":min-keyint=" + gop + ":scenecut=0:open-gop=0:b-adapt=0:" +
               (h265 ? "b-pyramid=0:log-level=error:pools=1" : "b-pyramid=none"),
           "-tag:v",
           h265 ? "hvc1" : "avc1",
           "-video_track_timescale",
           "90000",
           "-use_editlist",
           "0",
           path.string()});
  CHECK(made.empty());
  const std::string content = ReadAll(path);
  auto format = storage::ReadStreamFormat(MoovOf(content));
  CHECK(format.has_value());
  format->reorder_depth = shape.b_frames > 0 ? 1 : 0;
  VideoLoop loop;
  loop.format = std::make_shared<StreamFormat>(*format);
  loop.duration_90k = std::int64_t{90'000} * shape.seconds;
  for (const Json& packet : Probe(path, "-show_packets").Get("packets").items()) {
    const auto at = static_cast<std::size_t>(std::stoll(*packet.Get("pos").AsString()));
    const auto size = static_cast<std::size_t>(std::stoll(*packet.Get("size").AsString()));
    loop.frames.push_back({SharedBytes::CopyOf(BytesOf(content).subspan(at, size)),
                           *packet.Get("dts").AsInt(), *packet.Get("pts").AsInt(),
                           packet.Get("flags").AsString()->front() == 'K'});
  }
  const std::int64_t first = loop.frames.front().dts_90k;
  for (auto& frame : loop.frames) {
    frame.dts_90k -= first;
    frame.pts_90k -= first;
  }
  return loop;
}

std::vector<ProbedPacket> ProbePackets(const std::filesystem::path& file) {
  std::vector<ProbedPacket> packets;
  for (const Json& packet : Probe(file, "-show_packets").Get("packets").items()) {
    const std::string hash = *packet.Get("data_hash").AsString();
    packets.push_back({std::stod(*packet.Get("pts_time").AsString()),
                       packet.Get("flags").AsString()->find('D') != std::string::npos,
                       hash.substr(hash.find(':') + 1)});
  }
  std::sort(packets.begin(), packets.end(),
            [](const auto& a, const auto& b) { return a.pts_s < b.pts_s; });
  return packets;
}

std::string ProbeStream(const std::filesystem::path& file, const std::string& entry) {
  std::string text = Run({"ffprobe", "-v", "error", "-of", "default=nw=1:nk=1", "-show_entries",
                          "stream=" + entry, file.string()});
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string ComplaintsAbout(const std::filesystem::path& file) {
  return Run({"ffprobe", "-v", "warning", file.string()}) +
         Run({"ffmpeg", "-nostdin", "-v", "warning", "-i", file.string(), "-f", "null", "-"});
}

int CountShownPictures(const std::filesystem::path& file) {
  const std::string text =
      Run({"ffprobe", "-v", "error", "-count_frames", "-of", "default=nw=1:nk=1", "-show_entries",
           "stream=nb_read_frames", file.string()});
  return std::stoi(text);
}

std::string Sha256Hex(const SharedBytes& bytes) {
  return storage::ToHex(storage::Sha256Of(bytes.bytes()));
}

}  // namespace yagura::api
