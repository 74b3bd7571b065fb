#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.h"
#include "simulate/camera_farm.h"

namespace yagura::simulate {

/// What `yagura simulate` was asked for.
struct SimulateOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  CameraGroup cameras{};
  /// Two lines, user and password; "-": standard input; empty: everybody may watch.
  std::filesystem::path credentials{};
  AuthScheme auth_scheme = AuthScheme::kDigestMd5;
  std::filesystem::path sent_log{};
  std::filesystem::path faults{};
};

/// Two lines, user and password. kInvalidArgument: not of this form; kNotFound: no such file.
[[nodiscard]] Result<Credentials> ReadCredentials(const std::filesystem::path& path);

/// Runs the farm until SIGINT or SIGTERM, which it keeps from every other thread of the process.
/// Prints one line to standard output once all cameras answer: "simulate: cameras 1 to N at
/// rtsp://127.0.0.1:PORT/camera/1 to rtsp://127.0.0.1:PORT/camera/N". Returns the exit code.
int RunSimulate(const SimulateOptions& options);

}  // namespace yagura::simulate
