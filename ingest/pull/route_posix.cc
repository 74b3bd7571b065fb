#include "ingest/pull/route_posix.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ingest/resolver_posix.h"

namespace yagura::ingest {
namespace {

/// Our own address on the way there; nothing is sent.
std::optional<SocketAddress> LocalAddressTowards(const SocketAddress& there) {
  const int fd = ::socket(there.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::nullopt;
  SocketAddress here;
  here.size = sizeof here.storage;
  const bool found =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&there.storage), there.size) == 0 &&
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&here.storage), &here.size) == 0;
  ::close(fd);
  return found ? std::optional(here) : std::nullopt;
}

bool IsAddress(const ifaddrs& entry, const std::string& text) {
  if (entry.ifa_addr == nullptr) return false;
  SocketAddress address;
  const auto family = entry.ifa_addr->sa_family;
  if (family != AF_INET && family != AF_INET6) return false;
  if (family == AF_INET) {
    address.storage.ss_family = AF_INET;
    reinterpret_cast<sockaddr_in&>(address.storage) =
        *reinterpret_cast<const sockaddr_in*>(entry.ifa_addr);
  } else {
    reinterpret_cast<sockaddr_in6&>(address.storage) =
        *reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr);
  }
  return AddressText(address) == text;
}

}  // namespace

std::optional<std::string> InterfaceTowards(const std::string& address) {
  constexpr std::uint16_t kAnyPort = 9;
  const auto there = LiteralAddress(address, kAnyPort);
  const auto here = there ? LocalAddressTowards(*there) : std::nullopt;
  ifaddrs* all = nullptr;
  if (!here || ::getifaddrs(&all) != 0) return std::nullopt;
  const std::string text = AddressText(*here);
  std::optional<std::string> name;
  for (const ifaddrs* entry = all; entry != nullptr && !name; entry = entry->ifa_next) {
    if (IsAddress(*entry, text)) name = entry->ifa_name;
  }
  ::freeifaddrs(all);
  return name;
}

}  // namespace yagura::ingest
