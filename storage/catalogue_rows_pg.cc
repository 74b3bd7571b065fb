#include "storage/catalogue_rows_pg.h"

#include <algorithm>
#include <pqxx/pqxx>

#include "core/pg/values.h"
#include "storage/keyframe_list.h"

namespace yagura::storage {
namespace {

/// Takes a row's values one after the other.
class Values {
 public:
  explicit Values(const pqxx::row& row) : row_(row) {}

  [[nodiscard]] bool NextIsNull() const { return row_[next_].is_null(); }
  std::string_view Text() { return row_[next_++].c_str(); }
  void Skip(pqxx::row::size_type count) { next_ += count; }
  template <class IdType>
  IdType Id() {
    return pg::IdOf<IdType>(Text());
  }
  template <class Number>
  Number As() {
    return row_[next_++].as<Number>();
  }
  WallTime Time() { return pg::TimeOf(Text()); }
  MediaTime Media() { return MediaTime{As<std::int64_t>()}; }
  Owner TakeOwner() {
    const auto unit = Id<UnitId>();
    return {.unit = unit, .floor = Id<FloorId>()};
  }
  /// One of a closed list of names: the one that ToString gives.
  template <class Enum>
  Enum OneOf(Enum last) {
    const std::string_view name = Text();
    for (int value = 0; value <= static_cast<int>(last); ++value) {
      if (ToString(static_cast<Enum>(value)) == name) return static_cast<Enum>(value);
    }
    throw std::domain_error("unknown name \"" + std::string(name) + "\"");
  }
  std::array<std::uint8_t, 32> Sha256() {
    const auto bytes = pg::BytesOf(Text());
    std::array<std::uint8_t, 32> hash{};
    if (bytes.size() != hash.size()) throw std::domain_error("not a SHA-256");
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
  }
  std::vector<ClipKeyframe> Keyframes(MediaTime media_start) {
    auto keyframes = UnpackKeyframes(pg::BytesOf(Text()), media_start);
    if (!keyframes) throw std::domain_error(keyframes.error().message());
    return *std::move(keyframes);
  }

 private:
  const pqxx::row& row_;
  pqxx::row::size_type next_ = 0;
};

std::optional<KeyframeReference> ReadLeadIn(Values& values) {
  if (values.NextIsNull()) {
    values.Skip(3);
    return std::nullopt;
  }
  KeyframeReference lead_in;
  lead_in.clip.run = values.Id<RunId>();
  lead_in.clip.sequence = values.As<std::uint32_t>();
  lead_in.offset_bytes = values.As<std::uint64_t>();
  return lead_in;
}

}  // namespace

ClipRow ReadClip(const pqxx::row& row) {
  Values values(row);
  ClipRow clip;
  clip.id.run = values.Id<RunId>();
  clip.id.sequence = values.As<std::uint32_t>();
  clip.camera = values.Id<CameraId>();
  clip.stream = values.OneOf(Stream::kSub);
  clip.owner = values.TakeOwner();
  clip.volume = values.Id<VolumeId>();
  clip.clock = values.OneOf(ClockState::kRepeated);
  clip.start = values.Time();
  clip.end = values.Time();
  clip.media_start = values.Media();
  clip.media_end = values.Media();
  clip.bytes = values.As<std::uint64_t>();
  clip.header_bytes = values.As<std::uint32_t>();
  clip.fragments_offset = values.As<std::uint32_t>();
  const auto fragments_end = values.As<std::uint64_t>();
  if (fragments_end < clip.bytes) clip.trailer_offset = fragments_end;
  clip.sha256 = values.Sha256();
  clip.samples = values.As<std::uint32_t>();
  clip.keyframes = values.Keyframes(clip.media_start);
  clip.lead_in = ReadLeadIn(values);
  clip.ended_by = values.OneOf(ClipEnd::kCondemned);
  clip.on_volume = values.As<bool>();
  clip.in_store = values.As<bool>();
  return clip;
}

GrowingClip ReadGrowingClip(const pqxx::row& row) {
  Values values(row);
  GrowingClip growing;
  ClipOpened& clip = growing.opened;
  clip.clip.run = values.Id<RunId>();
  clip.clip.sequence = values.As<std::uint32_t>();
  clip.camera = values.Id<CameraId>();
  clip.stream = values.OneOf(Stream::kSub);
  clip.owner = values.TakeOwner();
  clip.volume = values.Id<VolumeId>();
  clip.clock = values.OneOf(ClockState::kRepeated);
  clip.wall_start = values.Time();
  clip.media_start = values.Media();
  clip.lead_in = ReadLeadIn(values);
  growing.asked_at = values.Time();
  return growing;
}

RunRow ReadRun(const pqxx::row& row) {
  Values values(row);
  RunRow run;
  run.id = values.Id<RunId>();
  run.camera = values.Id<CameraId>();
  run.stream = values.OneOf(Stream::kSub);
  run.owner = values.TakeOwner();
  run.clock = values.OneOf(ClockState::kRepeated);
  run.start = values.Time();
  const bool goes_on = values.NextIsNull();
  if (goes_on) values.Skip(1);
  if (!goes_on) run.end = values.Time();
  run.media_start = values.Media();
  if (goes_on) values.Skip(1);
  if (!goes_on) run.media_end = values.Media();
  run.codec = values.Text();
  run.width_px = values.As<std::uint32_t>();
  run.height_px = values.As<std::uint32_t>();
  run.init_sha256 = values.Sha256();
  return run;
}

GapRow ReadGap(const pqxx::row& row) {
  Values values(row);
  GapRow gap;
  gap.id = values.Id<GapId>();
  gap.camera = values.Id<CameraId>();
  gap.stream = values.OneOf(Stream::kSub);
  gap.owner = values.TakeOwner();
  gap.reason = values.OneOf(kLastGapReason);
  gap.start = values.Time();
  if (!values.NextIsNull()) gap.end = values.Time();
  return gap;
}

}  // namespace yagura::storage
