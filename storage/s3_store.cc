#include "storage/s3_store.h"

#include <algorithm>
#include <mutex>
#include <random>
#include <string_view>
#include <thread>
#include <vector>

#include "storage/hex.h"
#include "storage/object_transfer_curl.h"
#include "storage/object_wire.h"

namespace yagura::storage {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kListBytesMax = std::size_t{4} << 20;  // a thousand names, and plenty
constexpr milliseconds kLookEach{100};
constexpr int kObjectsPerPage = 1000;

class S3 final : public ObjectStore {
 public:
  explicit S3(S3Options options) : options_(std::move(options)), transfers_(options_) {}

  [[nodiscard]] Result<void> Put(const NewObject& object) override {
    StoreOrder order{.method = "PUT", .what = "put of " + object.name, .path = PathOf(object.name)};
    order.content_sha256 = ToHex(object.sha256);
    order.upload = &object;
    RETURN_IF_ERROR(Ask(order));
    return {};
  }

  [[nodiscard]] Result<void> Get(const std::string& name, std::uint64_t offset,
                                 std::span<std::uint8_t> buffer) override {
    if (buffer.empty()) return {};
    RETURN_IF_ERROR(
        Ask({.what = "get of " + name, .path = PathOf(name), .offset = offset, .buffer = buffer}));
    return {};
  }

  [[nodiscard]] Result<std::uint64_t> SizeOf(const std::string& name) override {
    ASSIGN_OR_RETURN(const StoreAnswer answer,
                     Ask({.method = "HEAD", .what = "head of " + name, .path = PathOf(name)}));
    return answer.content_length;
  }

  [[nodiscard]] Result<void> Delete(const std::string& name) override {
    const auto done = Ask({.method = "DELETE", .what = "delete of " + name, .path = PathOf(name)});
    if (done.has_value() || done.error().code() == ErrorCode::kNotFound) return {};
    return Failure(done.error());
  }

  [[nodiscard]] Result<ObjectPage> List(const std::string& prefix,
                                        const std::string& after) override {
    std::vector<std::pair<std::string, std::string>> query{
        {"list-type", "2"},
        {"encoding-type", "url"},
        {"max-keys", std::to_string(kObjectsPerPage)},
        {"prefix", prefix}};
    if (!after.empty()) query.emplace_back("start-after", after);
    StoreOrder order{.what = "list of " + prefix, .path = PathOf("") + "?" + EncodeQuery(query)};
    order.text_bytes_max = kListBytesMax;
    ASSIGN_OR_RETURN(const StoreAnswer answer, Ask(order));
    ASSIGN_OR_RETURN(ObjectPage page, ParseList(answer.text));
    RETURN_IF_ERROR(CheckPage(page, prefix, after));
    return page;
  }

 private:
  [[nodiscard]] std::string PathOf(const std::string& name) const {
    return "/" + EncodePath(options_.bucket) + "/" + EncodePath(name);
  }

  [[nodiscard]] Result<StoreAnswer> Ask(const StoreOrder& order) {
    if (IsResting()) {
      return Failure(ErrorCode::kUnavailable, order.what + ": the object store did not answer");
    }
    auto answer = AskInTurn(order);
    const bool silent =
        !answer.has_value() && (answer.error().code() == ErrorCode::kUnavailable ||
                                answer.error().code() == ErrorCode::kDeadlineExceeded);
    if (silent) Rest();
    return answer;
  }

  /// Tries until it succeeds, or fails for good, or has tried often enough.
  [[nodiscard]] Result<StoreAnswer> AskInTurn(const StoreOrder& order) {
    for (int tries = 1;; ++tries) {
      bool again = false;
      auto answer = transfers_.Try(order, again);
      if (answer.has_value() || !again || tries >= options_.tries_max) return answer;
      if (options_.is_stopping()) return Failure(StoppedError(order));
      RETURN_IF_ERROR(
          Wait(order, BackOff(tries, options_.back_off_first, options_.back_off_max, Chance())));
    }
  }

  [[nodiscard]] bool IsResting() {
    const std::lock_guard lock(mutex_);
    return std::chrono::steady_clock::now() < rests_until_;
  }
  void Rest() {
    const std::lock_guard lock(mutex_);
    rests_until_ = std::chrono::steady_clock::now() + options_.rest_after_failure;
  }

  [[nodiscard]] Result<void> Wait(const StoreOrder& order, milliseconds left) {
    while (left > milliseconds(0)) {
      if (options_.is_stopping()) return Failure(StoppedError(order));
      const milliseconds now = std::min(left, kLookEach);
      std::this_thread::sleep_for(now);
      left -= now;
    }
    return {};
  }

  [[nodiscard]] double Chance() {
    const std::lock_guard lock(mutex_);
    return std::uniform_real_distribution<double>(0, 1)(random_);
  }

  const S3Options options_;
  StoreTransfers transfers_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point rests_until_{};  // guarded by mutex_
  std::minstd_rand random_{std::random_device{}()};      // guarded by mutex_
};

}  // namespace

std::unique_ptr<ObjectStore> OpenS3(S3Options options) {
  return std::make_unique<S3>(std::move(options));
}

}  // namespace yagura::storage
