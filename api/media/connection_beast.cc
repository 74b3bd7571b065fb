#include "api/media/connection_beast.h"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>

#include "api/error_to_http.h"
#include "api/media/live_body.h"
#include "api/media/response_head.h"
#include "api/media/send_file_posix.h"
#include "api/media/wire_request.h"
#include "api/terminal.h"
#include "core/log.h"

namespace yagura::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

/// Between two turns of other connections.
constexpr std::size_t kSendBytesMax = std::size_t{1} << 20;
/// How often it is asked whether bytes that wait for a caller who takes none may still go.
constexpr std::chrono::milliseconds kLookEach{250};

std::string AddressOf(const asio::ip::tcp::socket& socket) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

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
  void AnswerOnWorker(Request request);
  void Refuse(int status, const char* code);

  void Send(Response response);
  void SendBytes();  // of sending_
  void OnMemorySent(ErrorCode error, std::size_t bytes);
  void SendFile();  // of file_
  void NextPiece();
  void OnPiece(Result<std::optional<Piece>> piece);

  void BeginLive(Response response);
  void PumpLive();
  void SendLive(LiveBody::Step step);
  void Finished();

  /// Closes the connection unless the next call comes in time; and meanwhile cuts what is being
  /// sent when it may not go on.
  void Expect(std::chrono::milliseconds within);
  void AwaitDeadline();
  void Close();
  /// The same, and what the kernel still holds of the answer goes nowhere.
  void Cut();

  ConnectionContext& context_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer::time_point closes_at_;
  boost::beast::flat_buffer received_;
  std::optional<Parser> parser_;
  bool closes_ = false;  // after the answer being sent
  bool is_head_ = false;
  bool knows_chunks_ = true;

  std::string head_;  // of the answer being sent, with the body where that is text
  std::shared_ptr<ByteSource> source_;  // of the answer being sent
  SharedBytes bytes_;                   // the piece being sent, where it is memory
  std::optional<FilePiece> file_;       // the piece being sent, where it is of a file
  std::string_view sending_;            // what is left of head_ or bytes_
  bool sending_head_ = false;

  std::optional<LiveBody> live_;  // of the answer being sent
  LiveBody::Step live_step_;      // being sent, while
  bool live_sending_ = false;
};

Connection::Connection(asio::ip::tcp::socket socket, ConnectionContext& context)
    : context_(context), socket_(std::move(socket)), deadline_(context.io) {
  ++context_.connections;
}

Connection::~Connection() { --context_.connections; }

void Connection::Expect(std::chrono::milliseconds within) {
  closes_at_ = asio::steady_timer::clock_type::now() + within;
  AwaitDeadline();
}

void Connection::AwaitDeadline() {
  const auto look_at = asio::steady_timer::clock_type::now() + kLookEach;
  deadline_.expires_at(source_ ? std::min(closes_at_, look_at)
                               : closes_at_);  // ends the wait before
  deadline_.async_wait([weak = weak_from_this()](ErrorCode error) {
    const auto self = weak.lock();
    const auto now = asio::steady_timer::clock_type::now();
    if (error || !self || self->deadline_.expiry() > now) return;
    if (now >= self->closes_at_) return self->Close();
    if (self->source_ && !self->source_->may_go_on()) return self->Cut();
    self->AwaitDeadline();
  });
}

void Connection::Close() {
  ErrorCode ignored;  // it is on its way out either way
  deadline_.cancel(ignored);
  live_.reset();
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

void Connection::Cut() {
  ErrorCode ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  Close();
}

void Connection::AwaitRequest() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(context_.options.header_bytes_max));
  parser_->body_limit(context_.options.body_bytes_max);
  if (received_.size() > 0) return ReadRequest();
  Expect(context_.options.idle_timeout);
  socket_.async_wait(asio::ip::tcp::socket::wait_read,
                     [self = shared_from_this()](ErrorCode error) {
                       if (!error) self->ReadRequest();
                     });
}

void Connection::ReadRequest() {
  Expect(context_.options.header_timeout);
  http::async_read(
      socket_, received_, *parser_,
      [self = shared_from_this()](ErrorCode error, std::size_t) { self->OnRequest(error); });
}

void Connection::OnRequest(ErrorCode error) {
  deadline_.cancel();
  is_head_ = false;
  if (error == http::error::body_limit) return Refuse(413, "body_too_large");
  if (error == http::error::header_limit) return Refuse(431, "headers_too_large");
  if (error == http::error::end_of_stream) return Close();
  if (error.category() == http::make_error_code(http::error::bad_method).category())
    return Refuse(400, "invalid_argument");
  if (error) return Close();
  closes_ = !parser_->get().keep_alive();
  knows_chunks_ = parser_->get().version() >= 11;
  Request request = TakeWireRequest(parser_->get());
  SetTerminal(request, AddressOf(socket_), context_.options.proxy_key);
  is_head_ = request.method == "HEAD";
  AnswerOnWorker(std::move(request));
}

void Connection::AnswerOnWorker(Request request) {
  auto work = [self = shared_from_this(), request = std::move(request)] {
    // A shared_ptr, since a handler must be copyable and a response is not.
    auto response = std::make_shared<Response>(AnswerOf(self->context_.handler, request));
    asio::post(self->context_.io, [self, response] { self->Send(std::move(*response)); });
  };
  auto too_late = [self = shared_from_this()] {
    asio::post(self->context_.io, [self] { self->Send(BusyResponse()); });
  };
  if (!context_.executor.TryPost(std::move(work), std::move(too_late))) Send(BusyResponse());
}

void Connection::Refuse(int status, const char* code) {
  closes_ = true;
  Send(ToResponse(Problem{status, code, "", Json::Object()}));
}

