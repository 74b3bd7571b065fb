// ParseJournalRecord: what ToJson writes, read again.

#include <algorithm>
#include <string>
#include <utility>

#include "storage/hex.h"
#include "storage/journal_names.h"
#include "storage/journal_records.h"

namespace yagura::storage {
namespace {

/// Takes members out of an object; once one is missing or of another kind, ok() stays false.
class Members {
 public:
  explicit Members(const Json& json) : json_(json) {}

  template <class Number>
  void Get(std::string_view name, Number& value) {
    const auto number = json_.Get(name).AsInt();
    if (!number || !std::in_range<Number>(*number)) return Fail();
    value = static_cast<Number>(*number);
  }
  void Get(std::string_view name, MediaTime& value) { Get(name, value.ticks_90k); }
  void Get(std::string_view name, WallTime& value) {
    std::int64_t micros = 0;
    Get(name, micros);
    value = WallTime(microseconds(micros));
  }
  template <class Tag>
  void Get(std::string_view name, Id<Tag>& value) {
    const auto id = ParseId<Id<Tag>>(Text(name));
    if (!id) return Fail();
    value = *id;
  }
  void Get(std::string_view name, ClipId& value) {
    const auto id = ParseClipId(Text(name));
    if (!id) return Fail();
    value = *id;
  }
  void Get(std::string_view name, std::vector<std::uint8_t>& value) {
    auto bytes = ParseHex(Text(name));
    if (!bytes) return Fail();
    value = *std::move(bytes);
  }
  void Get(std::string_view name, std::array<std::uint8_t, 32>& value) {
    const auto bytes = ParseHex(Text(name));
    if (!bytes || bytes->size() != value.size()) return Fail();
    std::copy(bytes->begin(), bytes->end(), value.begin());
  }
  template <class Enum, std::size_t kSize>
  void Get(std::string_view name, const std::array<std::string_view, kSize>& names, Enum& value) {
    const auto found = std::find(names.begin(), names.end(), Text(name));
    if (found == names.end()) return Fail();
    value = static_cast<Enum>(found - names.begin());
  }
  /// A reason that only a newer program knows is lost with the change of program, not the gap.
  void Get(std::string_view name, GapReason& value) {
    value = ParseGapReason(Text(name)).value_or(GapReason::kRecorderRestart);
  }
  [[nodiscard]] std::string Text(std::string_view name) {
    auto text = json_.Get(name).AsString();
    if (!text) Fail();
    return std::move(text).value_or("");
  }
  void GetKeyframes(std::vector<ClipKeyframe>& keyframes) {
    const auto numbers = json_.Get("keyframes").items();
    if (numbers.size() % 2 != 0) return Fail();
    for (std::size_t i = 0; i < numbers.size(); i += 2) {
      const auto offset = numbers[i].AsInt();
      const auto time = numbers[i + 1].AsInt();
      if (!offset || *offset < 0 || !time) return Fail();
      keyframes.push_back({static_cast<std::uint64_t>(*offset), MediaTime{*time}});
    }
  }
  /// There is only one value that it can have.
  void GetOnly(std::string_view name, std::string_view value) {
    if (Text(name) != value) Fail();
  }
  [[nodiscard]] bool Has(std::string_view name) const { return json_.Has(name); }
  void Fail() { ok_ = false; }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  const Json& json_;
  bool ok_ = true;
};

template <class Record>
void ReadStream(Members& in, Record& record) {
  in.Get("camera", record.camera);
  in.Get("stream", kStreams, record.stream);
  in.Get("unit", record.owner.unit);
  in.Get("floor", record.owner.floor);
}

template <class Record>
void ReadStart(Members& in, Record& record) {
  in.Get("clock", kClockStates, record.clock);
  in.Get("media_start", record.media_start);
  in.Get("wall_start", record.wall_start);
}

void Read(Members& in, RunOpened& run) {
  in.Get("run", run.run);
  ReadStream(in, run);
  ReadStart(in, run);
  if (in.Has("codec")) {  // else it is H.264
    run.format.codec = in.Text("codec") == kJpeg ? Codec::kJpeg : Codec::kH265;
    if (run.format.codec == Codec::kH265) {
      in.GetOnly("codec", kH265);
      in.Get("vps", run.format.vps);
    }
  }
  in.Get("sps", run.format.sps);
  in.Get("pps", run.format.pps);
  in.Get("width_px", run.format.width_px);
  in.Get("height_px", run.format.height_px);
  in.Get("reorder_depth", run.format.reorder_depth);
  in.Get("init_sha256", run.init_sha256);
}

void Read(Members& in, RunEnded& run) {
  in.Get("run", run.run);
  in.Get("media_end", run.media_end);
  in.Get("wall_end", run.wall_end);
}

void Read(Members& in, ClipOpened& clip) {
  in.Get("clip", clip.clip);
  in.Get("volume", clip.volume);
  ReadStream(in, clip);
  ReadStart(in, clip);
  if (!in.Has("lead_in_clip")) return;
  clip.lead_in.emplace();
  in.Get("lead_in_clip", clip.lead_in->clip);
  in.Get("lead_in_offset", clip.lead_in->offset_bytes);
}

void Read(Members& in, ClipClosed& clip) {
  Read(in, clip.opened);
  in.Get("media_end", clip.media_end);
  in.Get("wall_end", clip.wall_end);
  in.Get("bytes", clip.bytes);
  in.Get("sha256", clip.sha256);
  in.Get("header_bytes", clip.header_bytes);
  in.Get("fragments_offset", clip.fragments_offset);
  in.Get("samples", clip.samples);
  in.Get("ended_by", kClipEnds, clip.ended_by);
  if (in.Has("trailer_offset")) in.Get("trailer_offset", clip.trailer_offset.emplace());
  in.GetKeyframes(clip.keyframes);
}

void Read(Members& in, ClipVoided& clip) { in.Get("clip", clip.clip); }

void Read(Members& in, GapOpened& gap) {
  in.Get("gap", gap.gap);
  ReadStream(in, gap);
  in.Get("reason", gap.reason);
  in.Get("from", gap.from);
}

void Read(Members& in, GapEnded& gap) {
  in.Get("gap", gap.gap);
  in.Get("to", gap.to);
}

void Read(Members& in, Alive& alive) { in.Get("at", alive.at); }

void Read(Members& in, ClockStepped& step) {
  in.Get("step", step.step);
  in.Get("before", step.before);
  in.Get("after", step.after);
}

void Read(Members& in, CameraClockNoted& clock) {
  in.Get("camera", clock.camera);
  in.Get("at", clock.at);
  std::int64_t offset_us = 0;
  in.Get("offset_us", offset_us);
  clock.offset = microseconds(offset_us);
  if (in.Has("drift_ppb")) in.Get("drift_ppb", clock.drift_ppb.emplace());
}

void Read(Members& in, ReceptionNoted& noted) {
  in.Get("camera", noted.camera);
  in.Get("from", noted.from);
  in.Get("to", noted.to);
  in.Get("packets_lost", noted.packets_lost);
  in.Get("frames_damaged", noted.frames_damaged);
  in.Get("fragments_dropped", noted.fragments_dropped);
}

template <class Record>
Result<JournalRecord> ReadAs(const Json& json) {
  Members in(json);
  Record record;
  Read(in, record);
  if (!in.ok()) return Failure(ErrorCode::kDataLoss, "a journal record with a bad member");
  return record;
}

struct Reader {
  std::string_view type;
  Result<JournalRecord> (*read)(const Json&);
};
constexpr std::array<Reader, 11> kReaders{{
    {"run_opened", &ReadAs<RunOpened>},
    {"run_ended", &ReadAs<RunEnded>},
    {"clip_opened", &ReadAs<ClipOpened>},
    {"clip_closed", &ReadAs<ClipClosed>},
    {"clip_voided", &ReadAs<ClipVoided>},
    {"gap_opened", &ReadAs<GapOpened>},
    {"gap_ended", &ReadAs<GapEnded>},
    {"alive", &ReadAs<Alive>},
    {"clock_stepped", &ReadAs<ClockStepped>},
    {"camera_clock", &ReadAs<CameraClockNoted>},
    {"reception", &ReadAs<ReceptionNoted>},
}};

}  // namespace

Result<JournalRecord> ParseJournalRecord(const Json& json) {
  const auto type = json.Get("type").AsString();
  const auto reader = std::find_if(kReaders.begin(), kReaders.end(),
                                   [&](const Reader& one) { return type == one.type; });
  if (reader == kReaders.end()) {
    const ErrorCode code = type ? ErrorCode::kUnimplemented : ErrorCode::kDataLoss;
    return Failure(code, "a journal record of an unknown type");
  }
  return reader->read(json);
}

}  // namespace yagura::storage
