#include "api/media/server_beast.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>
#include <utility>

#include "api/media/connection_beast.h"
#include "api/media/send_file_posix.h"
#include "core/log.h"

namespace yagura::api {

namespace asio = boost::asio;

namespace {

/// So much of an answer may be on its way to a caller who takes nothing: it can't be called back
/// when the right ends. Of each connection; the kernel doubles it.
constexpr int kOnTheWayBytesMax = 256 * 1024;

}  // namespace

class MediaServer::Impl {
 public:
  Impl(const ServerOptions& options, RequestHandler handler)
      : context_(options, std::move(handler), io_, executor_),
        executor_(options.worker_threads, options.queue_depth_max, options.queue_wait_max),
        acceptor_(io_),
        pause_(io_) {}

  ~Impl() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  Result<void> Listen() {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(context_.options.address, error);
    const asio::ip::tcp::endpoint endpoint(address, context_.options.port);
    if (!error) acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.set_option(asio::socket_base::send_buffer_size(kOnTheWayBytesMax), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      return Failure(ErrorCode::kUnavailable,
                     "can't listen on " + context_.options.address + ": " + error.message());
    Accept();
    thread_ = std::thread([this] {
      BlockSigpipe();
      io_.run();
    });
    return {};
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void Accept() {
    acceptor_.async_accept([this](boost::system::error_code error, asio::ip::tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) return AcceptLater(error);
      const bool has_room = context_.connections < context_.options.connections_max;
      if (has_room) Begin(std::move(socket));
      Accept();
    });
  }

  void Begin(asio::ip::tcp::socket socket) {
    boost::system::error_code error;
    const auto local = socket.local_endpoint(error);
    const int descriptor = error ? -1 : socket.release(error);
    if (!error) ServeConnection(descriptor, local.address().is_v6(), context_);
  }

  /// Out of descriptors, most likely: trying again at once would only burn the CPU.
  void AcceptLater(const boost::system::error_code& error) {
    log::Warning("can't accept a connection", {{"reason", error.message()}});
    pause_.expires_after(std::chrono::milliseconds(200));
    pause_.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled) Accept();
    });
  }

  // They end from below: workers first, then the connections that io_ still holds, then what those
  // share.
  ConnectionContext context_;
  asio::io_context io_{1};
  Executor executor_;
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::thread thread_;
};

MediaServer::MediaServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MediaServer::~MediaServer() = default;
std::uint16_t MediaServer::port() const { return impl_->port(); }

Result<std::unique_ptr<MediaServer>> MediaServer::Start(const ServerOptions& options,
                                                        RequestHandler handler) {
  auto impl = std::make_unique<Impl>(options, std::move(handler));
  RETURN_IF_ERROR(impl->Listen());
  return std::unique_ptr<MediaServer>(new MediaServer(std::move(impl)));
}

}  // namespace yagura::api
