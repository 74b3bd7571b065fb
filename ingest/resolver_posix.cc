#include "ingest/resolver_posix.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <thread>
#include <utility>

#include "ingest/text.h"

namespace yagura::ingest {
namespace {

constexpr int kThreads = 2;
/// Of one name. Each is waited for, and the camera has one connection at a time.
constexpr std::size_t kMaxAddresses = 4;

void SetPort(SocketAddress& address, std::uint16_t port) {
  if (address.storage.ss_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6&>(address.storage).sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in&>(address.storage).sin_port = htons(port);
  }
}

}  // namespace

Result<SocketAddresses> AskSystem(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) {
    return Failure(ErrorCode::kUnavailable,
                   "no address for the host " + Quoted(host) + ": " + gai_strerror(error));
  }
  SocketAddresses addresses;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    if (at->ai_family != AF_INET && at->ai_family != AF_INET6) continue;
    SocketAddress& address = addresses.emplace_back();
    std::memcpy(&address.storage, at->ai_addr, at->ai_addrlen);
    address.size = at->ai_addrlen;
    SetPort(address, port);
  }
  freeaddrinfo(found);
  std::stable_partition(addresses.begin(), addresses.end(), [](const SocketAddress& address) {
    return address.storage.ss_family == AF_INET;
  });
  addresses.resize(std::min(addresses.size(), kMaxAddresses));
  return addresses;
}

std::string AddressText(const SocketAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool v4 = address.storage.ss_family == AF_INET;
  const void* const bytes =
      v4 ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address.storage).sin_addr)
         : &reinterpret_cast<const sockaddr_in6&>(address.storage).sin6_addr;
  const char* const written = inet_ntop(address.storage.ss_family, bytes, text.data(), text.size());
  return written == nullptr ? std::string() : written;
}

std::optional<SocketAddress> LiteralAddress(const std::string& host, std::uint16_t port) {
  SocketAddress address;
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    address.storage.ss_family = AF_INET;
    address.size = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
    address.storage.ss_family = AF_INET6;
    address.size = sizeof(sockaddr_in6);
  } else {
    return std::nullopt;
  }
  SetPort(address, port);
  return address;
}

std::shared_ptr<Resolver> Resolver::Make(Source source) {
  std::shared_ptr<Resolver> resolver(new Resolver(std::move(source)));
  for (int i = 0; i < kThreads; ++i) std::thread([resolver] { resolver->Run(); }).detach();
  return resolver;
}

void Resolver::Lookup(std::string host, std::uint16_t port, Answer answer) {
  const std::scoped_lock lock(mutex_);
  if (stopped_) return;
  questions_.push_back({std::move(host), port, std::move(answer)});
  changed_.notify_one();
}

void Resolver::Stop() {
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  questions_.clear();
  changed_.notify_all();
}

void Resolver::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopped_ || !questions_.empty(); });
    if (stopped_) return;
    const Question question = std::move(questions_.front());
    questions_.pop_front();
    lock.unlock();
    auto addresses = source_(question.host, question.port);
    lock.lock();
    if (!stopped_) question.answer(std::move(addresses));
  }
}

}  // namespace yagura::ingest
