#pragma once

#include <cstdint>
#include <memory>

#include "api/server.h"
#include "core/result.h"

namespace yagura::api {

/// The listener for footage: HTTP/1.1 with limits and deadlines on everything a caller sends or
/// doesn't take, bodies of clip files by sendfile. A viewer costs one connection, one open file
/// and, at most, one piece of memory; one that takes no byte for `write_timeout` is cut off. One
/// I/O thread, which never waits for disk or database beyond what sendfile does; handlers and
/// ByteSource::Next run on the workers.
class MediaServer {
 public:
  /// kUnavailable where the address can't be listened on.
  [[nodiscard]] static Result<std::unique_ptr<MediaServer>> Start(const ServerOptions& options,
                                                                  RequestHandler handler);
  /// Cuts all connections and waits for the workers.
  ~MediaServer();
  MediaServer(const MediaServer&) = delete;
  MediaServer& operator=(const MediaServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;

 private:
  class Impl;
  explicit MediaServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yagura::api
