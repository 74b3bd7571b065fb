// yagura_gst_camera --port P --file LOOP [--sent-log LOG]: a camera that isn't ours, until SIGINT
// or SIGTERM. Prints its address.

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/support/gst_camera_gst.h"

// GLib isn't built for the sanitizers: its locks are unseen, so that each hand-over between its
// threads looks like a race, and what it keeps for good looks lost. Memory errors are still found.
#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __lsan_default_suppressions() { return "leak:g_malloc\n"; }
#elif defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_options() { return "report_bugs=0"; }
#endif

namespace {

using yagura::testing::GstCamera;
using yagura::testing::GstCameraOptions;

GstCameraOptions Parse(int argc, char** argv) {
  GstCameraOptions options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--port") options.port = static_cast<std::uint16_t>(std::atoi(argv[i + 1]));
    if (name == "--file") options.file = argv[i + 1];
    if (name == "--sent-log") options.sent_log = argv[i + 1];
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const yagura::SystemClock clock;
  const auto camera = GstCamera::Create(Parse(argc, argv), clock);
  if (!camera) {
    std::fprintf(stderr, "gst_camera: %s\n", ToString(camera.error()).c_str());
    return 1;
  }
  std::printf("gst_camera: %s\n", (*camera)->Url().c_str());
  std::fflush(stdout);
  (*camera)->Run();
  return 0;
}
