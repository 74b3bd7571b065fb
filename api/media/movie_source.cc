#include "api/media/movie_source.h"

#include <algorithm>

namespace yagura::api {

using access_control::Footage;

std::size_t StretchOf(const std::vector<ViewingStretch>& stretches, const storage::ClipRow& clip) {
  const WallRange own{clip.start, clip.end};
  const auto holds = [&](const ViewingStretch& stretch) {
    return std::any_of(stretch.footage.begin(), stretch.footage.end(),
                       [&](const Footage& footage) { return Overlaps(footage.range, own); });
  };
  const auto found = std::find_if(stretches.begin(), stretches.end(), holds);
  return static_cast<std::size_t>(found - stretches.begin());
}

MovieSource::MovieSource(MovieOrder order, ByteRange range, Viewings& viewings,
                         const ClipFolder& folder)
    : order_(std::move(order)), range_(range), viewings_(viewings), folder_(folder) {}

Result<std::optional<Piece>> MovieSource::Next() {
  sending_ = nullptr;
  const Movie& movie = order_.movie;
  while (next_ <= movie.pieces.size()) {
    const std::size_t index = next_++;
    const std::uint64_t begins_at = next_at_;
    const std::uint64_t size =
        index == 0 ? movie.head.size() : movie.pieces[index - 1].bytes.size_bytes;
    next_at_ += size;
    const std::uint64_t begin = std::max(begins_at, range_.first);
    const std::uint64_t end = std::min(next_at_, range_.last + 1);
    if (begin >= end) continue;
    if (index > 0) return FilePart(movie.pieces[index - 1], begin - begins_at, end - begins_at);
    return Piece(SharedBytes::CopyOf(std::span(movie.head).subspan(begin, end - begin)));
  }
  return std::nullopt;
}

Result<std::optional<Piece>> MovieSource::FilePart(const Movie::ClipPiece& piece,
                                                   std::uint64_t begin, std::uint64_t end) {
  const storage::ClipRow& clip = order_.movie.clips[piece.bytes.file];
  RETURN_IF_ERROR(EnterStretch(StretchOf(order_.stretches, clip)));
  ASSIGN_OR_RETURN(const std::string path, folder_.PathOf(order_.plan.volume_paths, clip));
  ASSIGN_OR_RETURN(auto file, OpenFile::Open(path));
  sending_ = &piece.timeline;
  sending_at_ = piece.bytes.offset + begin;
  return Piece(FilePiece{std::move(file), sending_at_, end - begin});
}

Result<void> MovieSource::EnterStretch(std::size_t stretch) {
  if (stretch >= order_.stretches.size())
    return Failure(ErrorCode::kInternal, "a piece outside every viewing");
  if (stretch == stretch_) return viewings_.Recheck(*open_);
  ASSIGN_OR_RETURN(open_, viewings_.Ensure(order_.caller, access_control::Action::kFootageDownload,
                                           order_.plan.camera, order_.stretches[stretch]));
  stretch_ = stretch;
  return {};
}

void MovieSource::OnSent(std::uint64_t bytes) {
  if (sending_ == nullptr || open_ == nullptr) return;
  open_->AddDelivered(sending_->TimeOf(sending_at_, sending_at_ + bytes), bytes);
  sending_at_ += bytes;
}

}  // namespace yagura::api
