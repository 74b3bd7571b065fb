#include "core/jpeg_picture.h"

#include <algorithm>

#include "core/jpeg_markers.h"

namespace yagura {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kTableBytes = 64;

tl::unexpected<Error> Broken(const char* why) {
  return Failure(ErrorCode::kDataLoss, std::string("no whole JPEG picture: ") + why);
}
tl::unexpected<Error> OfAnotherKind(const char* what) {
  return Failure(ErrorCode::kUnimplemented, std::string("a JPEG picture ") + what);
}

bool IsOtherFrame(std::uint8_t marker) {
  return marker > jpeg_marker::kFrame && marker <= jpeg_marker::kLastFrame &&
         marker != jpeg_marker::kHuffmanTables && marker != jpeg_marker::kExtension &&
         marker != jpeg_marker::kArithmetic;
}

/// The segments from SOI to SOS, one by one.
class Reader {
 public:
  Result<JpegPicture> Read(Bytes bytes) {
    const bool ends = bytes.size() > 4 && std::ranges::equal(bytes.last(2), kJpegEnd);
    if (!IsJpegFile(bytes) || !ends) return Broken("no SOI or no EOI");
    Bytes rest = bytes.subspan(2, bytes.size() - 4);
    while (rest.size() >= 4 && rest[0] == jpeg_marker::kMark) {
      const std::uint8_t marker = rest[1];
      const std::size_t size = std::size_t{rest[2]} << 8 | rest[3];
      if (size < 2 || size > rest.size() - 2) return Broken("a segment that is cut off");
      RETURN_IF_ERROR(ReadSegment(marker, rest.subspan(4, size - 2)));
      rest = rest.subspan(2 + size);
      if (marker == jpeg_marker::kScan) return Finish(rest);
    }
    return Broken("no scan");
  }

 private:
  Result<void> ReadSegment(std::uint8_t marker, Bytes body) {
    if (marker == jpeg_marker::kQuantisers) return ReadTables(body);
    if (marker == jpeg_marker::kRestarts && body.size() == 2)
      picture_.restart_interval = static_cast<std::uint16_t>(body[0] << 8 | body[1]);
    if (marker == jpeg_marker::kFrame) return ReadFrame(body);
    if (IsOtherFrame(marker)) return OfAnotherKind("that isn't baseline");
    return {};
  }

  Result<void> ReadTables(Bytes body) {
    while (!body.empty()) {
      if (body[0] > 3) return OfAnotherKind("with tables of 16 bits");
      if (body.size() < 1 + kTableBytes) return Broken("a table that is cut off");
      tables_[body[0]] = body.subspan(1, kTableBytes);
      body = body.subspan(1 + kTableBytes);
    }
    return {};
  }

  /// precision(8) height(16) width(16) count(8), then each component: id(8) H(4) V(4) table(8)
  Result<void> ReadFrame(Bytes body) {
    if (body.size() != 6 + 3 * 3 || body[5] != 3) return OfAnotherKind("of other than 3 colours");
    if (body[0] != 8) return OfAnotherKind("of other than 8 bits");
    picture_.height_px = static_cast<std::uint32_t>(body[1] << 8 | body[2]);
    picture_.width_px = static_cast<std::uint32_t>(body[3] << 8 | body[4]);
    picture_.sampling = body[7];
    if (body[10] != 0x11 || body[13] != 0x11) return OfAnotherKind("with colour sampled otherwise");
    if (body[8] > 3 || body[11] > 3 || body[14] != body[11])
      return OfAnotherKind("with a table for each colour");
    tables_of_ = {body[8], body[11]};
    has_frame_ = true;
    return {};
  }

  Result<JpegPicture> Finish(Bytes scan) {
    if (!has_frame_) return Broken("no frame header");
    for (std::size_t i = 0; i < 2; ++i) picture_.quantisers[i] = tables_[tables_of_[i]];
    if (picture_.quantisers[0].empty() || picture_.quantisers[1].empty())
      return Broken("no quantisation tables");
    picture_.scan = scan;
    return picture_;
  }

  JpegPicture picture_;
  std::array<Bytes, 4> tables_;
  std::array<std::uint8_t, 2> tables_of_{};
  bool has_frame_ = false;
};

}  // namespace

Result<JpegPicture> ParseJpegPicture(Bytes bytes) { return Reader().Read(bytes); }

}  // namespace yagura
