#pragma once

#include <sys/socket.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace yagura::ingest {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// The address itself, when `host` is written as one (IPv4 or IPv6); needs no lookup.
[[nodiscard]] std::optional<SocketAddress> LiteralAddress(const std::string& host,
                                                          std::uint16_t port);

/// "192.0.2.1" or "2001:db8::1".
[[nodiscard]] std::string AddressText(const SocketAddress& address);

/// In the order in which they are to be tried: IPv4 first, since few cameras speak IPv6.
using SocketAddresses = std::vector<SocketAddress>;

/// Looks a name up, and may take seconds. kUnavailable: no address, now.
[[nodiscard]] Result<SocketAddresses> AskSystem(const std::string& host, std::uint16_t port);

/// Looks names up on two threads of its own, since getaddrinfo blocks for seconds when a name
/// server is away. Thread-safe. In order of asking: cameras with broken names delay other lookups,
/// never a camera whose address is known.
class Resolver : public std::enable_shared_from_this<Resolver> {
 public:
  using Answer = std::function<void(Result<SocketAddresses>)>;
  using Source = std::function<Result<SocketAddresses>(const std::string&, std::uint16_t)>;

  /// `source` is called from both threads.
  [[nodiscard]] static std::shared_ptr<Resolver> Make(Source source = AskSystem);
  /// `answer` is called once, from a thread of the resolver; never after Stop().
  void Lookup(std::string host, std::uint16_t port, Answer answer);
  /// Doesn't wait for lookups that are under way: getaddrinfo can't be interrupted, so its thread
  /// finds out afterwards.
  void Stop();

 private:
  struct Question {
    std::string host;
    std::uint16_t port;
    Answer answer;
  };

  explicit Resolver(Source source) : source_(std::move(source)) {}
  void Run();

  const Source source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Question> questions_;
  bool stopped_ = false;
};

}  // namespace yagura::ingest
