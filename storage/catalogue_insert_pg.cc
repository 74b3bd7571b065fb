#include "storage/catalogue_insert_pg.h"

#include <concepts>
#include <map>
#include <optional>
#include <pqxx/pqxx>
#include <set>

#include "core/pg/values.h"
#include "storage/codec_boxes.h"
#include "storage/keyframe_list.h"

namespace yagura::storage {
namespace {

using pg::ArrayParameter;
using pg::TimeParameter;

constexpr char kInsertRuns[] = R"(
  INSERT INTO run (id, camera_id, stream, unit_id, floor_id, start_at, media_start, clock, codec, width_px, height_px, init_sha256)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::bigint[], $8::text[],
                       $9::text[], $10::integer[], $11::integer[], $12::bytea[])
  ON CONFLICT (id) DO NOTHING)";

constexpr char kEndRuns[] = R"(
  UPDATE run SET media_end = ended.media_end, end_at = ended.end_at
  FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[]) AS ended (id, media_end, end_at)
  WHERE run.id = ended.id AND run.end_at IS NULL)";

constexpr char kEnsurePartition[] =
    "SELECT ensure_clip_partitions($1::date, $1::date + 1, $2::text)";

// Whoever deletes clips takes the same lock, for itself alone: a clip that is being deleted is then
// either there or proved deleted.
constexpr char kShareClips[] = "SELECT pg_advisory_xact_lock_shared(7926303)";

constexpr char kInsertClips[] = R"(
  INSERT INTO clip (run_id, sequence, camera_id, stream, unit_id, floor_id, volume_id, start_at, end_at, media_start, media_end,
                    bytes, header_bytes, fragments_from, fragments_to, sha256, frames, keyframes,
                    lead_in_run_id, lead_in_sequence, lead_in_offset, clock, ended_by)
  SELECT * FROM unnest($1::uuid[], $2::integer[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::timestamptz[],
                       $9::timestamptz[], $10::bigint[], $11::bigint[], $12::bigint[], $13::integer[], $14::integer[], $15::bigint[],
                       $16::bytea[], $17::integer[], $18::bytea[], $19::uuid[], $20::integer[], $21::bigint[], $22::text[],
                       $23::text[]) AS closed (run_id, sequence)
  WHERE NOT EXISTS (SELECT FROM clip_deletion AS deletion
                    WHERE deletion.run_id = closed.run_id AND deletion.sequence = closed.sequence)
  ON CONFLICT (run_id, sequence, start_at) DO NOTHING)";

constexpr char kInsertGaps[] = R"(
  INSERT INTO gap (id, camera_id, stream, unit_id, floor_id, start_at, reason)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::text[])
  ON CONFLICT (id) DO NOTHING)";

constexpr char kEndGaps[] = R"(
  UPDATE gap SET end_at = ended.end_at FROM unnest($1::uuid[], $2::timestamptz[]) AS ended (id, end_at)
  WHERE gap.id = ended.id AND gap.end_at IS NULL)";

constexpr char kInsertSteps[] = R"(
  INSERT INTO clock_step (id, before_at, after_at)
  SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[])
  ON CONFLICT DO NOTHING)";

constexpr char kInsertCameraClocks[] = R"(
  INSERT INTO camera_clock (camera_id, at, offset_us, drift_ppb)
  SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bigint[], $4::bigint[])
  ON CONFLICT DO NOTHING)";

constexpr char kInsertReception[] = R"(
  INSERT INTO reception (camera_id, from_at, to_at, packets_lost, frames_damaged, fragments_dropped)
  SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[])
  ON CONFLICT DO NOTHING)";

constexpr char kKnowsGrowingClips[] = "SELECT to_regclass('recorder_alive') IS NOT NULL";

// A stream writes one clip at a time: what is left of those before, whose end never came, goes.
constexpr char kInsertGrowingClips[] = R"(
  WITH opened AS (
    SELECT * FROM unnest($1::uuid[], $2::integer[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::timestamptz[],
                         $9::bigint[], $10::text[], $11::uuid[], $12::integer[], $13::bigint[])
      AS opened (run_id, sequence, camera_id, stream, unit_id, floor_id, volume_id, start_at, media_start, clock,
                 lead_in_run_id, lead_in_sequence, lead_in_offset)),
  left_over AS (
    DELETE FROM growing_clip USING opened
    WHERE growing_clip.camera_id = opened.camera_id AND growing_clip.stream = opened.stream
      AND growing_clip.start_at < opened.start_at - interval '130 seconds')
  INSERT INTO growing_clip (run_id, sequence, camera_id, stream, unit_id, floor_id, volume_id, start_at, media_start, clock,
                            lead_in_run_id, lead_in_sequence, lead_in_offset)
  SELECT * FROM opened ON CONFLICT (run_id, sequence) DO NOTHING)";

