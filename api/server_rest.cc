#include "api/server_rest.h"

#include <cpprest/http_listener.h>
#include <pplx/threadpool.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "api/body_rules.h"
#include "api/executor.h"
#include "api/free_port_posix.h"
#include "api/terminal.h"
#include "core/check.h"
#include "core/log.h"

namespace yagura::api {
namespace {

using web::http::http_request;
using web::http::http_response;
using web::http::experimental::listener::http_listener;
using Clock = std::chrono::steady_clock;

constexpr int kPortAttempts = 10;
/// How long a stop waits for the answers that are under way, and then for cpprestsdk to be done
/// with their connections, which it doesn't tell.
constexpr std::chrono::milliseconds kAnswersPatience{2000};
constexpr std::chrono::milliseconds kConnectionsEnd{20};

Headers HeadersOf(const http_request& message) {
  Headers headers;
  for (const auto& [name, value] : message.headers()) headers.Add(name, value);
  return headers;
}

Request RequestOf(const http_request& message, std::string_view proxy_key) {
  Request request;
  request.method = message.method();
  request.target = message.request_uri().to_string();
  request.headers = HeadersOf(message);
  SetTerminal(request, message.remote_address(), proxy_key);
  return request;
}

/// cpprestsdk writes "Content-Length: 0" for a response without a body, and for a HEAD that would
/// be wrong; so such a response gets the true length and a body that ends at once, upon which
/// cpprestsdk closes the connection, as the header field says.
http_response MessageOf(Response& response, bool is_head, bool closes) {
  http_response message(static_cast<web::http::status_code>(response.status));
  message.set_reason_phrase(std::string(StatusText(response.status)));
  CHECK(std::holds_alternative<std::string>(response.body));
  auto& text = std::get<std::string>(response.body);
  const std::size_t length = text.size();
  if (is_head) text.clear();
  if (length > 0)
    message.set_body(concurrency::streams::bytestream::open_istream(std::move(text)), length);
  for (const auto& field : response.headers) message.headers()[field.name] = field.value;
  if (closes || (is_head && length > 0)) message.headers()["Connection"] = "close";
  return message;
}

/// The requests whose answers haven't been sent. cpprestsdk closes connections under the hands of
/// its own threads: a listener is closed only when none of these is left.
class UnderWay : public std::enable_shared_from_this<UnderWay> {
 public:
  /// Held until the answer to one request has been sent, or nobody awaits it any more.
  using Mark = std::shared_ptr<const UnderWay>;

  [[nodiscard]] Mark Begin() {
    const std::lock_guard lock(mutex_);
    ++count_;
    return {this, [self = shared_from_this()](const UnderWay*) { self->End(); }};
  }
  /// From now on answers end their connections.
  void Stop(std::chrono::milliseconds patience) {
    stopping_ = true;
    std::unique_lock lock(mutex_);
    none_.wait_for(lock, patience, [this] { return count_ == 0; });
  }
  [[nodiscard]] bool stopping() const { return stopping_; }

 private:
  void End() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }

  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;  // guarded by mutex_
};

void Reply(const http_request& message, Response response, const UnderWay::Mark& mark,
           bool closes = false) {
  try {
    const bool is_head = message.method() == web::http::methods::HEAD;
    auto answer = MessageOf(response, is_head, closes || mark->stopping());
    message.reply(answer).then([mark](const pplx::task<void>& sent) {
      try {
        sent.get();
      } catch (...) {
        // The caller has gone, or it was a HEAD. Either way nothing is left to do.
      }
    });
  } catch (const std::exception& e) {
    log::Info("an answer can't be sent", {{"reason", e.what()}});
  }
}

/// Answers without waiting for a body that is still on its way: from here on cpprestsdk takes it as
/// read, sends the answer, and closes.
void ReplyAndForgetBody(const http_request& message, Response response,
                        const UnderWay::Mark& mark) {
  Reply(message, std::move(response), mark, true);
  message._get_impl()->_complete(0);
}

/// A request whose body is being read. Whoever sets `answered` first answers.
struct Pending {
  Pending(const http_request& request, UnderWay::Mark under_way, Clock::time_point until)
      : message(request), mark(std::move(under_way)), deadline(until) {}
  http_request message;
  UnderWay::Mark mark;
  Clock::time_point deadline;
  std::atomic_flag answered = ATOMIC_FLAG_INIT;
};

/// Ends requests whose body doesn't come; cpprestsdk would wait for ever.
class BodyDeadlines {
 public:
  ~BodyDeadlines() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  void Add(const std::shared_ptr<Pending>& pending) {
    const std::lock_guard lock(mutex_);
    pending_.push_back(pending);
  }

 private:
  static constexpr std::chrono::milliseconds kSweep{500};

