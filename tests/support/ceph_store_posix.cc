#include "tests/support/ceph_store_posix.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "core/check.h"

namespace yagura::testing {
namespace {

constexpr std::chrono::seconds kStart{120};

/// One that nobody listens on now.
std::uint16_t FreePort() {
  const int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(bind(one, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  socklen_t size = sizeof address;
  getsockname(one, reinterpret_cast<sockaddr*>(&address), &size);
  close(one);
  return ntohs(address.sin_port);
}

}  // namespace

CephStore::CephStore() {
  const std::string port = std::to_string(FreePort());
  endpoint_ = "http://127.0.0.1:" + port;
  Run("start", port);
  std::ifstream keys(folder_.path() / "store" / "keys");
  CHECK(std::getline(keys, access_key_) && std::getline(keys, secret_key_));
}

CephStore::~CephStore() { Run("stop", ""); }

void CephStore::KillOsd(int number) { Run("kill-osd", std::to_string(number)); }

void CephStore::Run(const std::string& verb, const std::string& argument) {
  const auto done = RunToEnd(
      {.arguments = {YAGURA_CEPH_STORE, verb, (folder_.path() / "store").string(), argument}},
      kStart);
  CHECK(done.has_value());
}

}  // namespace yagura::testing