constexpr char kDeleteGrowingClips[] = R"(
  DELETE FROM growing_clip USING unnest($1::uuid[], $2::integer[]) AS done (run_id, sequence)
  WHERE growing_clip.run_id = done.run_id AND growing_clip.sequence = done.sequence)";

constexpr char kNoteAlive[] =
    "INSERT INTO recorder_alive (at) VALUES ($1)"
    " ON CONFLICT (only_row) DO UPDATE SET at = EXCLUDED.at";

std::string Text(WallTime time) { return TimeParameter(time); }
std::string Text(MediaTime time) { return std::to_string(time.ticks_90k); }
std::string Text(std::string_view text) { return std::string(text); }
template <std::integral Number>
std::string Text(Number number) {
  return std::to_string(number);
}
template <class Tag>
std::string Text(const Id<Tag>& id) {
  return ToString(id);
}
std::string Text(std::span<const std::uint8_t> bytes) { return pg::BytesParameter(bytes); }

/// The columns of one unnest: as many arrays as a row has values.
class Columns {
 public:
  explicit Columns(std::size_t count) : columns_(count) {}

  /// Starts a row; each call of Value adds the next one.
  Columns& Row() {
    next_ = 0;
    ++rows_;
    return *this;
  }
  template <class T>
  Columns& Value(const T& value) {
    columns_.at(next_++).Add(Text(value));
    return *this;
  }
  Columns& Null() {
    columns_.at(next_++).AddNull();
    return *this;
  }
  /// Runs `sql` with one array for each parameter, unless there is no row.
  void Execute(pqxx::transaction_base& transaction, const char* sql) const {
    if (rows_ == 0) return;
    std::vector<std::string> arrays;
    for (const ArrayParameter& column : columns_) arrays.push_back(column.Text());
    transaction.exec_params(sql, pqxx::prepare::make_dynamic_params(arrays));
  }

 private:
  std::vector<ArrayParameter> columns_;
  std::size_t next_ = 0;
  std::size_t rows_ = 0;
};

void AddLeadIn(Columns& row, const std::optional<KeyframeReference>& lead_in) {
  if (lead_in) {
    row.Value(lead_in->clip.run).Value(lead_in->clip.sequence).Value(lead_in->offset_bytes);
  } else {
    row.Null().Null().Null();
  }
}

/// Sorts a batch into rows by kind: whatever refers to a row stands in a later statement than the
/// row.
class Batch {
 public:
  explicit Batch(const OfficeDays& days) : days_(days) {}

  void operator()(const RunOpened& run) {
    runs_.Row().Value(run.run).Value(run.camera).Value(ToString(run.stream));
    runs_.Value(run.owner.unit).Value(run.owner.floor).Value(run.wall_start).Value(run.media_start);
    runs_.Value(ToString(run.clock)).Value(CodecString(run.format));
    runs_.Value(run.format.width_px).Value(run.format.height_px).Value(run.init_sha256);
  }
  void operator()(const RunEnded& run) {
    run_ends_.Row().Value(run.run).Value(run.media_end).Value(run.wall_end);
  }
  void operator()(const ClipClosed& clip);
  void operator()(const GapOpened& gap) {
    gaps_.Row().Value(gap.gap).Value(gap.camera).Value(ToString(gap.stream));
    gaps_.Value(gap.owner.unit).Value(gap.owner.floor).Value(gap.from).Value(ToString(gap.reason));
  }
  void operator()(const GapEnded& gap) { gap_ends_.Row().Value(gap.gap).Value(gap.to); }
  void operator()(const ClipOpened& clip) { growing_.insert_or_assign(clip.clip, clip); }
  void operator()(const ClipVoided& clip) { growing_.insert_or_assign(clip.clip, std::nullopt); }
  void operator()(const Alive& alive) { alive_at_ = alive.at; }
  void operator()(const ClockStepped& step) {
    steps_.Row().Value(step.step).Value(step.before).Value(step.after);
  }
  void operator()(const CameraClockNoted& clock) {
    clocks_.Row().Value(clock.camera).Value(clock.at).Value(clock.offset.count());
    clock.drift_ppb ? clocks_.Value(*clock.drift_ppb) : clocks_.Null();
  }
  void operator()(const ReceptionNoted& noted) {
    reception_.Row().Value(noted.camera).Value(noted.from).Value(noted.to);
    reception_.Value(noted.packets_lost).Value(noted.frames_damaged);
    reception_.Value(noted.fragments_dropped);
  }