void Connection::Send(Response response) {
  if (!is_head_ && std::holds_alternative<std::shared_ptr<LiveSource>>(response.body))
    return BeginLive(std::move(response));
  head_ = SerializeHead(response, closes_, std::chrono::system_clock::now());
  source_ = nullptr;
  if (auto* text = std::get_if<std::string>(&response.body)) {
    if (!is_head_) head_ += *text;
  } else if (!is_head_) {
    source_ = std::get<std::unique_ptr<ByteSource>>(std::move(response.body));
  }
  sending_ = head_;
  sending_head_ = true;
  SendBytes();
}

void Connection::SendBytes() {
  if (source_ && !source_->may_go_on()) return Close();
  Expect(context_.options.write_timeout);
  const std::string_view now = sending_.substr(0, kSendBytesMax);
  socket_.async_write_some(asio::buffer(now.data(), now.size()),
                           [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
                             self->OnMemorySent(error, bytes);
                           });
}

void Connection::OnMemorySent(ErrorCode error, std::size_t bytes) {
  if (error) return Close();
  sending_.remove_prefix(bytes);
  if (source_ && !sending_head_) source_->OnSent(bytes);
  if (!sending_.empty()) return SendBytes();
  sending_head_ = false;
  if (source_) return NextPiece();
  Finished();
}

void Connection::NextPiece() {
  deadline_.expires_at(asio::steady_timer::time_point::max());  // nobody asks the source meanwhile
  file_.reset();
  bytes_ = {};
  auto work = [self = shared_from_this(), source = source_] {
    auto piece = std::make_shared<Result<std::optional<Piece>>>(source->Next());
    asio::post(self->context_.io, [self, piece] { self->OnPiece(std::move(*piece)); });
  };
  if (!context_.executor.PostNextStep(std::move(work))) Close();
}

void Connection::OnPiece(Result<std::optional<Piece>> piece) {
  if (!piece.has_value()) {
    log::Info("a body is cut off", {{"error", piece.error()}});
    return Close();
  }
  if (!piece->has_value()) return Finished();
  if (const auto* bytes = std::get_if<SharedBytes>(&**piece)) {
    if (bytes->empty()) return NextPiece();
    bytes_ = *bytes;
    sending_ = {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
    return SendBytes();
  }
  file_ = std::get<FilePiece>(**std::move(piece));
  ErrorCode error;
  socket_.native_non_blocking(true, error);
  if (error) return Close();
  SendFile();
}

void Connection::SendFile() {
  if (file_->size_bytes == 0) return NextPiece();
  if (!source_->may_go_on()) return Cut();
  std::uint64_t sent = 0;
  const SendOutcome outcome = SendFromFile(socket_.native_handle(), *file_, kSendBytesMax, sent);
  if (outcome == SendOutcome::kBroken) return Close();
  source_->OnSent(sent);
  Expect(context_.options.write_timeout);
  socket_.async_wait(asio::ip::tcp::socket::wait_write,
                     [self = shared_from_this()](ErrorCode error) {
                       if (error) return self->Close();
                       self->SendFile();
                     });
}

/// What may come from the caller meanwhile is its end.
void Connection::BeginLive(Response response) {
  closes_ = true;
  auto source = std::exchange(std::get<std::shared_ptr<LiveSource>>(response.body), nullptr);
  const Endless endless = knows_chunks_ ? Endless::kChunked : Endless::kUntilClose;
  live_.emplace(std::move(source),
                SerializeHead(response, closes_, std::chrono::system_clock::now(), endless),
                endless);
  live_->OnReady([weak = weak_from_this(), &io = context_.io] {
    asio::post(io, [weak] {
      if (const auto self = weak.lock()) self->PumpLive();
    });
  });
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](ErrorCode) {
    if (self->live_) self->Close();
  });
  PumpLive();
}

void Connection::PumpLive() {
  if (!live_) return;
  if (live_sending_ && live_->is_cut()) return Cut();  // a caller that takes nothing ends too
  if (live_sending_) return;
  LiveBody::Step step = live_->Proceed();
  switch (step.next) {
    case LiveBody::Next::kWait:
      return;
    case LiveBody::Next::kAnswerElse:
      live_.reset();
      return Send(ToResponse(Error(yagura::ErrorCode::kUnavailable, "nothing to be seen now")));
    case LiveBody::Next::kSend:
      return SendLive(std::move(step));
    case LiveBody::Next::kFinish:
      live_.reset();
      return SendLive(std::move(step));
  }
}

void Connection::SendLive(LiveBody::Step step) {
  live_step_ = std::move(step);
  live_sending_ = true;
  Expect(context_.options.write_timeout);
  const std::array<asio::const_buffer, 3> parts = {
      asio::buffer(live_step_.before),
      asio::buffer(live_step_.bytes.data(), live_step_.bytes.size()),
      asio::buffer(live_step_.after)};
  asio::async_write(socket_, parts, [self = shared_from_this()](ErrorCode error, std::size_t) {
    self->live_sending_ = false;
    self->deadline_.cancel();
    if (error || !self->live_) return self->Close();
    self->PumpLive();
  });
}

void Connection::Finished() {
  source_ = nullptr;
  if (closes_) return Close();
  AwaitRequest();
}

}  // namespace

void ServeConnection(int socket, bool is_v6, ConnectionContext& context) {
  asio::ip::tcp::socket taken(context.io);
  boost::system::error_code error;
  taken.assign(is_v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), socket, error);
  if (error) return log::Warning("a connection can't be taken over", {{"reason", error.message()}});
  taken.set_option(asio::ip::tcp::no_delay(true), error);  // only a matter of speed
  std::make_shared<Connection>(std::move(taken), context)->AwaitRequest();
}

}  // namespace yagura::api
