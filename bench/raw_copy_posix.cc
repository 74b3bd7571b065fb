// The baseline of bench/ingest-cost: the least that a recorder of RTSP cameras can do. One thread,
// epoll, one recv of up to 256 KiB per wake-up, one write of what came, a file per camera. It
// understands nothing of what it copies.
//
//   raw_copy HOST PORT CAMERAS FOLDER [durable]
//
// copies rtsp://HOST:PORT/camera/1.. until SIGTERM; prints "playing" once all play. `durable`: a
// SHA-256 of each file goes on beside, and a second thread brings each file to the disk once a
// second.
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "storage/sha256.h"

namespace {

constexpr std::size_t kReceiveMaxBytes = 256 * 1024;

volatile std::sig_atomic_t stop_requested = 0;

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "raw_copy: %s: %s\n", what.c_str(), std::strerror(errno));
  std::exit(1);
}

struct Camera {
  int socket = -1;
  int file = -1;
  std::optional<yagura::storage::Sha256> hash;  // where it is to be durable
};

std::string ReadReply(int socket) {
  std::string head;
  char byte = 0;
  while (head.find("\r\n\r\n") == std::string::npos) {
    if (::recv(socket, &byte, 1, 0) != 1) Fail("reading a reply");
    head += byte;
  }
  const std::size_t length_at = head.find("Content-Length: ");
  if (length_at == std::string::npos) return head;
  std::string body(static_cast<std::size_t>(std::atoi(head.c_str() + length_at + 16)), '\0');
  if (::recv(socket, body.data(), body.size(), MSG_WAITALL) != static_cast<ssize_t>(body.size())) {
    Fail("reading a body");
  }
  return head + body;
}

std::string Ask(int socket, const std::string& method, const std::string& url, int sequence,
                const std::string& headers) {
  const std::string request = method + " " + url +
                              " RTSP/1.0\r\nCSeq: " + std::to_string(sequence) + "\r\n" + headers +
                              "\r\n";
  if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    Fail("sending " + method);
  }
  std::string reply = ReadReply(socket);
  if (reply.find(" 200 ") == std::string::npos) {
    std::fprintf(stderr, "raw_copy: %s %s: %s\n", method.c_str(), url.c_str(), reply.c_str());
    std::exit(1);
  }
  return reply;
}

std::string HeaderOf(const std::string& reply, std::string_view name) {
  const std::size_t at = reply.find(name);
  if (at == std::string::npos) return {};
  const std::size_t from = at + name.size();
  return reply.substr(from, reply.find_first_of(";\r\n", from) - from);
}

/// The track's own URL: the a=control of the media section, absolute or under the base.
std::string TrackUrl(const std::string& describe, const std::string& url) {
  const std::string control = HeaderOf(describe.substr(describe.find("m=video")), "a=control:");
  return control.rfind("rtsp://", 0) == 0 ? control : url + "/" + control;
}

int Connect(const char* host, std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (::inet_pton(AF_INET, host, &address.sin_addr) != 1) Fail("reading the address");
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    Fail("connecting");
  }
  return socket;
}

Camera Play(const char* host, std::uint16_t port, int number, const std::string& folder) {
  const int socket = Connect(host, port);
  const std::string url = "rtsp://" + std::string(host) + ":" + std::to_string(port) + "/camera/" +
                          std::to_string(number);
  const std::string describe = Ask(socket, "DESCRIBE", url, 1, "Accept: application/sdp\r\n");
  const std::string setup = Ask(socket, "SETUP", TrackUrl(describe, url), 2,
                                "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n");
  Ask(socket, "PLAY", url, 3, "Session: " + HeaderOf(setup, "Session: ") + "\r\n");
  const std::string path = folder + "/camera-" + std::to_string(number) + ".rtp";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) Fail("creating " + path);
  return {socket, file, std::nullopt};
}

void Copy(Camera& camera, std::vector<char>& buffer) {
  const ssize_t got = ::recv(camera.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got == 0) Fail("the camera closed the connection");
  if (got < 0) {
    if (errno == EAGAIN || errno == EINTR) return;
    Fail("receiving");
  }
  if (::write(camera.file, buffer.data(), static_cast<std::size_t>(got)) != got) Fail("writing");
  if (!camera.hash) return;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(buffer.data());
  camera.hash->Update({bytes, static_cast<std::size_t>(got)});
}

/// Until the process is asked to stop.
void SyncEachSecond(const std::vector<Camera>& cameras) {
  while (stop_requested == 0) {
    for (const Camera& camera : cameras) {
      if (::fdatasync(camera.file) != 0) Fail("syncing");
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

/// Until the process is asked to stop.
void CopyAll(int epoll, std::vector<Camera>& cameras) {
  std::vector<char> buffer(kReceiveMaxBytes);
  std::array<epoll_event, 64> events{};
  while (stop_requested == 0) {
    const int ready = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 500);
    for (int i = 0; i < ready; ++i)
      Copy(cameras[events[static_cast<std::size_t>(i)].data.u32], buffer);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bool durable = argc == 6 && std::string_view(argv[5]) == "durable";
  if (argc != 5 && !durable) {
    std::fprintf(stderr, "usage: raw_copy HOST PORT CAMERAS FOLDER [durable]\n");
    return 2;
  }
  std::signal(SIGTERM, [](int) { stop_requested = 1; });
  std::signal(SIGINT, [](int) { stop_requested = 1; });
  const int count = std::atoi(argv[3]);
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<Camera> cameras;
  for (int number = 1; number <= count; ++number) {
    cameras.push_back(
        Play(argv[1], static_cast<std::uint16_t>(std::atoi(argv[2])), number, argv[4]));
    if (durable) cameras.back().hash.emplace();
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = static_cast<std::uint32_t>(number - 1);
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, cameras.back().socket, &event) != 0) Fail("epoll_ctl");
  }
  std::puts("playing");
  std::fflush(stdout);
  std::thread syncing;
  if (durable) syncing = std::thread([&cameras] { SyncEachSecond(cameras); });
  CopyAll(epoll, cameras);
  if (syncing.joinable()) syncing.join();
  return 0;
}
