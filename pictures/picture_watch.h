#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/access_unit.h"
#include "pictures/picture_signs.h"

namespace yagura::pictures {

/// What is wrong with pictures that come as they should.
enum class PictureFault : std::uint8_t { kNone, kBlack, kFrozen };
[[nodiscard]] std::string_view ToString(PictureFault fault);

/// Two keyframes of one stream that must be looked at.
struct PictureQuestion {
  std::shared_ptr<const StreamFormat> format;
  SharedBytes earlier;  // empty: only the later one is asked about
  SharedBytes later;
  WallTime wall{};          // of the later one
  std::uint64_t bytes = 0;  // its coded size
  [[nodiscard]] bool is_about_both() const { return !earlier.empty(); }
};

/// Watches one stream for pictures that are black, or one and the same again and again, while
/// access units flow. First by what their coded sizes make likely, which costs a few steps a frame
/// and neither allocates nor keeps anything but one keyframe; what is likely becomes a question, at
/// most one at a time, for somebody who can decode. Only the answers make a fault, or end it.
///
/// Black: two keyframes at least 5 s apart are. Looked at: small ones, and, where AllowLook() says
/// so, those of a size that none had before, and one to begin with. Frozen: the coded sizes stand
/// still for 5 s, and 30 s later the keyframe still decodes to the same image. With a keyframe
/// every 10 s, black is told within 30 s (where it is of a new size, of when that may be looked
/// at), frozen within 60 s. A camera that takes all noise away
/// sends one image of a scene in which nothing moves: where what was called frozen moves again, and
/// little of it, that camera's picture must stand still for a day to be called so within the week
/// after. One thread.
class PictureWatch {
 public:
  void OnUnit(const AccessUnit& unit);
  /// Media time begins anew; a fault goes on until pictures say otherwise, and so does what is
  /// known of sizes.
  void OnInterruption();

  /// The newest keyframe is of a size that none of those seen to show something had, mostly because
  /// the scene changed; or nobody has seen one yet. Whoever decodes says when the next such one may
  /// be looked at, so that a hundred streams that begin or change at once aren't at once.
  [[nodiscard]] bool wants_look() const { return wants_look_; }
  void AllowLook() {
    look_allowed_ = true;
    wants_look_ = false;
  }

  /// What is to be asked, once; then an answer, or Unanswered(), is awaited.
  [[nodiscard]] std::optional<PictureQuestion> TakeQuestion();
  void OnAnswer(const PictureQuestion& question, const PictureSigns& signs);
  /// It couldn't be decoded, or nobody had the time. The next look of whatever kind is then 15 s
  /// later than the one before, twice that where nothing is answered again, and so on up to 4
  /// minutes, until an answer comes: one camera's pictures don't take the time for all others'.
  void Unanswered();

  [[nodiscard]] PictureFault fault() const { return fault_; }
  /// The first picture with the fault; while there is one.
  [[nodiscard]] WallTime since() const { return since_; }

 private:
  /// A keyframe's time, and how large it was.
  struct Mark {
    MediaTime at;
    WallTime wall{};
    std::uint64_t bytes = 0;
  };
  void OnKeyframe(const AccessUnit& unit, std::uint64_t bytes);
  void FollowStillness(const AccessUnit& unit, const Mark& mark);
  enum class Look : std::uint8_t { kNo, kIfAllowed, kYes };
  void FollowUnseen(const Mark& mark, Look look);
  [[nodiscard]] Look LookForBlack(const AccessUnit& unit, const Mark& mark) const;
  [[nodiscard]] bool LookedWithin(std::chrono::seconds time, WallTime now) const;
  [[nodiscard]] bool MayBeFrozen(const Mark& mark) const;
  [[nodiscard]] std::chrono::seconds OneImageFor(WallTime now) const;
  void Keep(const AccessUnit& unit);
  void Forget();
  void OnOtherFormat();
  void Ask(const AccessUnit& unit, const Mark& mark, bool about_both);
  void OnBlack(const PictureQuestion& question);
  void OnVisible(const PictureQuestion& question, const PictureSigns& signs);
  void Set(PictureFault fault, WallTime since);

  PictureFault fault_ = PictureFault::kNone;
  WallTime since_{};

  // Of the coded sizes, since media time began.
  std::uint32_t timeline_ = 0;
  std::uint64_t between_bytes_ = 0;  // of the frames since the last keyframe
  std::uint64_t between_frames_ = 0;
  std::optional<Mark> still_;  // the first keyframe of those that are alike, with little between
  bool is_still_ = false;      // the newest one is
  SharedBytes reference_;      // one of them, to be compared with
  std::shared_ptr<const StreamFormat> reference_format_;
  MediaTime reference_at_;
  std::optional<WallTime> noiseless_at_;  // it was called frozen and wasn't

  // Of the looks taken. Sizes are those of keyframes.
  std::optional<PictureQuestion> question_;
  bool asked_ = false;
  std::optional<WallTime> looked_at_;
  std::chrono::seconds unanswered_wait_{0};  // after it, where nothing was answered
  bool wants_look_ = false;
  bool look_allowed_ = false;
  std::optional<Mark> unseen_;  // since when keyframes are of the size of the one to be looked at
  struct Sizes {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    [[nodiscard]] Sizes With(std::uint64_t bytes) const {
      return {std::min(least, bytes), std::max(most, bytes)};
    }
    /// Far from all of them.
    [[nodiscard]] bool IsOther(std::uint64_t bytes) const {
      return bytes < least * 3 / 4 || bytes > most * 4 / 3;
    }
  };
  std::optional<Sizes> visible_;  // of those that showed something
  std::uint64_t black_bytes_ = 0;
  std::optional<WallTime> first_black_;  // of those that nothing visible came after
};

}  // namespace yagura::pictures
