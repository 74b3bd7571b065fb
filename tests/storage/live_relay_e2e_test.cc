// The relay and its subscribers over a real socket.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include "storage/live_message.h"
#include "storage/live_relay.h"
#include "storage/live_socket_posix.h"
#include "storage/live_subscriber.h"
#include "tests/storage/live_units.h"
#include "tests/support/fake_clock.h"

namespace yagura::storage {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using testing::LiveUnits;

constexpr seconds kPatience{20};

class Listener final : public LiveListener {
 public:
  void OnAccessUnit(AccessUnit unit) override {
    const std::scoped_lock lock(mutex_);
    EXPECT_NE(unit.format, nullptr);
    tags_.push_back(unit.data.data()[0]);
    changed_.notify_all();
  }
  void OnLost() override {
    const std::scoped_lock lock(mutex_);
    ++lost_;
    changed_.notify_all();
  }
  bool AwaitFrames(std::size_t count) {
    return Await([&] { return tags_.size() >= count; });
  }
  bool AwaitLost(int count) {
    return Await([&] { return lost_ >= count; });
  }
  std::vector<int> tags() {
    const std::scoped_lock lock(mutex_);
    return tags_;
  }

 private:
  template <class Condition>
  bool Await(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, condition);
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> tags_;
  int lost_ = 0;
};

class LiveRelayTest : public ::testing::Test {
 protected:
  LiveRelayTest() {
    std::string made = "/tmp/yagura-live-XXXXXX";
    folder_ = mkdtemp(made.data());
    // Longer than a socket's address can be.
    folder_ += "/" + std::string(120, 'x');
    std::filesystem::create_directory(folder_);
    options_.socket_path = folder_ + "/live.socket";
  }
  ~LiveRelayTest() override {
    std::filesystem::remove_all(std::filesystem::path(folder_).parent_path());
  }
  std::unique_ptr<LiveRelay> StartRelay() {
    auto relay = std::make_unique<LiveRelay>(options_, clock_, [this](CameraStream of, bool on) {
      const std::scoped_lock lock(mutex_);
      watched_[of].push_back(on);
      changed_.notify_all();
    });
    EXPECT_TRUE(relay->Start().has_value());
    return relay;
  }
  bool AwaitWatched(const std::vector<bool>& expected) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return watched_[{camera_}] == expected; });
  }
  template <class Condition>
  bool Await(Condition condition) {
    const auto until = clock_.Monotonic() + kPatience;
    while (!condition() && clock_.Monotonic() < until) std::this_thread::sleep_for(milliseconds(2));
    return condition();
  }

  SystemClock clock_;
  std::string folder_;
  LiveRelayOptions options_;
  const CameraId camera_ = NewId<CameraId>();
  LiveUnits units_{1'000, 4};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<CameraStream, std::vector<bool>> watched_;
};

TEST_F(LiveRelayTest, HandsOnFromTheNewestKeyframeAndTellsIngestWhoWatches) {
  const auto relay = StartRelay();
  const auto sink = relay->Attach(camera_, Stream::kMain);
  for (int i = 0; i < 6; ++i) sink->OnAccessUnit(units_.Next());
  const auto listener = std::make_shared<Listener>();
  LiveSubscriber subscriber({.socket_path = options_.socket_path}, clock_);
  subscriber.Subscribe({camera_}, listener);
  ASSERT_TRUE(listener->AwaitFrames(2));
  EXPECT_TRUE(AwaitWatched({true}));
  EXPECT_TRUE(relay->IsWatched({camera_}));
  sink->OnAccessUnit(units_.Next());
  ASSERT_TRUE(listener->AwaitFrames(3));
  EXPECT_THAT(listener->tags(), ElementsAre(5, 6, 7));
  subscriber.Unsubscribe({camera_});
  EXPECT_TRUE(AwaitWatched({true, false}));
}

TEST_F(LiveRelayTest, ASubscriberFindsTheNextLifeOfTheRelay) {
  const auto listener = std::make_shared<Listener>();
  LiveSubscriber subscriber({.socket_path = options_.socket_path, .retry_delay = milliseconds(10)},
                            clock_);
  subscriber.Subscribe({camera_}, listener);  // nobody is there yet
  for (std::size_t life = 1; life <= 2; ++life) {
    const auto relay = StartRelay();
    const auto sink = relay->Attach(camera_, Stream::kMain);
    LiveUnits units;
    sink->OnAccessUnit(units.Next());
    ASSERT_TRUE(listener->AwaitFrames(life));
    relay->Stop();
    ASSERT_TRUE(listener->AwaitLost(static_cast<int>(life)));
  }
}

