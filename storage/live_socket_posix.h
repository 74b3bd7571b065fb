#pragma once

#include <string>

#include "core/result.h"

namespace yagura::storage {

/// A descriptor that closes itself.
class OwnedDescriptor {
 public:
  OwnedDescriptor() = default;
  explicit OwnedDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~OwnedDescriptor() { Reset(); }
  OwnedDescriptor(OwnedDescriptor&& other) noexcept : descriptor_(other.Release()) {}
  OwnedDescriptor& operator=(OwnedDescriptor&& other) noexcept {
    Reset();
    descriptor_ = other.Release();
    return *this;
  }
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool open() const { return descriptor_ >= 0; }
  int Release();
  void Reset();

 private:
  int descriptor_ = -1;
};

/// A socket that listens at `path`, where none of another life is left. Only the file's owner and
/// group can connect. kUnavailable: the system refuses it. Both work where the path is longer than
/// a socket's address.
[[nodiscard]] Result<OwnedDescriptor> ListenForSubscribers(const std::string& path);
/// Connected, non-blocking. kUnavailable: nobody listens there now.
[[nodiscard]] Result<OwnedDescriptor> ConnectToRelay(const std::string& path);

}  // namespace yagura::storage
