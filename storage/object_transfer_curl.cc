#include "storage/object_transfer_curl.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <optional>
#include <vector>

#include "core/check.h"
#include "storage/object_wire.h"

namespace yagura::storage {
namespace {

constexpr long kStallBytesPerSecond = 1024;

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderLines = std::unique_ptr<curl_slist, ListDeleter>;

/// What curl's callbacks work on.
struct Transfer {
  CURL* easy = nullptr;
  const StoreOrder* order = nullptr;
  const std::function<bool()>* is_stopping = nullptr;
  std::uint64_t sent = 0;
  std::optional<Error> read_error{};
  StoreAnswer answer{};
};

std::size_t GiveBytes(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const NewObject& object = *transfer.order->upload;
  const auto wanted = static_cast<std::size_t>(
      std::min<std::uint64_t>(size * count, object.size_bytes - transfer.sent));
  if (wanted == 0) return 0;
  const auto read = object.read(transfer.sent, {reinterpret_cast<std::uint8_t*>(buffer), wanted});
  if (!read.has_value() || *read == 0) {
    transfer.read_error = read.has_value()
                              ? Error(ErrorCode::kDataLoss, "what is to be stored is too short")
                              : read.error();
    return CURL_READFUNC_ABORT;
  }
  transfer.sent += *read;
  return *read;
}

int SeekBytes(void* user, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(user)->sent = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

std::size_t TakeBytes(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t got = size * count;
  long status = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
  StoreAnswer& answer = transfer.answer;
  const auto buffer = transfer.order->buffer;
  if (!buffer.empty() && status == 206) {
    answer.too_long = got > buffer.size() - answer.filled;
    if (answer.too_long) return 0;
    std::memcpy(buffer.data() + answer.filled, bytes, got);
    answer.filled += got;
    return got;
  }
  const std::size_t room = transfer.order->text_bytes_max - answer.text.size();
  answer.text.append(bytes, std::min(got, room));
  return got;
}

std::size_t TakeHeader(char* bytes, std::size_t size, std::size_t count, void* user) {
  constexpr std::string_view kContentRange = "content-range:";
  std::string_view line(bytes, size * count);
  if (line.size() > kContentRange.size() &&
      curl_strnequal(line.data(), kContentRange.data(), kContentRange.size()) != 0) {
    line.remove_prefix(kContentRange.size());
    while (line.starts_with(' ')) line.remove_prefix(1);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    static_cast<Transfer*>(user)->answer.content_range = line;
  }
  return size * count;
}

int LookWhetherStopping(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<Transfer*>(user)->is_stopping)() ? 1 : 0;
}

template <class Value>
void Set(CURL* easy, CURLoption option, Value value) {
  CHECK(curl_easy_setopt(easy, option, value) == CURLE_OK);
}

/// Never with what curl says of the address: only what it was, in its own words.
Error ErrorOf(CURLcode code, const std::string& what) {
  const bool late = code == CURLE_OPERATION_TIMEDOUT;
  return Error(late ? ErrorCode::kDeadlineExceeded : ErrorCode::kUnavailable,
               what + ": the object store can't be reached: " + curl_easy_strerror(code));
}

void SetLimits(CURL* easy, const S3Options& options) {
  Set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  Set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.transfer_timeout.count()));
  Set(easy, CURLOPT_LOW_SPEED_LIMIT, kStallBytesPerSecond);
  Set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_timeout.count()));
  const auto most = static_cast<curl_off_t>(options.bytes_per_s_max);
  Set(easy, CURLOPT_MAX_SEND_SPEED_LARGE, most);
  Set(easy, CURLOPT_MAX_RECV_SPEED_LARGE, most);
}

void SetCallbacks(Transfer& transfer) {
  CURL* easy = transfer.easy;
  Set(easy, CURLOPT_WRITEFUNCTION, &TakeBytes);
  Set(easy, CURLOPT_WRITEDATA, &transfer);
  Set(easy, CURLOPT_HEADERFUNCTION, &TakeHeader);
  Set(easy, CURLOPT_HEADERDATA, &transfer);
  Set(easy, CURLOPT_XFERINFOFUNCTION, &LookWhetherStopping);
  Set(easy, CURLOPT_XFERINFODATA, &transfer);
  Set(easy, CURLOPT_NOPROGRESS, 0L);
  if (transfer.order->upload == nullptr) return;
  Set(easy, CURLOPT_READFUNCTION, &GiveBytes);
  Set(easy, CURLOPT_READDATA, &transfer);
  Set(easy, CURLOPT_SEEKFUNCTION, &SeekBytes);
  Set(easy, CURLOPT_SEEKDATA, &transfer);
}

void SetMethod(CURL* easy, const StoreOrder& order) {
  if (order.upload != nullptr) {
    Set(easy, CURLOPT_UPLOAD, 1L);
    Set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(order.upload->size_bytes));
  } else if (std::string_view(order.method) == "HEAD") {
    Set(easy, CURLOPT_NOBODY, 1L);
  } else {
    Set(easy, CURLOPT_CUSTOMREQUEST, order.method);
  }
  if (order.buffer.empty()) return;
  const std::string range =
      std::to_string(order.offset) + "-" + std::to_string(order.offset + order.buffer.size() - 1);
  Set(easy, CURLOPT_RANGE, range.c_str());
}

