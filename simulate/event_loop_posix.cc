#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "simulate/event_loop.h"

namespace yagura::simulate {
namespace {

// Keys of our own; callers' begin at 1, so these are the highest.
constexpr std::uint64_t kTimerKey = ~std::uint64_t{0};
constexpr std::uint64_t kWakeKey = kTimerKey - 1;
constexpr int kBacklog = 1024;

tl::unexpected<Error> SystemFailure(const std::string& what) {
  return Failure(ErrorCode::kUnavailable, what + ": " + std::strerror(errno));
}

void Drain(const UniqueFd& counter) {
  std::uint64_t count = 0;
  // Nothing to read (EAGAIN) is as good: the counter only wakes.
  [[maybe_unused]] const auto got = ::read(counter.get(), &count, sizeof count);
}

itimerspec At(MonoTime deadline) {
  const auto since = deadline.time_since_epoch();
  const auto whole = std::chrono::floor<std::chrono::seconds>(since);
  itimerspec spec{};
  spec.it_value.tv_sec = whole.count();
  spec.it_value.tv_nsec = std::max<std::int64_t>((since - whole).count(), 1);  // 0 would disarm
  return spec;
}

}  // namespace

UniqueFd::~UniqueFd() {
  if (fd_ >= 0) ::close(fd_);
}

Result<EventLoop> EventLoop::Create() {
  EventLoop loop;
  loop.epoll_ = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
  loop.timer_ = UniqueFd(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  loop.wake_ = UniqueFd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!loop.Watch(loop.timer_.get(), kTimerKey) || !loop.Watch(loop.wake_.get(), kWakeKey)) {
    return SystemFailure("can't create an event loop");
  }
  return loop;
}

bool EventLoop::Watch(int fd, std::uint64_t key) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP;
  event.data.u64 = key;
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void EventLoop::AlsoWritable(int fd, std::uint64_t key, bool writable) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP;
  if (writable) event.events |= EPOLLOUT;
  event.data.u64 = key;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

std::vector<FdEvent> EventLoop::Wait(MonoTime deadline) {
  const itimerspec spec = At(deadline);
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &spec, nullptr);
  std::array<epoll_event, 256> events{};
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
  std::vector<FdEvent> happened;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.u64 == kTimerKey) {
      Drain(timer_);
    } else if (event.data.u64 == kWakeKey) {
      Drain(wake_);
    } else {
      happened.push_back({event.data.u64, (event.events & ~std::uint32_t{EPOLLOUT}) != 0,
                          (event.events & EPOLLOUT) != 0});
    }
  }
  return happened;
}

void EventLoop::Wake() const {
  const std::uint64_t one = 1;
  // A full counter (EAGAIN) wakes as well.
  [[maybe_unused]] const auto put = ::write(wake_.get(), &one, sizeof one);
}

Result<UniqueFd> ListenAt(const std::string& address, std::uint16_t port) {
  sockaddr_storage at{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(at);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(at);
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    at.ss_family = AF_INET;
  } else if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    at.ss_family = AF_INET6;
  } else {
    return Failure(ErrorCode::kInvalidArgument, "\"" + address + "\" is no IP address");
  }
  v4.sin_port = htons(port);  // at the same place in both
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  UniqueFd fd(::socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (!fd.valid() || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
      ::listen(fd.get(), kBacklog) != 0) {
    return SystemFailure("can't listen at " + address + ":" + std::to_string(port));
  }
  return fd;
}

std::uint16_t PortOf(const UniqueFd& listener) {
  sockaddr_storage at{};
  socklen_t size = sizeof at;
  if (::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&at), &size) != 0) return 0;
  return ntohs(reinterpret_cast<const sockaddr_in&>(at).sin_port);
}

UniqueFd AcceptClient(const UniqueFd& listener) {
  UniqueFd fd(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd.valid()) return fd;
  const int on = 1;
  // Without it only a little slower.
  (void)::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

}  // namespace yagura::simulate