TEST_F(LiveRelayTest, ACameraRecordedNoMoreEndsItsSubscriptions) {
  const auto relay = StartRelay();
  const auto sink = relay->Attach(camera_, Stream::kMain);
  const auto listener = std::make_shared<Listener>();
  LiveSubscriber subscriber({.socket_path = options_.socket_path}, clock_);
  subscriber.Subscribe({camera_}, listener);
  ASSERT_TRUE(AwaitWatched({true}));
  relay->Detach(camera_, Stream::kMain);
  EXPECT_TRUE(listener->AwaitLost(1));
  EXPECT_TRUE(AwaitWatched({true, false}));
  sink->OnAccessUnit(units_.Next());  // what ingest still sends goes nowhere
}

TEST_F(LiveRelayTest, DropsASubscriberThatTakesNothingWhileTheOthersGoOn) {
  options_.subscriber_bytes_max = 2'000'000;
  const auto relay = StartRelay();
  const auto sink = relay->Attach(camera_, Stream::kMain);
  const auto stuck = ConnectToRelay(options_.socket_path);
  ASSERT_TRUE(stuck.has_value());
  const auto request = EncodeLiveRequest({camera_, Stream::kMain});
  ASSERT_EQ(::send(stuck->get(), request.data(), request.size(), 0),
            static_cast<ssize_t>(request.size()));
  const auto listener = std::make_shared<Listener>();
  LiveSubscriber subscriber({.socket_path = options_.socket_path}, clock_);
  subscriber.Subscribe({camera_}, listener);
  ASSERT_TRUE(Await([&] { return relay->subscribers() == 2; }));
  ASSERT_TRUE(AwaitWatched({true}));

  LiveUnits large(100'000, 4);
  std::size_t frames = 0;
  ASSERT_TRUE(Await([&] {
    sink->OnAccessUnit(large.Next());
    return listener->AwaitFrames(++frames) && relay->subscribers() == 1;
  }));
  EXPECT_LT(frames, 40u);  // 2 MB and what the socket itself holds
}

TEST_F(LiveRelayTest, RefusesWhatIsNoRequestAndWaitsForNoneForLong) {
  options_.request_timeout = milliseconds(50);
  const auto relay = StartRelay();
  const auto wrong = ConnectToRelay(options_.socket_path);
  const auto silent = ConnectToRelay(options_.socket_path);
  ASSERT_TRUE(wrong.has_value() && silent.has_value());
  const std::string text = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  ASSERT_GT(::send(wrong->get(), text.data(), kLiveRequestBytes, 0), 0);
  const auto is_closed = [](const OwnedDescriptor& socket) {
    std::array<char, 64> answer{};
    return ::recv(socket.get(), answer.data(), answer.size(), 0) == 0;
  };
  EXPECT_TRUE(Await([&] { return is_closed(*wrong); }));
  EXPECT_TRUE(Await([&] { return is_closed(*silent); }));
}

/// While it lives, this process gets no more descriptors.
class NoDescriptors {
 public:
  NoDescriptors() {
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
    const OwnedDescriptor lowest(::dup(0));
    const rlimit none{static_cast<rlim_t>(lowest.get()), before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptors() { EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before_), 0); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
};

TEST_F(LiveRelayTest, OutOfDescriptorsItWaitsBeforeItAsksForConnectionsAgain) {
  yagura::testing::FakeClock clock;
  LiveRelay relay(options_, clock, [](CameraStream, bool) {});
  ASSERT_TRUE(relay.Start().has_value());
  const auto sink = relay.Attach(camera_, Stream::kMain);
  const auto listener = std::make_shared<Listener>();
  LiveSubscriber subscriber({.socket_path = options_.socket_path}, clock_);
  subscriber.Subscribe({camera_}, listener);
  ASSERT_TRUE(Await([&] { return relay.IsWatched({camera_}); }));
  std::size_t frames = 0;
  // The relay has looked at everything that was there before.
  const auto turn = [&] {
    for (int i = 0; i < 3; ++i) {
      sink->OnAccessUnit(units_.Next());
      ASSERT_TRUE(listener->AwaitFrames(++frames));
    }
  };
  turn();

  // Connects without a descriptor more: both are there before.
  const OwnedDescriptor folder(::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const OwnedDescriptor late(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::string path = "/proc/self/fd/" + std::to_string(folder.get()) + "/live.socket";
  path.copy(address.sun_path, path.size());
  {
    const NoDescriptors none;
    ASSERT_EQ(::connect(late.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    turn();
  }
  turn();
  EXPECT_EQ(relay.subscribers(), 1u);
  clock.Advance(std::chrono::seconds(1));
  EXPECT_TRUE(Await([&] { return relay.subscribers() == 2; }));
}

TEST_F(LiveRelayTest, OnlyOwnerAndGroupMayConnect) {
  const auto relay = StartRelay();
  struct stat status {};
  ASSERT_EQ(::stat(options_.socket_path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0660u);
}

}  // namespace
}  // namespace yagura::storage
