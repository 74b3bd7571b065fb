// A baseline of bench/ingest-cost: GStreamer in one process, a pipeline per camera, each remuxing
// into a fragmented MP4 file.
//
//   gstreamer_copy HOST PORT CAMERAS FOLDER     until SIGTERM
#include <gst/gst.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

constexpr int kFragmentMs = 2000;

volatile std::sig_atomic_t stop_requested = 0;

GstElement* Launch(const std::string& url, const std::string& path) {
  const std::string pipeline =
      "rtspsrc location=" + url + " protocols=tcp latency=0" +
      " ! rtph264depay ! h264parse ! mp4mux fragment-duration=" + std::to_string(kFragmentMs) +
      " ! filesink location=" + path;
  GError* error = nullptr;
  GstElement* launched = gst_parse_launch(pipeline.c_str(), &error);
  if (error != nullptr) {
    std::fprintf(stderr, "gstreamer_copy: %s\n", error->message);
    std::exit(1);
  }
  return launched;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: gstreamer_copy HOST PORT CAMERAS FOLDER\n");
    return 2;
  }
  std::signal(SIGTERM, [](int) { stop_requested = 1; });
  gst_init(nullptr, nullptr);
  const std::string base = "rtsp://" + std::string(argv[1]) + ":" + argv[2] + "/camera/";
  std::vector<GstElement*> pipelines;
  for (int number = 1; number <= std::atoi(argv[3]); ++number) {
    const std::string name = std::to_string(number);
    pipelines.push_back(Launch(base + name, std::string(argv[4]) + "/" + name + ".mp4"));
    gst_element_set_state(pipelines.back(), GST_STATE_PLAYING);
  }
  while (stop_requested == 0) g_usleep(100'000);
  for (GstElement* pipeline : pipelines) gst_element_set_state(pipeline, GST_STATE_NULL);
  return 0;
}
