#pragma once

#include <cstdint>

#include "api/http.h"

namespace yagura::api {

enum class SendOutcome { kProgress, kWouldBlock, kBroken };

/// Sends at most `bytes_max` of `piece` over a non-blocking socket, and takes what was sent off the
/// piece; `sent` says how much. kBroken: the caller has gone, or the file is shorter than the piece
/// says.
[[nodiscard]] SendOutcome SendFromFile(int socket, FilePiece& piece, std::uint64_t bytes_max,
                                       std::uint64_t& sent);

/// For the thread that calls SendFromFile: sendfile(2) to a caller who has gone raises SIGPIPE, and
/// knows no flag against that.
void BlockSigpipe();

}  // namespace yagura::api
