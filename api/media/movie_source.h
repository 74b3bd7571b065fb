#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/http.h"
#include "api/media/byte_range.h"
#include "api/media/clip_folder.h"
#include "api/media/movie.h"
#include "api/media/viewings.h"

namespace yagura::api {

/// A movie and who asked for it.
struct MovieOrder {
  Movie movie;
  FootagePlan plan;
  std::vector<ViewingStretch> stretches;
  access_control::Caller caller;
};
/// The stretch whose viewing has to be open before bytes of `clip` go out.
[[nodiscard]] std::size_t StretchOf(const std::vector<ViewingStretch>& stretches,
                                    const storage::ClipRow& clip);

/// Bytes of a movie: its head from memory, the clips' pieces from where these lie, each only under
/// its stretch's viewing, opened when it is reached.
class MovieSource final : public ByteSource {
 public:
  /// `viewings` and `folder` outlive it. `range` lies within the movie.
  MovieSource(MovieOrder order, ByteRange range, Viewings& viewings, const ClipFolder& folder);

  /// Checks the first bytes of the range now, so that damage there is answered; what comes later is
  /// checked piece by piece, and damage cuts the body. kDataLoss: a file is not as it was written.
  [[nodiscard]] Result<void> CheckFirst();

  [[nodiscard]] std::uint64_t size_bytes() const override { return range_.size_bytes(); }
  [[nodiscard]] Result<std::optional<Piece>> Next() override;
  [[nodiscard]] bool may_go_on() const override { return open_ == nullptr || !open_->is_cut(); }
  void OnSent(std::uint64_t bytes) override;

 private:
  /// What of the `index`-th piece (0: the head) lies in the range, from the piece's start on;
  /// nothing where begin >= end. `at`: where the piece begins in the movie.
  struct Part {
    std::uint64_t size = 0;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  [[nodiscard]] Part PartOf(std::size_t index, std::uint64_t at) const;
  [[nodiscard]] Result<void> Check(const Movie::ClipPiece& piece, const Part& part) const;
  [[nodiscard]] Result<std::optional<Piece>> ClipPart(const Movie::ClipPiece& piece,
                                                      const Part& part);
  [[nodiscard]] Result<void> EnterStretch(std::size_t stretch);

  MovieOrder order_;
  ByteRange range_;
  Viewings& viewings_;
  const ClipFolder& folder_;
  std::size_t next_ = 0;            // 0: the head; then order_.movie.pieces
  std::uint64_t next_at_ = 0;       // where that one begins in the movie
  std::size_t checked_ = 0;         // so many pieces, the head included, are known to be whole
  std::size_t stretch_ = SIZE_MAX;  // of open_
  std::shared_ptr<OpenViewing> open_;
  std::unique_ptr<ClipStretch> stretch_of_clip_;  // on its way
  const ByteTimeline* sending_ = nullptr;         // of the piece on its way
  std::uint64_t sending_at_ = 0;                  // in its clip file
};

}  // namespace yagura::api
