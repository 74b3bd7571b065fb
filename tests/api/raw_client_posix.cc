#include "tests/api/raw_client_posix.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

#include "core/check.h"

namespace yagura::api {

using Clock = std::chrono::steady_clock;

RawClient::RawClient(std::uint16_t port, int receive_buffer_bytes)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  CHECK(socket_ >= 0);
  if (receive_buffer_bytes > 0) {
    CHECK(setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                     sizeof(receive_buffer_bytes)) == 0);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
}

RawClient::~RawClient() { close(socket_); }

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::ReadSome(Clock::time_point until) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
  pollfd wait{socket_, POLLIN, 0};
  if (closed_ || left <= 0 || poll(&wait, 1, static_cast<int>(left)) <= 0) return false;
  std::array<char, 65536> buffer{};
  const ssize_t count = recv(socket_, buffer.data(), buffer.size(), 0);
  if (count <= 0) {
    closed_ = true;
    return false;
  }
  received_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

std::string RawClient::ReadAll(std::chrono::milliseconds within) {
  const auto until = Clock::now() + within;
  while (ReadSome(until)) {
  }
  return std::exchange(received_, {});
}

std::string RawClient::ReadUntil(std::string_view text, std::chrono::milliseconds within) {
  const auto until = Clock::now() + within;
  while (received_.find(text) == std::string::npos && ReadSome(until)) {
  }
  const std::size_t at = received_.find(text);
  if (at == std::string::npos) return std::exchange(received_, {});
  std::string read = received_.substr(0, at + text.size());
  received_.erase(0, read.size());
  return read;
}

std::string RawClient::ReadResponse(bool without_body, std::chrono::milliseconds within) {
  const auto until = Clock::now() + within;
  const auto head_end = [this] { return received_.find("\r\n\r\n"); };
  while (head_end() == std::string::npos && ReadSome(until)) {
  }
  if (head_end() == std::string::npos) return std::exchange(received_, {});
  std::size_t size = head_end() + 4;
  const std::string length = FieldOf(received_, "Content-Length");
  if (!without_body && !length.empty()) size += std::stoull(length);
  while (received_.size() < size && ReadSome(until)) {
  }
  std::string response = received_.substr(0, size);
  received_.erase(0, response.size());
  return response;
}

bool RawClient::IsClosedWithin(std::chrono::milliseconds within) {
  const auto until = Clock::now() + within;
  while (ReadSome(until)) received_.clear();
  return closed_;
}

std::string BodyOf(std::string_view response) {
  const std::size_t end = response.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string() : std::string(response.substr(end + 4));
}

std::string FieldOf(std::string_view response, std::string_view name) {
  std::string_view head = response.substr(0, response.find("\r\n\r\n"));
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    std::string_view value = line.substr(name.size() + 1);
    value.remove_prefix(std::min(value.size(), value.find_first_not_of(' ')));
    return std::string(value);
  }
  return {};
}

std::string StatusLineOf(std::string_view response) {
  return std::string(response.substr(0, response.find("\r\n")));
}

std::int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t total_pages = 0;
  std::int64_t resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

}  // namespace yagura::api
