#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

#include "api/executor.h"
#include "api/server.h"

namespace boost::asio {
class io_context;
}  // namespace boost::asio

namespace yagura::api {

/// What all connections of a server share. Outlives them.
struct ConnectionContext {
  ConnectionContext(const ServerOptions& server_options, RequestHandler request_handler,
                    boost::asio::io_context& io_context, Executor& workers)
      : options(server_options),
        handler(std::move(request_handler)),
        io(io_context),
        executor(workers) {}

  const ServerOptions options;
  const RequestHandler handler;
  boost::asio::io_context& io;
  Executor& executor;
  std::atomic<std::size_t> connections{0};
};

/// Takes over an accepted socket (of IPv6 or IPv4) and answers its requests, one after the other,
/// until either side closes it. On the server's I/O thread.
void ServeConnection(int socket, bool is_v6, ConnectionContext& context);

}  // namespace yagura::api
