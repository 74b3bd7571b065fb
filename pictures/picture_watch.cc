#include "pictures/picture_watch.h"

#include <algorithm>
#include <utility>

namespace yagura::pictures {
namespace {

using std::chrono::seconds;

/// Between looks: at a picture that may be black, at one that is, at one that is frozen, and again
/// at one of which nothing new is to be expected.
constexpr seconds kLookAgain{5};
constexpr seconds kLookAtBlack{20};
constexpr seconds kLookAtFrozen{60};
constexpr seconds kLookAtKnown{60};

constexpr seconds kUnanswered{15};  // once; twice as long each time, up to the most
constexpr seconds kUnansweredMost{240};

constexpr seconds kStillFor{5};                    // before a keyframe is kept to be compared with
constexpr seconds kOneImage{30};                   // between the two that are compared
constexpr std::chrono::hours kNoiselessImage{24};  // where there is no noise to tell them apart
constexpr std::chrono::hours kNoiselessFor{7 * 24};

/// A black picture of 1920x1080 takes less, and so does hardly any other.
constexpr std::uint64_t kSmallBytes = 200;
constexpr std::uint64_t kSmallPixelsPerByte = 64;
/// By how much the keyframes of one image may differ in size: two in a thousand are usual for a
/// scene that stands still before a sensor, but not again and again.
constexpr std::uint64_t kAlikePart = 500;
constexpr std::uint64_t kAlikeBytes = 8;
/// A frame in which nothing changed, however it is coded.
constexpr std::uint64_t kIdleBytes = 64;
constexpr std::uint64_t kIdlePixelsPerByte = 5'000;

/// Coded slices are NAL unit types 1 to 5 of H.264 and 0 to 31 of H.265; what stands beside them
/// (SEI, parameter sets) says nothing of the picture.
bool IsSlice(Codec codec, std::uint8_t header) {
  if (codec == Codec::kH265) return (header >> 1 & 0x3f) < 32;
  const int type = header & 0x1f;
  return type >= 1 && type <= 5;
}

std::uint64_t SliceBytes(const AccessUnit& unit) {
  const auto bytes = unit.data.bytes();
  if (unit.format->codec == Codec::kJpeg) return bytes.size();
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at + 4 < bytes.size();) {
    const std::size_t size = std::size_t{bytes[at]} << 24 | std::size_t{bytes[at + 1]} << 16 |
                             std::size_t{bytes[at + 2]} << 8 | bytes[at + 3];
    if (IsSlice(unit.format->codec, bytes[at + 4])) sum += size;
    at += 4 + size;
  }
  return sum;
}

std::uint64_t Pixels(const AccessUnit& unit) {
  return std::uint64_t{unit.format->width_px} * unit.format->height_px;
}

bool Within(std::uint64_t bytes, std::uint64_t of, std::uint64_t tolerance) {
  return bytes <= of + tolerance && of <= bytes + tolerance;
}

bool Passed(MediaTime from, MediaTime to, seconds time) { return Between(from, to) >= time; }

}  // namespace

std::string_view ToString(PictureFault fault) {
  switch (fault) {
    case PictureFault::kBlack:
      return "black";
    case PictureFault::kFrozen:
      return "frozen";
    case PictureFault::kNone:
      break;
  }
  return "none";
}

void PictureWatch::OnUnit(const AccessUnit& unit) {
  if (unit.timeline != timeline_) OnInterruption();
  timeline_ = unit.timeline;
  const std::uint64_t bytes = SliceBytes(unit);
  if (unit.keyframe) return OnKeyframe(unit, bytes);
  between_bytes_ += bytes;
  ++between_frames_;
}

void PictureWatch::OnInterruption() {
  question_.reset();
  still_.reset();
  is_still_ = false;
  if (fault_ != PictureFault::kFrozen) Forget();
  reference_at_ = {};
}

void PictureWatch::OnKeyframe(const AccessUnit& unit, std::uint64_t bytes) {
  const Mark mark{unit.pts, unit.wall, bytes};
  if (!reference_.empty() && !(*reference_format_ == *unit.format)) OnOtherFormat();
  FollowStillness(unit, mark);
  if (asked_ || question_) return;
  const bool waits = LookedWithin(unanswered_wait_, mark.wall);
  if (!waits && MayBeFrozen(mark)) return Ask(unit, mark, true);
  const Look look = LookForBlack(unit, mark);
  FollowUnseen(mark, look);
  if (waits) return;
  wants_look_ = look == Look::kIfAllowed && !look_allowed_;
  if (look == Look::kYes || (look == Look::kIfAllowed && std::exchange(look_allowed_, false)))
    Ask(unit, mark, false);
}

void PictureWatch::FollowStillness(const AccessUnit& unit, const Mark& mark) {
  const std::uint64_t frames = std::exchange(between_frames_, 0);
  const std::uint64_t between = std::exchange(between_bytes_, 0);
  const bool idle = between <= frames * (kIdleBytes + Pixels(unit) / kIdlePixelsPerByte);
  is_still_ =
      still_ && idle && Within(mark.bytes, still_->bytes, still_->bytes / kAlikePart + kAlikeBytes);
  if (!is_still_) {
    still_ = mark;
    if (fault_ != PictureFault::kFrozen) Forget();
  } else if (reference_.empty() && Passed(still_->at, mark.at, kStillFor)) {
    Keep(unit);
  }
}

