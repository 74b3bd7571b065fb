#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "core/result.h"

/// Small files that only their owner may read (mode 0600).
namespace yagura::fleet {

inline constexpr std::size_t kPrivateFileSizeMax = 4096;

/// kNotFound: no such file; kPermissionDenied: it belongs to another user, or others have rights on
/// it; kDataLoss: larger than kPrivateFileSizeMax; kUnavailable: it can't be read.
[[nodiscard]] Result<std::vector<std::uint8_t>> ReadPrivateFile(const std::filesystem::path& path);

/// A new file, on the disk with its name when this returns. kAlreadyExists: another process was
/// faster; kUnavailable: it can't be written.
[[nodiscard]] Result<void> CreatePrivateFile(const std::filesystem::path& path,
                                             std::span<const std::uint8_t> bytes);

}  // namespace yagura::fleet
