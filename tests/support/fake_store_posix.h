#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace yagura::testing {

/// What a store does to one request.
enum class StoreFault : std::uint8_t {
  kNone,
  kReset,          // the connection breaks in the middle of the body, of the request or the answer
  kInternalError,  // 500
  kSlowDown,       // 503 SlowDown
  kTruncated,      // half of the body is stored, or sent; of a list and a size, nothing is said
  kFlippedByte,    // a byte in the middle of the body is another
  kWrongEtag,      // all is well but for the ETag
  kSilent,         // no answer; the connection stays open
  kDuplicate,      // the request arrives twice
  kForgotten,      // success is reported, and nothing done
  kLostAnswer,     // done, and the connection closed without an answer
  kWrongRange,     // bytes from another place than was asked for
};

struct StoreRequest {
  std::string method;
  std::string target;
  std::string head;  // all of it
  std::string body;
};

/// An S3 store in memory, on a port of its own, that has one bucket of any name and plays faults.
/// It checks no signature (Ceph's gateway does: ceph_store_posix.h); a body whose
/// x-amz-content-sha256 is not a hash of 64 digits is refused. A thread for each connection; ends
/// them when it goes.
class FakeStore {
 public:
  /// `plan` says what happens to each request; called by one thread at a time.
  using Plan = std::function<StoreFault(const StoreRequest&)>;
  explicit FakeStore(Plan plan = [](const StoreRequest&) { return StoreFault::kNone; });
  ~FakeStore();
  FakeStore(const FakeStore&) = delete;
  FakeStore& operator=(const FakeStore&) = delete;

  [[nodiscard]] std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// Copies, as they are now.
  [[nodiscard]] std::map<std::string, std::string> objects() const;
  /// Empty where there is none.
  [[nodiscard]] std::string object(const std::string& name) const;
  void SetObject(const std::string& name, const std::string& bytes);
  void DropObject(const std::string& name);
  [[nodiscard]] std::vector<StoreRequest> requests() const;  // the last kRequestsKept
  [[nodiscard]] std::uint64_t connections() const { return connections_; }

  static constexpr std::size_t kRequestsKept = 1000;

 private:
  void Accept();
  void Serve(int socket);
  /// Takes a request's body, which `received` begins with; false where it doesn't come whole.
  static bool TakeBody(int socket, std::string& received, StoreRequest& request);
  /// False where the connection is to end.
  bool Answer(int socket, StoreRequest request);
  std::string Perform(const StoreRequest& request, StoreFault fault);
  std::string Fetch(const StoreRequest& request, const std::string& bytes, StoreFault fault) const;
  std::string ListOf(const StoreRequest& request) const;

  const Plan plan_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<std::uint64_t> connections_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> objects_;  // guarded by mutex_
  std::vector<StoreRequest> requests_;          // guarded by mutex_
  std::vector<int> sockets_;                    // guarded by mutex_
  std::vector<std::thread> servers_;            // guarded by mutex_
  std::thread acceptor_;
};

}  // namespace yagura::testing