  void Run() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kSweep, [this] { return stopping_; })) Sweep();
  }
  void Sweep() {
    pending_.remove_if([now = Clock::now()](const std::weak_ptr<Pending>& weak) {
      const auto pending = weak.lock();
      if (!pending) return true;
      if (now < pending->deadline) return false;
      if (!pending->answered.test_and_set()) {
        ReplyAndForgetBody(pending->message,
                           ToResponse(Problem{408, "request_timeout", "", Json::Object()}),
                           pending->mark);
      }
      return true;
    });
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::list<std::weak_ptr<Pending>> pending_;  // guarded by mutex_
  bool stopping_ = false;                      // guarded by mutex_
  std::thread thread_{[this] { Run(); }};
};

}  // namespace

namespace {

/// cpprestsdk's own clean-up at exit waits for connections that it sometimes never hears the end
/// of. This is registered before anything else, so it runs after all clean-up of ours and before
/// that.
void LeaveBeforeCpprest(int status, void*) {
  std::fflush(nullptr);
  std::_Exit(status);
}

}  // namespace

void PrepareRestThreads(int threads) {
  CHECK(on_exit(LeaveBeforeCpprest, nullptr) == 0);
  crossplat::threadpool::initialize_with_threads(static_cast<std::size_t>(threads));
}

class RestServer::Impl {
 public:
  Impl(const ServerOptions& options, RequestHandler handler)
      : options_(options),
        handler_(std::move(handler)),
        executor_(options.worker_threads, options.queue_depth_max, options.queue_wait_max) {}

  ~Impl() {
    if (!listener_) return;
    under_way_->Stop(kAnswersPatience);
    std::this_thread::sleep_for(kConnectionsEnd);
    try {
      listener_->close().wait();
    } catch (const std::exception& e) {
      log::Warning("the listener did not close cleanly", {{"reason", e.what()}});
    }
  }

  Result<void> Listen() {
    for (int attempt = 1;; ++attempt) {
      ASSIGN_OR_RETURN(port_, options_.port != 0 ? Result<std::uint16_t>(options_.port)
                                                 : FindFreePort(options_.address));
      auto opened = TryListen();
      if (opened.has_value() || options_.port != 0 || attempt == kPortAttempts) return opened;
    }
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  Result<void> TryListen() {
    try {
      listener_ = std::make_unique<http_listener>("http://" + options_.address + ":" +
                                                  std::to_string(port_) + "/");
      const auto handler = [this](const http_request& message) { OnRequest(message); };
      listener_->support(handler);
      listener_->support(web::http::methods::OPTIONS,
                         handler);  // cpprestsdk would answer these two by itself
      listener_->support(web::http::methods::TRCE, handler);
      listener_->open().wait();
      return {};
    } catch (const std::exception& e) {
      listener_ = nullptr;
      return Failure(ErrorCode::kUnavailable,
                     "can't listen on " + options_.address + ": " + e.what());
    }
  }

  /// On a thread of cpprestsdk, when the header fields are there.
  void OnRequest(const http_request& message) {
    auto request = std::make_shared<Request>(RequestOf(message, options_.proxy_key));
    auto mark = under_way_->Begin();
    if (const auto refusal = RefuseBody(request->headers, options_.body_bytes_max)) {
      return ReplyAndForgetBody(message, ToResponse(*refusal), mark);
    }
    const auto pending =
        std::make_shared<Pending>(message, std::move(mark), Clock::now() + options_.header_timeout);
    deadlines_.Add(pending);
    http_request(message).extract_vector().then(
        [this, pending, request](const pplx::task<std::vector<unsigned char>>& extracted) {
          try {
            const auto body = extracted.get();  // all there: doesn't wait
            request->body.assign(body.begin(), body.end());
          } catch (...) {
            return;  // the caller has gone in the middle of its body, or was answered already
          }
          if (!pending->answered.test_and_set()) AnswerOnWorker(*pending, request);
        });
  }

  void AnswerOnWorker(const Pending& pending, const std::shared_ptr<Request>& request) {
    const auto reply = [message = pending.message, mark = pending.mark](Response response) {
      Reply(message, std::move(response), mark);
    };
    const bool posted =
        executor_.TryPost([this, reply, request] { reply(AnswerOf(handler_, *request)); },
                          [reply] { reply(BusyResponse()); });
    if (!posted) reply(BusyResponse());
  }

  const ServerOptions options_;
  const RequestHandler handler_;
  const std::shared_ptr<UnderWay> under_way_ = std::make_shared<UnderWay>();
  std::uint16_t port_ = 0;
  Executor executor_;
  BodyDeadlines deadlines_;
  std::unique_ptr<http_listener> listener_;
};

RestServer::RestServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RestServer::~RestServer() = default;
std::uint16_t RestServer::port() const { return impl_->port(); }

Result<std::unique_ptr<RestServer>> RestServer::Start(const ServerOptions& options,
                                                      RequestHandler handler) {
  auto impl = std::make_unique<Impl>(options, std::move(handler));
  RETURN_IF_ERROR(impl->Listen());
  return std::unique_ptr<RestServer>(new RestServer(std::move(impl)));
}

}  // namespace yagura::api
