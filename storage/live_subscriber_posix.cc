#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "core/check.h"
#include "storage/live_subscription_posix.h"

namespace yagura::storage {
namespace {

constexpr std::size_t kEventsAtOnce = 64;

}  // namespace

class LiveSubscriber::Impl {
 public:
  Impl(Options options, const Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    CHECK(epoll_.open() && event_.open());
    Watch(event_.get(), nullptr);
    thread_ = std::thread([this] { Run(); });
  }

  ~Impl() {
    stopping_ = true;
    Wake();
    thread_.join();
  }

  void Change(CameraStream of, std::shared_ptr<LiveListener> listener) {
    {
      const std::scoped_lock lock(mutex_);
      changes_.insert_or_assign(of, std::move(listener));
    }
    Wake();
  }

 private:
  void Wake() const {
    const std::uint64_t one = 1;
    (void)!write(event_.get(), &one, sizeof one);  // full: it is readable already
  }

  void Watch(int descriptor, void* what) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = what;
    CHECK(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0);
  }

  void Run() {
    std::array<epoll_event, kEventsAtOnce> events{};
    while (!stopping_) {
      const int count = epoll_wait(epoll_.get(), events.data(), kEventsAtOnce, MillisecondsLeft());
      for (int i = 0; i < count; ++i) OnEvent(events[static_cast<std::size_t>(i)]);
      TakeChanges();
      ConnectDue();
    }
  }

  void OnEvent(const epoll_event& event) {
    if (event.data.ptr == nullptr) {
      std::uint64_t count = 0;
      (void)!read(event_.get(), &count, sizeof count);  // resets it; empty is fine
      return;
    }
    auto* const subscription = static_cast<LiveSubscription*>(event.data.ptr);
    if (!subscription->OnReadable())
      subscription->retry_at = clock_.Monotonic() + options_.retry_delay;
  }

  void TakeChanges() {
    std::map<CameraStream, std::shared_ptr<LiveListener>> changes;
    {
      const std::scoped_lock lock(mutex_);
      changes.swap(changes_);
    }
    for (auto& [of, listener] : changes) {
      subscriptions_.erase(of);
      if (listener) subscriptions_.try_emplace(of, of, std::move(listener));
    }
  }

  void ConnectDue() {
    const MonoTime now = clock_.Monotonic();
    for (auto& [of, subscription] : subscriptions_) {
      if (subscription.connected() || now < subscription.retry_at) continue;
      if (subscription.Connect(options_.socket_path).has_value()) {
        Watch(subscription.descriptor(), &subscription);
      } else {
        subscription.retry_at = now + options_.retry_delay;
      }
    }
  }

  [[nodiscard]] int MillisecondsLeft() const {
    const bool any_away = std::any_of(subscriptions_.begin(), subscriptions_.end(),
                                      [](const auto& one) { return !one.second.connected(); });
    return any_away ? static_cast<int>(options_.retry_delay.count()) / 2 + 1 : -1;
  }

  const Options options_;
  const Clock& clock_;
  const OwnedDescriptor epoll_;
  const OwnedDescriptor event_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  /// Wanted from now on; no listener: nothing. Guarded by mutex_.
  std::map<CameraStream, std::shared_ptr<LiveListener>> changes_;
  std::map<CameraStream, LiveSubscription> subscriptions_;  // the thread's own
  std::thread thread_;
};

LiveSubscriber::LiveSubscriber(Options options, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), clock)) {}
LiveSubscriber::~LiveSubscriber() = default;

void LiveSubscriber::Subscribe(CameraStream of, std::shared_ptr<LiveListener> listener) {
  CHECK(listener != nullptr);
  impl_->Change(of, std::move(listener));
}
void LiveSubscriber::Unsubscribe(CameraStream of) { impl_->Change(of, nullptr); }

}  // namespace yagura::storage