void Prepare(Transfer& transfer, const S3Options& options, const std::string& sigv4,
             curl_slist* headers) {
  CURL* easy = transfer.easy;
  const StoreOrder& order = *transfer.order;
  Set(easy, CURLOPT_URL, (options.endpoint + order.path).c_str());
  Set(easy, CURLOPT_PATH_AS_IS, 1L);
  Set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  Set(easy, CURLOPT_PROXY, "");
  Set(easy, CURLOPT_NOSIGNAL, 1L);
  Set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  Set(easy, CURLOPT_AWS_SIGV4, sigv4.c_str());
  Set(easy, CURLOPT_USERNAME, options.keys.access_key.c_str());
  Set(easy, CURLOPT_PASSWORD, options.keys.secret_key.c_str());
  Set(easy, CURLOPT_HTTPHEADER, headers);
  if (!options.authority_file.empty()) {
    Set(easy, CURLOPT_CAINFO, options.authority_file.c_str());
  }
  SetLimits(easy, options);
  SetCallbacks(transfer);
  SetMethod(easy, order);
}

tl::unexpected<Error> OtherBytes(const StoreOrder& order, const char* came) {
  return Failure(ErrorCode::kUnavailable,
                 order.what + ": the object store sent " + came + " than what was asked for");
}

Result<StoreAnswer> JudgeRange(const StoreOrder& order, StoreAnswer& answer, bool& again) {
  const auto range = ParseContentRange(answer.content_range);
  const std::uint64_t end = order.offset + order.buffer.size();
  if (answer.status == 206 && range && range->object_bytes < end) {
    again = false;
    return Failure(ErrorCode::kOutOfRange, order.what + ": the object has only " +
                                               std::to_string(range->object_bytes) + " bytes");
  }
  if (answer.status != 206 || !range || range->from != order.offset || range->to != end) {
    return OtherBytes(order, "other bytes");
  }
  if (answer.filled < order.buffer.size()) return OtherBytes(order, "less");
  return std::move(answer);
}

Result<StoreAnswer> Judge(CURLcode code, Transfer& transfer, bool& again) {
  const StoreOrder& order = *transfer.order;
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    if (transfer.read_error) return Failure(*transfer.read_error);
    return Failure(StoppedError(order));
  }
  StoreAnswer& answer = transfer.answer;
  long status = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  curl_off_t length = -1;
  curl_easy_getinfo(transfer.easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  again = true;
  if (answer.too_long) return OtherBytes(order, "more");
  if (code != CURLE_OK) return Failure(ErrorOf(code, order.what));
  if (status < 200 || status > 299) {
    const RefusedAnswer refused{answer.status, answer.text};
    again = IsWorthAnotherTry(refused);
    return Failure(storage::ErrorOf(refused, order.what));
  }
  if (!order.buffer.empty()) return JudgeRange(order, answer, again);
  if (std::string_view(order.method) == "HEAD" && length < 0) return OtherBytes(order, "no size");
  answer.content_length = length < 0 ? 0 : static_cast<std::uint64_t>(length);
  return std::move(answer);
}

}  // namespace

Error StoppedError(const StoreOrder& order) {
  return Error(ErrorCode::kAborted, order.what + ": told to stop");
}

/// Handles that may have a connection open; each is used by one call at a time.
struct StoreTransfers::Connections {
  std::mutex mutex;
  std::vector<Easy> idle;  // guarded by mutex

  [[nodiscard]] Easy Take() {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return Easy(curl_easy_init());
    Easy easy = std::move(idle.back());
    idle.pop_back();
    return easy;
  }
  void PutBack(Easy easy) {
    curl_easy_reset(easy.get());  // keeps connections
    const std::lock_guard lock(mutex);
    if (idle.size() < kIdleConnectionsMax) idle.push_back(std::move(easy));
  }
};

StoreTransfers::StoreTransfers(const S3Options& options)
    : options_(options),
      sigv4_("aws:amz:" + options.region + ":s3"),
      connections_(std::make_unique<Connections>()) {
  // Thread-safe since libcurl 7.84, and counted.
  CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

StoreTransfers::~StoreTransfers() {
  connections_->idle.clear();
  curl_global_cleanup();
}

Result<StoreAnswer> StoreTransfers::Try(const StoreOrder& order, bool& again) {
  Easy easy = connections_->Take();
  if (!easy) return Failure(ErrorCode::kInternal, "libcurl has no memory");
  Transfer transfer{.easy = easy.get(), .order = &order, .is_stopping = &options_.is_stopping};
  const HeaderLines headers(
      curl_slist_append(nullptr, ("x-amz-content-sha256: " + order.content_sha256).c_str()));
  Prepare(transfer, options_, sigv4_, headers.get());
  const CURLcode code = curl_easy_perform(easy.get());
  auto answer = Judge(code, transfer, again);
  connections_->PutBack(std::move(easy));
  return answer;
}

}  // namespace yagura::storage
