#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "simulate/frame_rate.h"

namespace yagura::testing {

/// What becomes of single RTP packets on their way, by their number from 0 on.
struct PacketFaults {
  std::set<std::uint64_t> lost{};
  std::set<std::uint64_t> doubled{};
  std::set<std::uint64_t> overtaken{};  // sent behind the next one
};

struct GstCameraOptions {
  std::uint16_t port = 0;                     // 0: any free one
  std::filesystem::path file{};               // a loop, as simulate/loop_file.h takes it
  std::optional<simulate::FrameRate> rate{};  // instead of the file's own
  std::filesystem::path sent_log{};           // empty: none
  std::string address = "127.0.0.1";          // where it listens
  std::string interface = "lo";               // where its multicast goes
  std::string transports{};             // "tcp", "udp" or "multicast" alone; empty: all of them
  std::filesystem::path certificate{};  // with its key: serves over TLS alone
  std::string user{};                   // with a password: who isn't this one gets 401
  std::string password{};
  PacketFaults faults{};
  bool hangs_up = false;  // a second after PLAY, and goes on sending datagrams

  [[nodiscard]] bool HasFaults() const {
    return !(faults.lost.empty() && faults.doubled.empty() && faults.overtaken.empty());
  }
};

/// A camera that isn't ours: GStreamer's RTSP server and payloader, rtsp://127.0.0.1:PORT/camera/1,
/// camera number 1. Its frames carry our stamp, and are noted in a sent log.
///
/// Unlike our own cameras its encoder starts with each client: each has an epoch of its own, which
/// begins with a keyframe. "Sent" is when the frame was given to the server, which is as near to
/// the kernel as one can look. Calls on one thread; GStreamer's threads within.
class GstCamera {
 public:
  /// `clock` must outlive the camera. kUnavailable: the port is taken. Else the errors of the loop
  /// and the log.
  [[nodiscard]] static Result<std::unique_ptr<GstCamera>> Create(const GstCameraOptions& options,
                                                                 const Clock& clock);
  ~GstCamera();
  GstCamera(const GstCamera&) = delete;
  GstCamera& operator=(const GstCamera&) = delete;

  [[nodiscard]] std::string Url() const;
  /// Serves until SIGINT or SIGTERM.
  void Run();

 private:
  class Server;
  explicit GstCamera(std::unique_ptr<Server> server);
  std::unique_ptr<Server> server_;
};

}  // namespace yagura::testing
