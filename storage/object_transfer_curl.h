#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/result.h"
#include "storage/object_store.h"
#include "storage/s3_store.h"

/// One request to a store, tried once: by libcurl.
namespace yagura::storage {

inline constexpr std::size_t kRefusalBytesMax = 4096;

/// One request, and where its answer goes.
struct StoreOrder {
  const char* method = "GET";
  std::string what;  // for messages
  std::string path;  // behind the endpoint, encoded; with its query
  std::string content_sha256 = "UNSIGNED-PAYLOAD";
  const NewObject* upload = nullptr;
  std::uint64_t offset = 0;                       // of the range, where
  std::span<std::uint8_t> buffer{};               // is not empty: exactly these bytes are wanted
  std::size_t text_bytes_max = kRefusalBytesMax;  // of an answer that goes nowhere else
};

struct StoreAnswer {
  int status = 0;
  std::string content_range{};
  std::uint64_t content_length = 0;  // as its header says
  std::string text{};                // what did not go into the buffer
  std::size_t filled = 0;            // of the buffer
  bool too_long = false;
};

/// The error of an order that was given up because we stop.
[[nodiscard]] Error StoppedError(const StoreOrder& order);

/// Thread-safe; `options` outlive it.
class StoreTransfers {
 public:
  explicit StoreTransfers(const S3Options& options);
  ~StoreTransfers();
  StoreTransfers(const StoreTransfers&) = delete;
  StoreTransfers& operator=(const StoreTransfers&) = delete;

  /// Errors as ObjectStore's; sets `again` where another try may help.
  [[nodiscard]] Result<StoreAnswer> Try(const StoreOrder& order, bool& again);

 private:
  struct Connections;
  const S3Options& options_;
  const std::string sigv4_;
  const std::unique_ptr<Connections> connections_;
};

}  // namespace yagura::storage
