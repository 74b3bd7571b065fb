#include "tests/ingest/foreign_camera.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <thread>

#include "core/sent_log.h"

namespace yagura::testing {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> Command(const ForeignCamera::Options& options) {
  std::vector<std::string> words = options.started_by;
  words.insert(words.end(), {YAGURA_GST_CAMERA, "--port", "0", "--file", options.loop, "--sent-log",
                             options.sent_log});
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  return words;
}

/// The address that the camera prints once it serves.
std::string AwaitUrl(const std::filesystem::path& output) {
  for (int i = 0; i < 300; ++i, std::this_thread::sleep_for(100ms)) {
    std::ifstream file(output);
    std::string name;
    std::string url;
    if (file >> name >> url && file.peek() == '\n') return url;
  }
  return {};
}

}  // namespace

ForeignCamera::ForeignCamera(const std::filesystem::path& folder, const Options& options)
    : output_(folder / "output"),
      sent_log_(options.sent_log),
      server_(ChildProcess::Start({.arguments = Command(options), .output = output_}).value()),
      url_(AwaitUrl(output_)) {}

bool ForeignCamera::AwaitEndOfSession() const {
  for (int i = 0; i < 100; ++i, std::this_thread::sleep_for(100ms)) {
    const auto log = LoadSentLog(sent_log_);
    if (log.has_value() && !log->ends.empty()) return true;
  }
  return false;
}

void ForeignCamera::End() {
  server_.Signal(SIGTERM);
  EXPECT_EQ(server_.Wait(20s).value(), (ExitStatus{0, 0}));
}

}  // namespace yagura::testing
