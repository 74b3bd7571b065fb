#include "storage/file_hash.h"

#include <algorithm>

namespace yagura::storage {
namespace {
constexpr std::uint64_t kPieceBytes = 1024 * 1024;
}

Result<Sha256Digest> HashOf(const File& file, std::uint64_t bytes) {
  Sha256 hash;
  std::vector<std::uint8_t> piece(static_cast<std::size_t>(std::min(bytes, kPieceBytes)));
  for (std::uint64_t offset = 0; offset < bytes;) {
    const auto want =
        static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), bytes - offset));
    ASSIGN_OR_RETURN(const std::size_t read, file.Read(offset, std::span(piece).first(want)));
    if (read < want) return Failure(ErrorCode::kDataLoss, "a clip file is shorter than it was");
    hash.Update(ByteView(piece).first(read));
    offset += read;
  }
  return hash.Finish();
}

}  // namespace yagura::storage
