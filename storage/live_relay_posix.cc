#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "core/check.h"
#include "core/log.h"
#include "storage/live_connection_posix.h"
#include "storage/live_relay.h"

namespace yagura::storage {
namespace {

/// How often connections that have not said what they want are looked at.
constexpr int kLookMs = 1'000;
constexpr std::size_t kEventsAtOnce = 64;
/// Not asked for connections so long after the system refused one, for want of descriptors most
/// likely: a listener that is ready all the time would keep the thread turning.
constexpr milliseconds kAcceptPause{kLookMs};

}  // namespace

class LiveRelay::Impl {
 public:
  Impl(LiveRelayOptions options, const Clock& clock, OnWatched on_watched)
      : options_(std::move(options)),
        clock_(clock),
        on_watched_(std::move(on_watched)),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        event_(std::make_shared<OwnedDescriptor>(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))) {
    CHECK(epoll_.open() && event_->open());
  }
  ~Impl() { Stop(); }

  Result<void> Start() {
    ASSIGN_OR_RETURN(listener_, ListenForSubscribers(options_.socket_path));
    Watch(listener_.get(), EPOLLIN, &listener_);
    Watch(event_->get(), EPOLLIN, event_.get());
    thread_ = std::thread([this] { Run(); });
    return {};
  }

