#pragma once

#include <cstdint>
#include <memory>

#include "api/server.h"
#include "core/result.h"

namespace yagura::api {

/// Sets how many threads cpprestsdk's one pool has, for all sockets and continuations of the
/// process. Only before anything else of it is used: the first thing in main.
void PrepareRestThreads(int threads);

/// The listener for JSON, on cpprestsdk, meant for loopback behind nginx: cpprestsdk takes headers
/// of any length and time. What it leaves to us is done here: no handler runs on its threads; a
/// body is refused from its Content-Length, before it is read; chunked bodies (411; nginx never
/// sends one) and lengths that aren't plain numbers (400) too; each refusal ends its connection, so
/// that what was sent behind it is never read as another request. A body that doesn't come within
/// `header_timeout` is a 408. Responses with a ByteSource are a broken invariant here.
class RestServer {
 public:
  /// kUnavailable where the address can't be listened on.
  [[nodiscard]] static Result<std::unique_ptr<RestServer>> Start(const ServerOptions& options,
                                                                 RequestHandler handler);
  /// Ends all connections and waits for the workers.
  ~RestServer();
  RestServer(const RestServer&) = delete;
  RestServer& operator=(const RestServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;

 private:
  class Impl;
  explicit RestServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yagura::api
