// Where credentials go through an HTTP tunnel: to the address on record alone.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "tests/ingest/farm_fixture.h"
#include "tests/support/child_process_posix.h"

namespace yagura::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

struct Way {
  const char* name;     // as tunnelling_camera.py has it
  const char* reached;  // what the camera was told by then
};

class LedAwayTest : public testing::FarmFixture, public ::testing::WithParamInterface<Way> {
 protected:
  [[nodiscard]] std::string Output() const {
    std::ostringstream text;
    text << std::ifstream(output_).rdbuf();
    return text.str();
  }
  /// The address that it prints once it serves.
  std::string AwaitUrl() {
    for (int i = 0; i < 600; ++i, std::this_thread::sleep_for(100ms)) {
      std::istringstream said(Output());
      std::string serves;
      std::string url;
      if (said >> serves >> url && said.peek() == '\n') return url;
    }
    return {};
  }

  const std::filesystem::path output_ = folder_ / "tunnelling-camera";
  const testing::ChildProcess camera_ =
      testing::ChildProcess::Start(
          {.arguments = {"python3", YAGURA_SOURCE_DIR "/tests/ingest/tunnelling_camera.py",
                         GetParam().name},
           .output = output_})
          .value();
};

TEST_P(LedAwayTest, NothingIsSaidElsewhere) {
  const std::string url = AwaitUrl();
  ASSERT_FALSE(url.empty()) << Output();
  const Recorded camera = Record(url, "viewer", "secret", CameraTransport::kHttp);
  ASSERT_TRUE(camera.sink->WaitUntil([](const auto& events) { return !events.empty(); }));
  supervisor_.Stop();
  EXPECT_THAT(Output(), HasSubstr(GetParam().reached));
  EXPECT_THAT(Output(), Not(HasSubstr("elsewhere")));
}
INSTANTIATE_TEST_SUITE_P(Ways, LedAwayTest,
                         ::testing::Values(Way{"describe", "told DESCRIBE"}, Way{"get", "told GET"},
                                           Way{"header", "told POST"}));

}  // namespace
}  // namespace yagura::ingest
