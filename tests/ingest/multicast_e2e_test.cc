// Cameras that send to a group: the camera in a network of its own, joined to the recorder's by a
// cable. A test binary of its own, since it leaves the network that it was started in.
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <fstream>

#include "tests/ingest/farm_fixture.h"
#include "tests/ingest/foreign_camera.h"

namespace yagura::ingest {
namespace {

using testing::ForeignCamera;
using testing::StampOf;
using namespace std::chrono_literals;

constexpr const char* kOurAddress = "10.9.0.1/24";
constexpr const char* kItsAddress = "10.9.0.2";

void Ip(const std::string& words) {
  const auto done = testing::RunToEnd({.arguments = {"sh", "-c", "exec ip " + words}}, 20s);
  ASSERT_TRUE(done.has_value()) << words << ": " << ToString(done.error());
}

/// Before anything starts a thread: this process, and whatever it starts, is in a network namespace
/// of its own, which goes with it. Who isn't root is so in a user namespace.
class OwnNetwork : public ::testing::Environment {
 public:
  void SetUp() override {
    const bool root = ::geteuid() == 0;
    const std::string map = std::to_string(::geteuid());
    ASSERT_EQ(::unshare(root ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET), 0);
    if (!root) std::ofstream("/proc/self/uid_map") << "0 " + map + " 1";
    Ip("link set lo up");
    // Another way for groups, which whoever doesn't ask for the cable takes.
    Ip("link add elsewhere type veth peer name nowhere");
    Ip("addr add 10.9.1.1/24 dev elsewhere");
    Ip("link set elsewhere up");
    Ip("link set nowhere up");
    Ip("route add 224.0.0.0/4 dev elsewhere");
  }
};
const auto* const kOwnNetwork = ::testing::AddGlobalTestEnvironment(new OwnNetwork);

class MulticastTest : public testing::FarmFixture {
 protected:
  /// In a namespace of its own. It lays the cable whose other end is `office` here.
  ForeignCamera Serve(const std::string& loop) {
    const std::string setup = "set -e; ip link add cable type veth peer name office netns " +
                              std::to_string(::getpid()) + "; ip addr add " + kItsAddress +
                              "/24 dev cable; ip link set cable up; "
                              "ip route add 224.0.0.0/4 dev cable; exec \"$0\" \"$@\"";
    return ForeignCamera(folder_, {.loop = Loop(loop),
                                   .sent_log = farm_options_.sent_log,
                                   .arguments = {"--transports", "multicast", "--address",
                                                 kItsAddress, "--interface", "cable"},
                                   .started_by = {"unshare", "--net", "sh", "-c", setup}});
  }
};

TEST_F(MulticastTest, AGroupIsJoinedWhereTheCameraIs) {
  ForeignCamera server = Serve("slices.h264");
  ASSERT_FALSE(server.url().empty()) << server.output();
  Ip("addr add " + std::string(kOurAddress) + " dev office");
  Ip("link set office up");
  const Recorded camera = Record(server.url(), "", "", CameraTransport::kMulticast);
  ASSERT_TRUE(camera.sink->WaitForUnits(25)) << StatusOf(camera.id).last_error;
  EXPECT_EQ(StatusOf(camera.id).transport, CameraTransport::kMulticast);
  supervisor_.Stop();
  EXPECT_TRUE(server.AwaitEndOfSession()) << "the worker takes leave";
  server.End();
  const Captured captured = EndFarm();
  testing::ExpectUnbroken(camera.sink->units());
  for (const AccessUnit& unit : camera.sink->units())
    EXPECT_TRUE(captured.contains({StampOf(unit).epoch, StampOf(unit).number}));
}

}  // namespace
}  // namespace yagura::ingest
