// Where credentials go through an HTTP tunnel or TLS: to the address on record alone, and never out
// of TLS.
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
  const char* camera;  // a script
  const char* name;    // as that one has it
  CameraTransport transport;
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
          {.arguments = {"python3",
                         std::string(YAGURA_SOURCE_DIR "/tests/ingest/") + GetParam().camera,
                         GetParam().name},
           .output = output_})
          .value();
};

TEST_P(LedAwayTest, NothingIsSaidElsewhere) {
  const std::string url = AwaitUrl();
  ASSERT_FALSE(url.empty()) << Output();
  const Recorded camera = Record(url, "viewer", "secret", GetParam().transport);
  ASSERT_TRUE(camera.sink->WaitUntil([](const auto& events) { return !events.empty(); }));
  supervisor_.Stop();
  EXPECT_THAT(Output(), HasSubstr(GetParam().reached));
  EXPECT_THAT(Output(), Not(HasSubstr("elsewhere")));
}
constexpr const char* kTunnelling = "tunnelling_camera.py";
INSTANTIATE_TEST_SUITE_P(
    Ways, LedAwayTest,
    ::testing::Values(Way{kTunnelling, "describe", CameraTransport::kHttp, "told DESCRIBE"},
                      Way{kTunnelling, "get", CameraTransport::kHttp, "told GET"},
                      Way{kTunnelling, "header", CameraTransport::kHttp, "told POST"},
                      Way{"redirecting_tls_camera.py", "", CameraTransport::kTls,
                          "told DESCRIBE"}));

}  // namespace
}  // namespace yagura::ingest
