#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "simulate/authenticator.h"
#include "simulate/frame_rate.h"
#include "simulate/habits.h"
#include "simulate/packet_loop.h"

namespace yagura::simulate {

class FarmLoop;

/// Cameras of one kind.
struct CameraGroup {
  std::uint32_t count = 1;
  /// H.264 or H.265 byte streams (simulate/loop_file.h), given to the cameras in turn.
  std::vector<std::filesystem::path> loops{};
  std::optional<FrameRate> rate{};  // instead of the one that the loop names
  double drift_ppm = 0;             // how much faster than ours the cameras' clock runs
  ParameterSets parameter_sets = ParameterSets::kSdpAndInBand;
  /// Given to the cameras in turn; empty: they do as the standard says. They outlive the farm.
  std::vector<const Habits*> habits{};
};

struct FarmOptions {
  std::string address = "127.0.0.1";  // or an IPv6 one
  std::uint16_t port = 0;             // 0: any free one
  std::vector<CameraGroup> groups{};
  std::optional<Credentials> credentials{};  // without: everybody may watch
  AuthScheme auth_scheme = AuthScheme::kDigestMd5;
  std::filesystem::path sent_log{};  // empty: none
  /// What goes wrong, and when: docs/design/fault-script.md. Empty: nothing.
  std::filesystem::path faults{};
  /// A client that has left more unread than this beyond what the kernel holds is dropped.
  std::size_t backlog_max_bytes = std::size_t{8} << 20;
};

struct FarmCounts {
  std::uint64_t frames_sent = 0;  // handed to the kernel completely
  std::uint64_t frames_late = 0;  // begun over 100 ms after their time
  std::uint64_t clients_dropped =
      0;  // by us: too slow, silent for the session's timeout, or we were stalled
  std::uint32_t sessions_playing = 0;
};

/// Simulated cameras 1 to N behind one RTSP server, rtsp://ADDRESS:PORT/camera/<number>, in one
/// thread of its own. They play loops of real footage in real time, each frame stamped
/// (core/frame_stamp.h) and noted in the sent log. All calls are thread-safe; when one returns, it
/// has taken effect.
class CameraFarm {
 public:
  /// Loads the loops, listens, starts all cameras. `clock`: the machine's (its monotonic side is
  /// what the kernel's timers go by); it must outlive the farm. Errors are those of loops, port and
  /// log.
  [[nodiscard]] static Result<std::unique_ptr<CameraFarm>> Start(const FarmOptions& options,
                                                                 const Clock& clock);
  /// Closes all connections and completes the sent log.
  ~CameraFarm();
  CameraFarm(const CameraFarm&) = delete;
  CameraFarm& operator=(const CameraFarm&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::uint32_t camera_count() const;
  /// Without credentials.
  [[nodiscard]] std::string Url(std::uint32_t camera) const;
  [[nodiscard]] FarmCounts counts() const;
  /// Writes the sent log out. kUnavailable: the log is not complete.
  [[nodiscard]] Result<void> FlushLog();

  /// The camera loses power: its connections end; clients that ask for it are cut off without an
  /// answer.
  void StopCamera(std::uint32_t camera);
  /// It starts again, in a new epoch. Nothing where it runs.
  void StartCamera(std::uint32_t camera);
  /// The camera hangs: connections stay, but nothing comes any more, neither frames nor answers.
  /// Its frame numbers go on meanwhile.
  void SilenceCamera(std::uint32_t camera, bool silent);
  /// Its connections are closed; the camera runs on.
  void DropSessions(std::uint32_t camera);

 private:
  CameraFarm(std::string address, std::unique_ptr<FarmLoop> loop);
  std::string address_;
  std::unique_ptr<FarmLoop> loop_;
};

}  // namespace yagura::simulate
