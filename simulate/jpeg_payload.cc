#include "simulate/jpeg_payload.h"

#include <algorithm>

namespace yagura::simulate {
namespace {

constexpr std::uint8_t kOwnTables = 255;
constexpr std::uint8_t kWithRestarts = 64;
constexpr std::uint8_t kFourTwoZero = 0x22;  // of the sampling factors

}  // namespace

std::vector<std::uint8_t> JpegPacketizer::NextHeader() const {
  const bool restarts = picture_.restart_interval != 0;
  const int type = (picture_.sampling == kFourTwoZero ? 1 : 0) + (restarts ? kWithRestarts : 0);
  std::vector<std::uint8_t> header = {0,
                                      static_cast<std::uint8_t>(offset_ >> 16),
                                      static_cast<std::uint8_t>(offset_ >> 8),
                                      static_cast<std::uint8_t>(offset_),
                                      static_cast<std::uint8_t>(type),
                                      kOwnTables,
                                      static_cast<std::uint8_t>(picture_.width_px / 8),
                                      static_cast<std::uint8_t>(picture_.height_px / 8)};
  if (restarts) {  // F, L and a count that says that parts don't keep to intervals
    header.insert(header.end(), {static_cast<std::uint8_t>(picture_.restart_interval >> 8),
                                 static_cast<std::uint8_t>(picture_.restart_interval), 0xff, 0xff});
  }
  if (offset_ > 0) return header;
  header.insert(header.end(), {0, 0, 0, 128});
  for (const auto table : picture_.quantisers)
    header.insert(header.end(), table.begin(), table.end());
  return header;
}

std::span<const std::uint8_t> JpegPacketizer::NextPart(std::size_t size_bytes_max) {
  const auto rest = picture_.scan.subspan(offset_);
  const auto part = rest.first(std::min(rest.size(), size_bytes_max));
  offset_ += part.size();
  return part;
}

}  // namespace yagura::simulate