void PictureWatch::Keep(const AccessUnit& unit) {
  // A copy: beside a slice much more would be kept, of what came with it.
  reference_ = SharedBytes::CopyOf(unit.data.bytes());
  reference_format_ = unit.format;
  reference_at_ = unit.pts;
}

void PictureWatch::Forget() {
  reference_ = {};
  reference_format_.reset();
}

/// No image is the same in another format.
void PictureWatch::OnOtherFormat() {
  Forget();
  if (fault_ == PictureFault::kFrozen) Set(PictureFault::kNone, {});
}

bool PictureWatch::MayBeFrozen(const Mark& mark) const {
  if (reference_.empty() || fault_ == PictureFault::kBlack) return false;
  if (fault_ == PictureFault::kFrozen)
    return !LookedWithin(is_still_ ? kLookAtFrozen : kLookAgain, mark.wall);
  return is_still_ && Passed(reference_at_, mark.at, OneImageFor(mark.wall));
}

seconds PictureWatch::OneImageFor(WallTime now) const {
  const bool noiseless =
      noiseless_at_ && *noiseless_at_ <= now && now - *noiseless_at_ < kNoiselessFor;
  return noiseless ? seconds(kNoiselessImage) : kOneImage;
}

PictureWatch::Look PictureWatch::LookForBlack(const AccessUnit& unit, const Mark& mark) const {
  const auto yes_if = [](bool so) { return so ? Look::kYes : Look::kNo; };
  const bool small = mark.bytes <= kSmallBytes + Pixels(unit) / kSmallPixelsPerByte;
  if (!looked_at_) return small ? Look::kYes : Look::kIfAllowed;
  if (LookedWithin(kLookAgain, mark.wall)) return Look::kNo;
  if (first_black_) return Look::kYes;
  if (fault_ == PictureFault::kBlack) {
    return yes_if(!Within(mark.bytes, black_bytes_, black_bytes_ / 3) ||
                  !LookedWithin(kLookAtBlack, mark.wall));
  }
  if (!visible_) return yes_if(!LookedWithin(kLookAtKnown, mark.wall));  // nobody could decode it
  if (small) return yes_if(visible_->IsOther(mark.bytes) || !LookedWithin(kLookAtKnown, mark.wall));
  return visible_->IsOther(mark.bytes) ? Look::kIfAllowed : Look::kNo;
}

void PictureWatch::FollowUnseen(const Mark& mark, Look look) {
  if (look == Look::kNo) {
    unseen_.reset();
  } else if (!unseen_ || !Within(mark.bytes, unseen_->bytes, unseen_->bytes / 3)) {
    unseen_ = mark;
  }
}

/// Not where our clock has gone back since.
bool PictureWatch::LookedWithin(seconds time, WallTime now) const {
  return looked_at_ && *looked_at_ <= now && now - *looked_at_ < time;
}

void PictureWatch::Ask(const AccessUnit& unit, const Mark& mark, bool about_both) {
  looked_at_ = unit.wall;
  question_ = PictureQuestion{.format = unit.format,
                              .earlier = about_both ? reference_ : SharedBytes(),
                              .later = unit.data,
                              .wall = unit.wall,
                              .bytes = mark.bytes};
}

std::optional<PictureQuestion> PictureWatch::TakeQuestion() {
  if (question_) asked_ = true;
  return std::exchange(question_, std::nullopt);
}

void PictureWatch::Unanswered() {
  asked_ = false;
  unanswered_wait_ = std::clamp(2 * unanswered_wait_, kUnanswered, kUnansweredMost);
}

void PictureWatch::OnAnswer(const PictureQuestion& question, const PictureSigns& signs) {
  asked_ = false;
  unanswered_wait_ = {};
  if (IsBlack(signs)) return OnBlack(question);
  OnVisible(question, signs);
}

void PictureWatch::OnBlack(const PictureQuestion& question) {
  black_bytes_ = question.bytes;
  if (fault_ == PictureFault::kBlack) return;
  if (!first_black_ || question.wall < *first_black_) {
    first_black_ = std::min(question.wall, unseen_ ? unseen_->wall : question.wall);
    return;
  }
  if (question.wall - *first_black_ < kLookAgain) return;
  Set(PictureFault::kBlack, *first_black_);
  first_black_.reset();
}

void PictureWatch::OnVisible(const PictureQuestion& question, const PictureSigns& signs) {
  first_black_.reset();
  visible_ = visible_.value_or(Sizes{question.bytes, question.bytes}).With(question.bytes);
  if (fault_ == PictureFault::kBlack) Set(PictureFault::kNone, {});
  if (!question.is_about_both()) return;
  if (!AreOne(signs)) {
    if (fault_ == PictureFault::kFrozen && AreOfANoiselessScene(signs))
      noiseless_at_ = question.wall;
    Forget();
    if (fault_ == PictureFault::kFrozen) Set(PictureFault::kNone, {});
  } else if (fault_ == PictureFault::kNone && still_) {
    Set(PictureFault::kFrozen, still_->wall);
  }
}

void PictureWatch::Set(PictureFault fault, WallTime since) {
  fault_ = fault;
  since_ = since;
}

}  // namespace yagura::pictures
