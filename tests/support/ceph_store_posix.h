#pragma once

#include <string>

#include "tests/support/child_process_posix.h"

namespace yagura::testing {

/// A Ceph object store with an S3 gateway on loopback, and a bucket "footage" in it; see
/// ceph-store. Starting takes some 20 s. Everything is killed when it goes. One thread.
class CephStore {
 public:
  CephStore();
  ~CephStore();
  CephStore(const CephStore&) = delete;
  CephStore& operator=(const CephStore&) = delete;

  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
  [[nodiscard]] const std::string& access_key() const { return access_key_; }
  [[nodiscard]] const std::string& secret_key() const { return secret_key_; }
  void KillOsd(int number);

 private:
  void Run(const std::string& verb, const std::string& argument);

  TemporaryFolder folder_;
  std::string endpoint_;
  std::string access_key_;
  std::string secret_key_;
};

}  // namespace yagura::testing
