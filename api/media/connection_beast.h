#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>  // before asio: Boost 1.74 forgets it in C++20

#include "api/executor.h"
#include "api/server.h"

namespace yagura::api {

/// What all connections of a server share. Outlives them.
struct ConnectionContext {
  ConnectionContext(const ServerOptions& server_options, RequestHandler request_handler,
                    boost::asio::io_context& io_context, Executor& workers)
      : options(server_options),
        handler(std::move(request_handler)),
        io(io_context),
        executor(workers) {}

  ServerOptions options;
  RequestHandler handler;
  boost::asio::io_context& io;
  Executor& executor;
  std::atomic<std::size_t> connections{0};
};

/// One connection: reads a request, has it answered by a worker, sends the answer, and so on. Keeps
/// itself alive by what it waits for; closing the socket ends it. Everything here runs on the
/// server's one I/O thread, but for the handler and ByteSource::Next.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, ConnectionContext& context);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void AwaitRequest();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using ErrorCode = boost::system::error_code;

  void ReadRequest();
  void OnRequest(ErrorCode error);
  [[nodiscard]] Request TakeRequest();
  void AnswerOnWorker(Request request);
  void Refuse(int status, const char* code);

  void Send(Response response);
  void SendBytes();  // of sending_
  void OnMemorySent(ErrorCode error, std::size_t bytes);
  void SendFile();  // of file_
  void NextPiece();
  void OnPiece(Result<std::optional<Piece>> piece);
  void Finished();

  /// Closes the connection unless the next call comes in time.
  void Expect(std::chrono::milliseconds within);
  void Close();

  ConnectionContext& context_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer deadline_;
  boost::beast::flat_buffer received_;
  std::optional<Parser> parser_;
  bool closes_ = false;  // after the answer being sent
  bool is_head_ = false;

  std::string head_;  // of the answer being sent, with the body where that is text
  std::shared_ptr<ByteSource> source_;  // of the answer being sent
  SharedBytes bytes_;                   // the piece being sent, where it is memory
  std::optional<FilePiece> file_;       // the piece being sent, where it is of a file
  std::string_view sending_;            // what is left of head_ or bytes_
  bool sending_head_ = false;
};

}  // namespace yagura::api
