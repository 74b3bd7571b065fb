#include "api/free_port_posix.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace yagura::api {

Result<std::uint16_t> FindFreePort(const std::string& address) {
  sockaddr_in endpoint{};
  endpoint.sin_family = AF_INET;
  if (inet_pton(AF_INET, address.c_str(), &endpoint.sin_addr) != 1) {
    return Failure(ErrorCode::kInvalidArgument, "\"" + address + "\" is not an IPv4 address");
  }
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0)
    return Failure(ErrorCode::kUnavailable, std::string("socket: ") + std::strerror(errno));
  socklen_t length = sizeof(endpoint);
  auto* generic = reinterpret_cast<sockaddr*>(&endpoint);
  const bool found = bind(probe, generic, length) == 0 && getsockname(probe, generic, &length) == 0;
  const int problem = errno;
  close(probe);
  if (!found)
    return Failure(ErrorCode::kUnavailable, "bind to " + address + ": " + std::strerror(problem));
  return ntohs(endpoint.sin_port);
}

}  // namespace yagura::api
