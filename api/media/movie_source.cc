#include "api/media/movie_source.h"

#include <algorithm>

namespace yagura::api {

using access_control::Footage;

namespace {

/// Some minutes of one camera: what people ask for at once is checked before it is answered.
constexpr std::uint64_t kCheckedFirstBytes = std::uint64_t{32} << 20;

}  // namespace

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

MovieSource::Part MovieSource::PartOf(std::size_t index, std::uint64_t at) const {
  const Movie& movie = order_.movie;
  const std::uint64_t size =
      index == 0 ? movie.head.size() : movie.pieces[index - 1].bytes.size_bytes;
  const std::uint64_t begin = std::max(at, range_.first);
  const std::uint64_t end = std::min(at + size, range_.last + 1);
  return begin < end ? Part{size, begin - at, end - at} : Part{size, 0, 0};
}

Result<void> MovieSource::CheckFirst() {
  std::uint64_t at = 0;
  std::uint64_t checked_bytes = 0;
  for (; checked_ <= order_.movie.pieces.size() && checked_bytes < kCheckedFirstBytes; ++checked_) {
    const Part part = PartOf(checked_, at);
    if (checked_ > 0) {
      RETURN_IF_ERROR(Check(order_.movie.pieces[checked_ - 1], part));
    }
    checked_bytes += part.end - part.begin;
    at += part.size;
  }
  return {};
}

Result<void> MovieSource::Check(const Movie::ClipPiece& piece, const Part& part) const {
  if (part.begin >= part.end) return {};
  const std::uint32_t file = piece.bytes.file;
  const storage::ClipRow& clip = order_.movie.clips[file];
  ASSIGN_OR_RETURN(const ClipPlace place, folder_.PlaceOf(order_.plan.volume_paths, clip));
  return folder_.Check(place, clip, order_.movie.fragments[file], piece.bytes.offset + part.begin,
                       piece.bytes.offset + part.end);
}

Result<std::optional<Piece>> MovieSource::Next() {
  if (stretch_of_clip_) {
    ASSIGN_OR_RETURN(auto piece, stretch_of_clip_->Next());
    if (piece) return piece;
    stretch_of_clip_.reset();
  }
  sending_ = nullptr;
  const Movie& movie = order_.movie;
  while (next_ <= movie.pieces.size()) {
    const std::size_t index = next_++;
    const Part part = PartOf(index, next_at_);
    next_at_ += part.size;
    if (part.begin >= part.end) continue;
    if (index == 0) {
      return Piece(
          SharedBytes::CopyOf(std::span(movie.head).subspan(part.begin, part.end - part.begin)));
    }
    if (index >= checked_) {
      RETURN_IF_ERROR(Check(movie.pieces[index - 1], part));
    }
    return ClipPart(movie.pieces[index - 1], part);
  }
  return std::nullopt;
}

Result<std::optional<Piece>> MovieSource::ClipPart(const Movie::ClipPiece& piece,
                                                   const Part& part) {
  const storage::ClipRow& clip = order_.movie.clips[piece.bytes.file];
  RETURN_IF_ERROR(EnterStretch(StretchOf(order_.stretches, clip)));
  ASSIGN_OR_RETURN(const ClipPlace place, folder_.PlaceOf(order_.plan.volume_paths, clip));
  sending_ = &piece.timeline;
  sending_at_ = piece.bytes.offset + part.begin;
  ASSIGN_OR_RETURN(stretch_of_clip_,
                   folder_.Stretch(place, clip, order_.movie.fragments[piece.bytes.file],
                                   sending_at_, piece.bytes.offset + part.end));
  return stretch_of_clip_->Next();
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
