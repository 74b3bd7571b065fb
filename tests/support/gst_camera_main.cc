// yagura_gst_camera --port P --file LOOP [--sent-log LOG] [--address A --interface I]
// [--transports tcp|udp|multicast] [--certificate PEM] [--user NAME --password WORD]
// [--lose N,…] [--double N,…] [--overtake N,…] [--hangs-up yes]: a camera that isn't ours, until
// SIGINT or SIGTERM. Prints its address.

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
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

/// "4,8,15".
std::set<std::uint64_t> Numbers(const std::string& text) {
  std::set<std::uint64_t> numbers;
  std::istringstream list(text);
  for (std::string number; std::getline(list, number, ',');) numbers.insert(std::stoull(number));
  return numbers;
}

GstCameraOptions Parse(int argc, char** argv) {
  GstCameraOptions options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--port") options.port = static_cast<std::uint16_t>(std::atoi(argv[i + 1]));
    if (name == "--file") options.file = argv[i + 1];
    if (name == "--sent-log") options.sent_log = argv[i + 1];
    if (name == "--address") options.address = argv[i + 1];
    if (name == "--interface") options.interface = argv[i + 1];
    if (name == "--transports") options.transports = argv[i + 1];
    if (name == "--certificate") options.certificate = argv[i + 1];
    if (name == "--user") options.user = argv[i + 1];
    if (name == "--password") options.password = argv[i + 1];
    if (name == "--lose") options.faults.lost = Numbers(argv[i + 1]);
    if (name == "--double") options.faults.doubled = Numbers(argv[i + 1]);
    if (name == "--hangs-up") options.hangs_up = std::string_view(argv[i + 1]) == "yes";
    if (name == "--overtake") options.faults.overtaken = Numbers(argv[i + 1]);
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
