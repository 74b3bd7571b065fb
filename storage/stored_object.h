#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/result.h"
#include "storage/files.h"
#include "storage/object_store.h"

namespace yagura::storage {

/// An object as a file that can only be read; its last reads are kept in kWindows windows of
/// kWindowBytes, since a clip's head and trailer are read in many small pieces. `size_bytes`: as
/// its row has it. `store` outlives it. Errors as the store's; a read behind `size_bytes` is short,
/// as a file's is. One thread.
[[nodiscard]] std::unique_ptr<File> OpenObject(ObjectStore& store, std::string name,
                                               std::uint64_t size_bytes);

inline constexpr std::uint64_t kWindowBytes = std::uint64_t{64} << 10;
inline constexpr std::size_t kWindows = 2;
inline constexpr int kCopyTriesMax = 3;

/// Stores the first `size_bytes` of `file` under `name` and reads every one of them back: only when
/// this succeeds is there a copy. Whole, since the store that we know proves no checksum of ours at
/// rest (Ceph's gateway keeps MD5 alone), and since what a store says of an object is no proof that
/// it hands it out. Where the object is there already and whole, nothing is sent. kDataLoss: the
/// file is not what `sha256` says, or can't be read. kUnavailable: the store has other bytes than
/// it was sent kCopyTriesMax times over; and the other errors of a store.
[[nodiscard]] Result<void> CopyToStore(const File& file, std::uint64_t size_bytes,
                                       const Sha256Digest& sha256, ObjectStore& store,
                                       const std::string& name);

/// Reads all of an object: kDataLoss where it is not of this size and checksum, kNotFound where
/// there is none.
[[nodiscard]] Result<void> ReadBack(ObjectStore& store, const std::string& name,
                                    std::uint64_t size_bytes, const Sha256Digest& sha256);

}  // namespace yagura::storage
