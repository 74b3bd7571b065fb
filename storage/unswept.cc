#include "storage/unswept.h"

#include <algorithm>

#include "core/log.h"

namespace yagura::storage {
namespace {

constexpr std::uint64_t kBytesMax = 64;  // an instant, RFC 3339

}  // namespace

WallTime Unswept::Begin(WallTime from) {
  if (const auto kept = ReadWhole(files_, path_, kBytesMax); kept.has_value()) {
    const auto since = ParseRfc3339(std::string(kept->begin(), kept->end()));
    if (since.has_value() && *since <= from) return *since;
  }
  const std::string text = FormatRfc3339(from);
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  if (const auto written = ReplaceWhole(files_, path_, {bytes, text.size()}); !written.has_value())
    log::Warning("another start would not know what this one has to sweep",
                 {{"path", path_}, {"why", written.error()}});
  return from;
}

void Unswept::End() {
  const auto gone = files_.Unlink(path_);
  if (!gone.has_value() && gone.error().code() != ErrorCode::kNotFound)
    log::Warning("the next start sweeps once more", {{"path", path_}, {"why", gone.error()}});
}

}  // namespace yagura::storage
