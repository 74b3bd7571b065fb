#pragma once

#include "core/result.h"
#include "storage/journal_records.h"
#include "storage/mp4_boxes.h"

namespace yagura::storage {

/// Length of the identity box: the same in every clip.
inline constexpr std::uint32_t kIdentityBoxBytes = 176;

/// The identity box of a clip file, which stands right behind its init segment and says what the
/// file is without any catalogue (docs/design/clip-format.md, "Identity box").
[[nodiscard]] std::vector<std::uint8_t> BuildIdentityBox(const ClipOpened& clip);

/// kDataLoss: `box` is not a whole identity box of a version that we know, or its checksum doesn't
/// fit.
[[nodiscard]] Result<ClipOpened> ParseIdentityBox(ByteView box);

}  // namespace yagura::storage
