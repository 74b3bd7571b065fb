#pragma once

#include "core/result.h"
#include "storage/files.h"
#include "storage/sha256.h"

namespace yagura::storage {

/// SHA-256 of the first `bytes` of `file`, read in pieces. kDataLoss where it has fewer.
[[nodiscard]] Result<Sha256Digest> HashOf(const File& file, std::uint64_t bytes);

}  // namespace yagura::storage
