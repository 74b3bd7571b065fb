#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/result.h"
#include "storage/object_store.h"

namespace yagura::storage {

/// Whom a store knows us as. Stands in no log, URL or command line.
struct StoreKeys {
  std::string access_key;
  std::string secret_key;
};

struct S3Options {
  std::string endpoint;  // "https://store.example" or "http://127.0.0.1:7480", nothing behind it
  std::string bucket;
  std::string region = "us-east-1";  // what signatures name
  std::string authority_file{};  // PEM of who signed the store's certificate; empty: the system's
  StoreKeys keys{};

  std::chrono::milliseconds connect_timeout{5'000};
  /// A transfer that brings less than a KiB a second for so long has ended.
  std::chrono::seconds stall_timeout{20};
  std::chrono::milliseconds transfer_timeout{600'000};
  int tries_max = 4;
  std::chrono::milliseconds back_off_first{200};
  std::chrono::milliseconds back_off_max{5'000};
  /// So long after a call that the store did not answer, calls fail at once: who waits for a dead
  /// store keeps others from what is here.
  std::chrono::milliseconds rest_after_failure{0};
  std::uint64_t bytes_per_s_max = 0;  // of each transfer, either way; 0: as fast as it goes
  /// Asked about once a second, and before each wait: true ends the call.
  std::function<bool()> is_stopping = [] { return false; };
};

/// A bucket of a store that speaks S3 (Ceph RGW is the one that we test against), by libcurl and
/// its AWS Signature Version 4. Certificates are checked; proxies of the environment and
/// redirections are not followed. Keeps up to kIdleConnectionsMax connections for the next call.
[[nodiscard]] std::unique_ptr<ObjectStore> OpenS3(S3Options options);

inline constexpr std::size_t kIdleConnectionsMax = 8;

}  // namespace yagura::storage
