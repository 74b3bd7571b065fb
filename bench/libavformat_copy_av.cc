// A baseline of bench/ingest-cost: FFmpeg's libavformat in one process, a thread per camera, each
// remuxing into a fragmented MP4 file as `ffmpeg -c copy` does.
//
//   libavformat_copy HOST PORT CAMERAS FOLDER     until SIGTERM
extern "C" {
#include <libavformat/avformat.h>
}

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

volatile std::sig_atomic_t stop_requested = 0;

[[noreturn]] void Fail(const std::string& what, int error) {
  char text[AV_ERROR_MAX_STRING_SIZE] = "";
  av_strerror(error, text, sizeof text);
  std::fprintf(stderr, "libavformat_copy: %s: %s\n", what.c_str(), text);
  std::exit(1);
}

void Check(int result, const std::string& what) {
  if (result < 0) Fail(what, result);
}

AVFormatContext* OpenCamera(const std::string& url) {
  AVFormatContext* camera = nullptr;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "rtsp_transport", "tcp", 0);
  Check(avformat_open_input(&camera, url.c_str(), nullptr, &options), url);
  av_dict_free(&options);
  Check(avformat_find_stream_info(camera, nullptr), url);
  return camera;
}

AVFormatContext* OpenFile(const std::string& path, const AVStream& from) {
  AVFormatContext* file = nullptr;
  Check(avformat_alloc_output_context2(&file, nullptr, "mp4", path.c_str()), path);
  AVStream* stream = avformat_new_stream(file, nullptr);
  Check(avcodec_parameters_copy(stream->codecpar, from.codecpar), path);
  stream->codecpar->codec_tag = 0;
  Check(avio_open(&file->pb, path.c_str(), AVIO_FLAG_WRITE), path);
  AVDictionary* options = nullptr;
  av_dict_set(&options, "movflags", "frag_keyframe+empty_moov+default_base_moof", 0);
  Check(avformat_write_header(file, &options), path);
  av_dict_free(&options);
  return file;
}

/// Until the process is asked to stop, or the camera ends.
void Copy(const std::string& url, const std::string& path) {
  AVFormatContext* camera = OpenCamera(url);
  AVFormatContext* file = OpenFile(path, *camera->streams[0]);
  AVPacket* packet = av_packet_alloc();
  while (stop_requested == 0 && av_read_frame(camera, packet) >= 0) {
    av_packet_rescale_ts(packet, camera->streams[0]->time_base, file->streams[0]->time_base);
    if (packet->dts != AV_NOPTS_VALUE) Check(av_interleaved_write_frame(file, packet), path);
    av_packet_unref(packet);
  }
  av_write_trailer(file);
  avio_closep(&file->pb);
  avformat_free_context(file);
  av_packet_free(&packet);
  avformat_close_input(&camera);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: libavformat_copy HOST PORT CAMERAS FOLDER\n");
    return 2;
  }
  std::signal(SIGTERM, [](int) { stop_requested = 1; });
  av_log_set_level(AV_LOG_FATAL);
  const std::string base = "rtsp://" + std::string(argv[1]) + ":" + argv[2] + "/camera/";
  std::vector<std::thread> threads;
  for (int number = 1; number <= std::atoi(argv[3]); ++number) {
    const std::string name = std::to_string(number);
    threads.emplace_back(Copy, base + name, std::string(argv[4]) + "/" + name + ".mp4");
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}
