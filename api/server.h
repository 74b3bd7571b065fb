#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "api/http.h"

namespace yagura::api {

/// Where a listener listens, and what it bears.
struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;            // 0: any free one
  std::string proxy_key{};           // of the proxy in front (terminal.h); empty: none is believed
  int worker_threads = 4;            // that run the handler, which may wait for PostgreSQL
  std::size_t queue_depth_max = 64;  // requests waiting for a worker; beyond it, 503
  std::chrono::milliseconds queue_wait_max{500};  // for a worker; after it, 503
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t body_bytes_max = 64 * 1024;
  std::chrono::milliseconds header_timeout{10'000};  // from a request's first byte to its last
  std::chrono::milliseconds idle_timeout{60'000};    // between two requests of a connection
  std::chrono::milliseconds write_timeout{30'000};  // in which a caller must take at least one byte
  std::size_t connections_max = 2'000;
};

/// Answers one request; runs on a worker, may block.
using RequestHandler = std::function<Response(const Request&)>;

/// Its answer; a 500 where it throws, which is a fault of ours (out of memory, most likely) and no
/// reason to cut all others.
[[nodiscard]] Response AnswerOf(const RequestHandler& handler, const Request& request);

/// The answer when no worker is free: nothing was begun.
[[nodiscard]] Response BusyResponse();

}  // namespace yagura::api