  void Stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    Wake(*event_);
    thread_.join();
    ::unlink(options_.socket_path.c_str());
  }

  std::shared_ptr<AccessUnitSink> Attach(CameraId camera, Stream stream) {
    const std::scoped_lock lock(mutex_);
    auto& channel = channels_[CameraStream{camera, stream}];
    if (channel == nullptr) {
      channel =
          std::make_shared<LiveChannel>(options_.gops, held_, [event = event_] { Wake(*event); });
    }
    return channel;
  }

  void Detach(CameraId camera, Stream stream) {
    std::shared_ptr<LiveChannel> channel;
    {
      const std::scoped_lock lock(mutex_);
      const auto found = channels_.find(CameraStream{camera, stream});
      if (found == channels_.end()) return;
      channel = std::move(found->second);
      channels_.erase(found);
    }
    channel->End();
  }

  bool IsWatched(CameraStream of) const {
    const std::scoped_lock lock(mutex_);
    const auto found = channels_.find(of);
    return found != channels_.end() && found->second->is_watched();
  }

  std::size_t subscribers() const { return subscribers_; }

 private:
  using Connections = std::list<LiveConnection>;

  static void Wake(const OwnedDescriptor& event) {
    const std::uint64_t one = 1;
    (void)!write(event.get(), &one, sizeof one);  // full: it is readable already
  }

  void Watch(int descriptor, std::uint32_t events, void* what) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = what;
    CHECK(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0);
  }

  void Run() {
    std::array<epoll_event, kEventsAtOnce> events{};
    while (!stopping_) {
      const int count = epoll_wait(epoll_.get(), events.data(), kEventsAtOnce, kLookMs);
      for (int i = 0; i < count; ++i) OnEvent(events[static_cast<std::size_t>(i)]);
      AcceptAgain();
      FlushAll();
      TellWatched();
    }
    connections_.clear();
    members_changed_ = true;
    TellWatched();
  }

  void OnEvent(const epoll_event& event) {
    if (event.data.ptr == &listener_) return Accept();
    if (event.data.ptr == event_.get()) {
      std::uint64_t count = 0;
      (void)!read(event_->get(), &count, sizeof count);  // resets it; empty is fine
      return;
    }
    auto* const connection = static_cast<LiveConnection*>(event.data.ptr);
    const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    const bool readable = (event.events & EPOLLIN) != 0;
    if (broken || (readable && !connection->OnReadable())) {
      closing_.insert(connection);
    } else {
      Answer(*connection);
    }
  }

  void Accept() {
    OwnedDescriptor socket(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.open() && IsLasting(errno)) return PauseAccepting(errno);
    if (!socket.open() || connections_.size() >= options_.subscribers_max) return;
    connections_.emplace_back(std::move(socket), clock_.Monotonic(), options_.subscriber_bytes_max);
    // Edge-triggered, since FlushAll() sends whatever can be sent at each turn.
    Watch(connections_.back().descriptor(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
          &connections_.back());
  }

  /// Not of one connection that has gone meanwhile.
  static bool IsLasting(int number) {
    return number != EAGAIN && number != EINTR && number != ECONNABORTED;
  }

  void PauseAccepting(int number) {
    log::Warning("can't take a live subscriber", {{"reason", std::strerror(number)}});
    CHECK(epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_.get(), nullptr) == 0);
    accepts_again_at_ = clock_.Monotonic() + kAcceptPause;
  }

  void AcceptAgain() {
    if (!accepts_again_at_ || clock_.Monotonic() < *accepts_again_at_) return;
    accepts_again_at_.reset();
    Watch(listener_.get(), EPOLLIN, &listener_);
  }

  void Answer(LiveConnection& connection) {
    const auto request = connection.TakeRequest();
    if (!request.has_value()) return connection.Refuse(LiveEnd::kNotUnderstood);
    if (!request->has_value()) return;
    const CameraStream of{(*request)->camera, (*request)->stream};
    std::shared_ptr<LiveChannel> channel;
    {
      const std::scoped_lock lock(mutex_);
      const auto found = channels_.find(of);
      if (found != channels_.end()) channel = found->second;
    }
    if (channel == nullptr) return connection.Refuse(LiveEnd::kNotRecorded);
    members_changed_ = true;
    connection.Join(of, std::move(channel));
  }

  void FlushAll() {
    const MonoTime now = clock_.Monotonic();
    for (auto it = connections_.begin(); it != connections_.end();) {
      const bool late = it->awaits_request() && now - it->since() > options_.request_timeout;
      if (late || closing_.contains(&*it) || !it->Flush()) {
        if (it->is_slow())
          log::Warning("a live subscriber took too little and is dropped",
                       {{"camera", it->of() ? ToString(it->of()->camera) : "none"}});
        members_changed_ = true;
        it = connections_.erase(it);
      } else {
        ++it;
      }
    }
    closing_.clear();
    subscribers_ = connections_.size();
  }

  /// Where a stream's first subscriber came or its last one left.
  void TellWatched() {
    if (!std::exchange(members_changed_, false)) return;
    std::set<CameraStream> now;
    for (const LiveConnection& connection : connections_) {
      if (connection.of()) now.insert(*connection.of());
    }
    const std::set<CameraStream> before = std::exchange(watched_, now);
    for (const CameraStream& of : now) {
      if (!before.contains(of)) on_watched_(of, true);
    }
    for (const CameraStream& of : before) {
      if (!now.contains(of)) on_watched_(of, false);
    }
  }

  const LiveRelayOptions options_;
  const Clock& clock_;
  const OnWatched on_watched_;
  const HeldBytes held_ = std::make_shared<std::atomic<std::uint64_t>>(0);
  const OwnedDescriptor epoll_;
  const std::shared_ptr<OwnedDescriptor> event_;  // channels outlive us
  OwnedDescriptor listener_;
  mutable std::mutex mutex_;
  std::map<CameraStream, std::shared_ptr<LiveChannel>> channels_;  // by mutex_
  std::atomic<std::size_t> subscribers_ = 0;
  std::atomic<bool> stopping_ = false;
  // The thread's own:
  Connections connections_;
  std::set<const LiveConnection*> closing_;
  std::set<CameraStream> watched_;
  bool members_changed_ = false;
  std::optional<MonoTime> accepts_again_at_;  // while the listener isn't asked
  std::thread thread_;
};

LiveRelay::LiveRelay(LiveRelayOptions options, const Clock& clock, OnWatched on_watched)
    : impl_(std::make_unique<Impl>(std::move(options), clock, std::move(on_watched))) {}
LiveRelay::~LiveRelay() = default;

Result<void> LiveRelay::Start() { return impl_->Start(); }
void LiveRelay::Stop() { impl_->Stop(); }
std::shared_ptr<AccessUnitSink> LiveRelay::Attach(CameraId camera, Stream stream) {
  return impl_->Attach(camera, stream);
}
void LiveRelay::Detach(CameraId camera, Stream stream) { impl_->Detach(camera, stream); }
bool LiveRelay::IsWatched(CameraStream of) const { return impl_->IsWatched(of); }
std::size_t LiveRelay::subscribers() const { return impl_->subscribers(); }

}  // namespace yagura::storage
