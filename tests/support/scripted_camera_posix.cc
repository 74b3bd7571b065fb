#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/check.h"
#include "tests/support/scripted_camera.h"

namespace yagura::testing {
namespace {

void ReplaceAll(std::string& text, std::string_view name, std::string_view value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
    text.replace(at, name.size(), value);
    at += value.size();
  }
}

std::string HeaderOf(const std::string& request, std::string_view name) {
  const std::size_t at = request.find(name);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size();
  return request.substr(begin, request.find("\r\n", begin) - begin);
}

}  // namespace

/// One client, from accept to close.
class ScriptedCamera::Connection {
 public:
  Connection(ScriptedCamera& camera, int fd) : camera_(camera), fd_(fd) {}
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Play(const Script& script) {
    for (const ScriptStep& step : script) {
      if (!Perform(step)) return;
    }
  }

 private:
  bool Perform(const ScriptStep& step) {
    switch (step.kind) {
      case ScriptStep::Kind::kAnswer:
        return AnswerRequest(step);
      case ScriptStep::Kind::kSend:
        return SendAll(step.bytes);
      case ScriptStep::Kind::kSendForever:
        return SendRepeatedly(step);
      case ScriptStep::Kind::kHold:
        while (AwaitRequest({})) {
        }
        return false;
      case ScriptStep::Kind::kClose:
        break;
    }
    return false;
  }

  bool AnswerRequest(const ScriptStep& step) {
    const auto request = AwaitRequest(step.method);
    return request && SendAll(FillIn(step.bytes, *request));
  }

  bool SendRepeatedly(const ScriptStep& step) {
    std::uint64_t sent = 0;
    for (std::uint64_t i = 0; sent < step.limit_bytes;) {
      std::string block;  // many at once: short messages would make for slow floods
      while (block.size() < 65536) block += step.make(i++);
      if (!SendAll(block)) return false;
      sent += block.size();
    }
    return true;
  }

  /// The next request of `method`. Unexpected keep-alives are answered on the way, whatever else
  /// comes ends the connection.
  std::optional<std::string> AwaitRequest(std::string_view method) {
    while (auto request = ReadRequest()) {
      camera_.Note(camera_.requests_, *request);
      const std::string got = request->substr(0, request->find(' '));
      if (got == method) return request;
      if (got != "OPTIONS" && got != "GET_PARAMETER") {
        camera_.Note(camera_.surprises_, *request);
        return std::nullopt;
      }
      if (!SendAll(FillIn(RtspReplyText("200 OK"), *request))) return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<std::string> ReadRequest() {
    while (true) {
      SkipReports();
      const std::size_t end = input_.find("\r\n\r\n");
      if (end != std::string::npos && input_.front() != '$') {
        std::string request = input_.substr(0, end + 4);
        input_.erase(0, end + 4);
        return request;
      }
      if (!Await(POLLIN) || !Receive()) return std::nullopt;
    }
  }

  /// The client's interleaved receiver reports.
  void SkipReports() {
    while (input_.size() >= 4 && input_.front() == '$') {
      const std::size_t size =
          4 + (static_cast<std::size_t>(static_cast<unsigned char>(input_[2])) << 8 |
               static_cast<unsigned char>(input_[3]));
      if (input_.size() < size) return;
      input_.erase(0, size);
    }
  }

  bool Receive() {
    std::array<char, 4096> bytes{};
    const ssize_t got = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got > 0) input_.append(bytes.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  bool SendAll(std::string_view bytes) {
    while (!bytes.empty()) {
      if (!Await(POLLOUT)) return false;
      const ssize_t put = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (put < 0) return false;
      camera_.sent_bytes_ += static_cast<std::uint64_t>(put);
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
  }

  /// False: the camera is to end, or the client has gone while we only send.
  bool Await(short events) {
    std::array<pollfd, 2> polls = {pollfd{fd_, static_cast<short>(events | POLLRDHUP), 0},
                                   pollfd{camera_.quit_, POLLIN, 0}};
    if (::poll(polls.data(), polls.size(), -1) < 0 || polls[1].revents != 0) return false;
    const bool gone = (polls[0].revents & (POLLERR | POLLHUP | POLLRDHUP)) != 0;
    return !gone || (polls[0].revents & POLLIN) != 0;
  }

  static std::string FillIn(std::string bytes, const std::string& request) {
    const std::size_t uri = request.find(' ') + 1;
    ReplaceAll(bytes, "{CSEQ}", HeaderOf(request, "\r\nCSeq: "));
    ReplaceAll(bytes, "{URL}", request.substr(uri, request.find(' ', uri) - uri));
    return bytes;
  }

  ScriptedCamera& camera_;
  int fd_;
  std::string input_;
};

ScriptedCamera::ScriptedCamera(std::vector<Script> scripts) : scripts_(std::move(scripts)) {
  CHECK(!scripts_.empty());
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  CHECK(::listen(listener_, 16) == 0);
  CHECK(::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  port_ = ntohs(at.sin_port);
  quit_ = ::eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { Run(); });
}

ScriptedCamera::~ScriptedCamera() {
  const std::uint64_t one = 1;
  CHECK(::write(quit_, &one, sizeof one) == sizeof one);
  thread_.join();
  ::close(listener_);
  ::close(quit_);
}

void ScriptedCamera::Run() {
  while (true) {
    std::array<pollfd, 2> polls = {pollfd{listener_, POLLIN, 0}, pollfd{quit_, POLLIN, 0}};
    if (::poll(polls.data(), polls.size(), -1) < 0 || polls[1].revents != 0) return;
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int on = 1;
    CHECK(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0);
    std::size_t which = 0;
    {
      const std::scoped_lock lock(mutex_);
      which = static_cast<std::size_t>(connections_++);
    }
    changed_.notify_all();
    { Connection(*this, fd).Play(scripts_[std::min(which, scripts_.size() - 1)]); }
    {
      const std::scoped_lock lock(mutex_);
      ++ends_;
    }
    changed_.notify_all();
  }
}

std::string ScriptedCamera::Url() const {
  return "rtsp://127.0.0.1:" + std::to_string(port_) + "/camera/1";
}

bool ScriptedCamera::WaitFor(const int& counter, int count, milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return counter >= count; });
}
bool ScriptedCamera::WaitForConnections(int count, milliseconds timeout) {
  return WaitFor(connections_, count, timeout);
}
bool ScriptedCamera::WaitForEnds(int count, milliseconds timeout) {
  return WaitFor(ends_, count, timeout);
}

void ScriptedCamera::Note(std::vector<std::string>& list, const std::string& text) {
  const std::scoped_lock lock(mutex_);
  list.push_back(text);
}
std::vector<std::string> ScriptedCamera::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}
std::vector<std::string> ScriptedCamera::surprises() const {
  const std::scoped_lock lock(mutex_);
  return surprises_;
}

}  // namespace yagura::testing
