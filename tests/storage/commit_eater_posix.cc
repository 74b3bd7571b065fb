#include "tests/storage/commit_eater_posix.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string_view>

#include "core/check.h"

namespace yagura::storage {
namespace {

constexpr char kSocketName[] = "/.s.PGSQL.5432";
constexpr int kPollMs = 20;

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  CHECK(path.size() < sizeof(address.sun_path));
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

const sockaddr* Generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

bool Readable(int socket, int timeout_ms) {
  pollfd state{.fd = socket, .events = POLLIN, .revents = 0};
  return ::poll(&state, 1, timeout_ms) > 0;
}

}  // namespace

CommitEater::CommitEater(const std::string& server_folder)
    : server_path_(server_folder + kSocketName),
      listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_un address = AddressOf(host() + kSocketName);
  CHECK(::bind(listener_, Generic(address), sizeof(address)) == 0);
  CHECK(::listen(listener_, 16) == 0);
  accepting_ = std::thread([this] { Accept(); });
}

CommitEater::~CommitEater() {
  stopping_ = true;
  accepting_.join();
  ::close(listener_);
}

void CommitEater::Accept() {
  while (!stopping_) {
    if (!Readable(listener_, kPollMs)) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) connections_.emplace_back([this, client] { Serve(client); });
  }
  for (std::thread& connection : connections_) connection.join();
}

void CommitEater::Serve(int client) {
  const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(server_path_);
  bool open = ::connect(server, Generic(address), sizeof(address)) == 0;
  bool asked_to_commit = false;
  while (open && !stopping_) {
    std::array<pollfd, 2> both{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    if (::poll(both.data(), both.size(), kPollMs) <= 0) continue;
    if (both[1].revents != 0 && asked_to_commit && hungry_) {
      ++eaten_;
      break;
    }
    if (both[1].revents != 0) open = Pass(server, client, asked_to_commit);
    if (open && both[0].revents != 0) open = Pass(client, server, asked_to_commit);
  }
  ::close(server);
  ::close(client);
}

bool CommitEater::Pass(int from, int to, bool& asked_to_commit) const {
  std::array<char, 16384> buffer{};
  const ssize_t got = ::read(from, buffer.data(), buffer.size());
  if (got <= 0) return false;
  const std::string_view said(buffer.data(), static_cast<std::size_t>(got));
  asked_to_commit = said.find("COMMIT") != std::string_view::npos;
  return ::send(to, said.data(), said.size(), MSG_NOSIGNAL) == got;
}

}  // namespace yagura::storage