  void Store(pqxx::transaction_base& transaction) const {
    for (const std::string& day : clip_days_) {
      transaction.exec_params1(kEnsurePartition, day, days_.zone);
    }
    if (!clip_days_.empty()) transaction.exec1(kShareClips);
    runs_.Execute(transaction, kInsertRuns);
    clips_.Execute(transaction, kInsertClips);
    run_ends_.Execute(transaction, kEndRuns);
    gaps_.Execute(transaction, kInsertGaps);
    gap_ends_.Execute(transaction, kEndGaps);
    steps_.Execute(transaction, kInsertSteps);
    clocks_.Execute(transaction, kInsertCameraClocks);
    reception_.Execute(transaction, kInsertReception);
    // A recorder that is newer than the schema goes on without these, until it is migrated.
    if (!transaction.exec1(kKnowsGrowingClips)[0].as<bool>()) return;
    StoreGrowing(transaction);
    if (alive_at_) transaction.exec_params0(kNoteAlive, Text(*alive_at_));
  }

 private:
  void StoreGrowing(pqxx::transaction_base& transaction) const;

  const OfficeDays& days_;
  std::set<std::string> clip_days_;
  std::map<ClipId, std::optional<ClipOpened>> growing_;  // nothing: not any more
  std::optional<WallTime> alive_at_;
  Columns runs_{12};
  Columns run_ends_{3};
  Columns clips_{23};
  Columns gaps_{7};
  Columns gap_ends_{2};
  Columns steps_{3};
  Columns clocks_{4};
  Columns reception_{6};
};

void Batch::operator()(const ClipClosed& clip) {
  const ClipOpened& opened = clip.opened;
  clip_days_.insert(days_.calendar.Date(opened.wall_start));
  growing_.insert_or_assign(opened.clip, std::nullopt);
  clips_.Row().Value(opened.clip.run).Value(opened.clip.sequence).Value(opened.camera);
  clips_.Value(ToString(opened.stream)).Value(opened.owner.unit).Value(opened.owner.floor);
  clips_.Value(opened.volume).Value(opened.wall_start).Value(clip.wall_end);
  clips_.Value(opened.media_start).Value(clip.media_end);
  clips_.Value(clip.bytes).Value(clip.header_bytes).Value(clip.fragments_offset);
  clips_.Value(clip.trailer_offset.value_or(clip.bytes)).Value(clip.sha256).Value(clip.samples);
  clips_.Value(PackKeyframes(clip.keyframes, opened.media_start));
  AddLeadIn(clips_, opened.lead_in);
  clips_.Value(ToString(opened.clock)).Value(ToString(clip.ended_by));
}

void Batch::StoreGrowing(pqxx::transaction_base& transaction) const {
  Columns opened{13};
  Columns done{2};
  for (const auto& [id, clip] : growing_) {
    if (!clip) {
      done.Row().Value(id.run).Value(id.sequence);
      continue;
    }
    opened.Row().Value(id.run).Value(id.sequence).Value(clip->camera);
    opened.Value(ToString(clip->stream)).Value(clip->owner.unit).Value(clip->owner.floor);
    opened.Value(clip->volume).Value(clip->wall_start).Value(clip->media_start);
    opened.Value(ToString(clip->clock));
    AddLeadIn(opened, clip->lead_in);
  }
  done.Execute(transaction, kDeleteGrowingClips);
  opened.Execute(transaction, kInsertGrowingClips);
}

}  // namespace

void InsertRecords(pqxx::transaction_base& transaction, std::span<const JournalRecord> records,
                   const OfficeDays& days) {
  Batch batch(days);
  for (const JournalRecord& record : records) std::visit(batch, record);
  batch.Store(transaction);
}

}  // namespace yagura::storage
