#include "tests/support/fake_store_posix.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "core/check.h"

namespace yagura::testing {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

/// The value of a header field, "" where there is none.
std::string FieldOf(const std::string& head, const std::string& name) {
  std::string lower(head);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::size_t at = lower.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

std::string NameOf(const std::string& target) {
  const std::string path = target.substr(0, target.find('?'));
  const std::size_t slash = path.find('/', 1);
  return slash == std::string::npos ? "" : path.substr(slash + 1);
}

std::string QueryValue(const std::string& target, const std::string& key) {
  const std::size_t at = target.find(key + "=");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + key.size() + 1;
  std::string value = target.substr(begin, target.find('&', begin) - begin);
  for (std::size_t slash; (slash = value.find("%2F")) != std::string::npos;)
    value.replace(slash, 3, "/");
  return value;
}

std::string Reply(const std::string& status, const std::string& body,
                  const std::string& fields = "", const std::string& etag = "\"right\"") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nETag: " + etag + "\r\n" + fields + "\r\n" + body;
}

std::string Refusal(const std::string& status, const std::string& code) {
  return Reply(status, "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>");
}

void Flip(std::string& bytes) {
  if (!bytes.empty()) bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
}

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool ReceiveSome(int socket, std::string& received) {
  std::string piece(std::size_t{64} * 1024, '\0');
  const ssize_t got = recv(socket, piece.data(), piece.size(), 0);
  if (got <= 0) return false;
  received.append(piece, 0, static_cast<std::size_t>(got));
  return true;
}

StoreRequest RequestOf(std::string head) {
  const std::size_t space = head.find(' ');
  const std::size_t end = head.find(' ', space + 1);
  return {.method = head.substr(0, space),
          .target = head.substr(space + 1, end - space - 1),
          .head = std::move(head),
          .body = ""};
}

void Break(int socket) {
  const linger at_once{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

bool IsHash(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

FakeStore::FakeStore(Plan plan) : plan_(std::move(plan)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  CHECK(listen(listener_, 64) == 0);
  socklen_t size = sizeof address;
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

FakeStore::~FakeStore() {
  ending_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  std::vector<std::thread> servers;
  {
    const std::lock_guard lock(mutex_);
    for (const int one : sockets_) shutdown(one, SHUT_RDWR);
    servers.swap(servers_);
  }
  for (std::thread& server : servers) server.join();
  close(listener_);
}

std::map<std::string, std::string> FakeStore::objects() const {
  const std::lock_guard lock(mutex_);
  return objects_;
}
std::string FakeStore::object(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(name);
  return found == objects_.end() ? "" : found->second;
}
void FakeStore::SetObject(const std::string& name, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  objects_[name] = bytes;
}
void FakeStore::DropObject(const std::string& name) {
  const std::lock_guard lock(mutex_);
  objects_.erase(name);
}
std::vector<StoreRequest> FakeStore::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void FakeStore::Accept() {
  while (!ending_) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    ++connections_;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
    servers_.emplace_back([this, socket] { Serve(socket); });
  }
}

void FakeStore::Serve(int socket) {
  std::string received;
  for (bool goes_on = true; goes_on && !ending_;) {
    const std::size_t end = received.find(kHeadEnd);
    if (end == std::string::npos) {
      goes_on = ReceiveSome(socket, received);
      continue;
    }
    StoreRequest request = RequestOf(received.substr(0, end + 2));
    received.erase(0, end + kHeadEnd.size());
    goes_on = TakeBody(socket, received, request) && Answer(socket, std::move(request));
  }
  const std::lock_guard lock(mutex_);
  std::erase(sockets_, socket);
  close(socket);
}

bool FakeStore::TakeBody(int socket, std::string& received, StoreRequest& request) {
  const std::string length = FieldOf(request.head, "content-length");
  const std::size_t body_bytes = length.empty() ? 0 : std::stoul(length);
  if (!FieldOf(request.head, "expect").empty()) SendAll(socket, "HTTP/1.1 100 Continue\r\n\r\n");
  while (received.size() < body_bytes) {
    if (!ReceiveSome(socket, received)) return false;
  }
  request.body = received.substr(0, body_bytes);
  received.erase(0, body_bytes);
  return true;
}

bool FakeStore::Answer(int socket, StoreRequest request) {
  StoreFault fault = StoreFault::kNone;
  std::string reply;
  {
    const std::lock_guard lock(mutex_);
    fault = plan_(request);
    if (requests_.size() < kRequestsKept) requests_.push_back(request);
    if (fault == StoreFault::kDuplicate) (void)Perform(request, StoreFault::kNone);
    const bool arrives = fault != StoreFault::kReset || request.method == "GET";
    if (arrives && fault != StoreFault::kSilent) reply = Perform(request, fault);
  }
  if (fault == StoreFault::kSilent) {
    char byte = 0;
    while (recv(socket, &byte, 1, 0) > 0) {
    }
    return false;
  }
  if (fault == StoreFault::kLostAnswer) return false;
  const std::size_t head_bytes = reply.find(kHeadEnd) + kHeadEnd.size();
  const bool is_cut = fault == StoreFault::kReset || fault == StoreFault::kTruncated;
  if (request.method == "HEAD") reply.resize(head_bytes);
  if (is_cut && request.method != "PUT") {
    reply.resize(request.method == "GET" ? head_bytes + (reply.size() - head_bytes) / 2 : 0);
  }
  const bool sent = SendAll(socket, reply);
  if (fault == StoreFault::kReset) Break(socket);
  return sent && !is_cut;
}

std::string FakeStore::Perform(const StoreRequest& request, StoreFault fault) {
  const std::string name = NameOf(request.target);
  const std::string etag = fault == StoreFault::kWrongEtag ? "\"wrong\"" : "\"right\"";
  if (FieldOf(request.head, "authorization").find("AWS4-HMAC-SHA256") != 0) {
    return Refusal("403 Forbidden", "AccessDenied");
  }
  if (fault == StoreFault::kInternalError) return Refusal("500 Oops", "InternalError");
  if (fault == StoreFault::kSlowDown) return Refusal("503 Slow", "SlowDown");
  if (request.method == "PUT") {
    if (!IsHash(FieldOf(request.head, "x-amz-content-sha256"))) {
      return Refusal("400 Bad", "InvalidRequest");
    }
    std::string bytes = request.body;
    if (fault == StoreFault::kTruncated) bytes.resize(bytes.size() / 2);
    if (fault == StoreFault::kFlippedByte) Flip(bytes);
    if (fault != StoreFault::kForgotten) objects_[name] = bytes;
    return Reply("200 OK", "", "", etag);
  }
  if (request.method == "DELETE") {
    if (fault != StoreFault::kForgotten) objects_.erase(name);
    return Reply("204 No Content", "");
  }
  if (name.empty()) return ListOf(request);
  const auto found = objects_.find(name);
  if (found == objects_.end() || fault == StoreFault::kForgotten) {
    return Refusal("404 Not Found", "NoSuchKey");
  }
  if (request.method == "HEAD") return Reply("200 OK", found->second, "", etag);
  return Fetch(request, found->second, fault);
}

std::string FakeStore::Fetch(const StoreRequest& request, const std::string& bytes,
                             StoreFault fault) const {
  const std::string range = FieldOf(request.head, "range");
  if (range.empty()) return Reply("200 OK", bytes);
  std::size_t first = std::stoul(range.substr(range.find('=') + 1));
  std::size_t last = std::stoul(range.substr(range.find('-') + 1));
  if (fault == StoreFault::kWrongRange && first > 0) --first;
  if (first >= bytes.size()) return Refusal("416 Range", "InvalidRange");
  last = std::min(last, bytes.size() - 1);
  std::string part = bytes.substr(first, last - first + 1);
  if (fault == StoreFault::kFlippedByte) Flip(part);
  return Reply("206 Partial Content", part,
               "Content-Range: bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" +
                   std::to_string(bytes.size()) + "\r\n");
}

std::string FakeStore::ListOf(const StoreRequest& request) const {
  const std::string prefix = QueryValue(request.target, "prefix");
  const std::string after = QueryValue(request.target, "start-after");
  const std::size_t most = std::stoul(QueryValue(request.target, "max-keys"));
  std::string items;
  std::size_t count = 0;
  bool more = false;
  for (auto at = objects_.upper_bound(after); at != objects_.end(); ++at) {
    if (!at->first.starts_with(prefix)) continue;
    more = count == most;
    if (more) break;
    ++count;
    items += "<Contents><Key>" + at->first + "</Key><Size>" + std::to_string(at->second.size()) +
             "</Size></Contents>";
  }
  return Reply("200 OK", "<ListBucketResult><IsTruncated>" + std::string(more ? "true" : "false") +
                             "</IsTruncated>" + items + "</ListBucketResult>");
}

}  // namespace yagura::testing
