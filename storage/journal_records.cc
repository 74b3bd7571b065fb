#include "storage/journal_records.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "storage/hex.h"

namespace yagura::storage {
namespace {

constexpr std::string_view kH265 = "h265";
constexpr std::array<std::string_view, 2> kStreams = {"main", "sub"};
constexpr std::array<std::string_view, 4> kClockStates = {"unknown", "synchronised",
                                                          "unsynchronised", "repeated"};
constexpr std::array<std::string_view, 4> kClipEnds = {"rolled", "run_end", "recovered",
                                                       "condemned"};

std::int64_t Micros(WallTime time) { return time.time_since_epoch().count(); }

template <std::size_t kSize>
Json Name(const std::array<std::string_view, kSize>& names, auto value) {
  return names[static_cast<std::size_t>(value)];
}

/// Members shared by what belongs to a stream.
void SetStream(Json& json, const CameraId& camera, Stream stream, const Owner& owner) {
  json.Set("camera", ToString(camera)).Set("stream", Name(kStreams, stream));
  json.Set("unit", ToString(owner.unit)).Set("floor", ToString(owner.floor));
}

void SetStart(Json& json, ClockState clock, MediaTime media_start, WallTime wall_start) {
  json.Set("clock", Name(kClockStates, clock)).Set("media_start", media_start.ticks_90k);
  json.Set("wall_start", Micros(wall_start));
}

Json Typed(const char* type) { return Json::Object({{"type", type}}); }

void SetClip(Json& json, const ClipOpened& clip) {
  json.Set("clip", ToString(clip.clip)).Set("volume", ToString(clip.volume));
  SetStream(json, clip.camera, clip.stream, clip.owner);
  SetStart(json, clip.clock, clip.media_start, clip.wall_start);
  if (!clip.lead_in) return;
  json.Set("lead_in_clip", ToString(clip.lead_in->clip));
  json.Set("lead_in_offset", clip.lead_in->offset_bytes);
}

Json Write(const RunOpened& run) {
  Json json = Typed("run_opened");
  json.Set("run", ToString(run.run));
  SetStream(json, run.camera, run.stream, run.owner);
  SetStart(json, run.clock, run.media_start, run.wall_start);
  if (run.format.codec == Codec::kH265) json.Set("codec", kH265).Set("vps", ToHex(run.format.vps));
  json.Set("sps", ToHex(run.format.sps)).Set("pps", ToHex(run.format.pps));
  json.Set("width_px", run.format.width_px).Set("height_px", run.format.height_px);
  json.Set("reorder_depth", run.format.reorder_depth).Set("init_sha256", ToHex(run.init_sha256));
  return json;
}

Json Write(const RunEnded& run) {
  Json json = Typed("run_ended");
  json.Set("run", ToString(run.run)).Set("media_end", run.media_end.ticks_90k);
  json.Set("wall_end", Micros(run.wall_end));
  return json;
}

Json Write(const ClipOpened& clip) {
  Json json = Typed("clip_opened");
  SetClip(json, clip);
  return json;
}

Json Write(const ClipClosed& clip) {
  Json json = Typed("clip_closed");
  SetClip(json, clip.opened);
  json.Set("media_end", clip.media_end.ticks_90k).Set("wall_end", Micros(clip.wall_end));
  json.Set("bytes", clip.bytes).Set("sha256", ToHex(clip.sha256));
  json.Set("header_bytes", clip.header_bytes).Set("fragments_offset", clip.fragments_offset);
  json.Set("samples", clip.samples).Set("ended_by", Name(kClipEnds, clip.ended_by));
  if (clip.trailer_offset) json.Set("trailer_offset", *clip.trailer_offset);
  Json keyframes = Json::Array();
  for (const ClipKeyframe& keyframe : clip.keyframes) {
    keyframes.Push(keyframe.offset_bytes).Push(keyframe.media_time.ticks_90k);
  }
  json.Set("keyframes", std::move(keyframes));
  return json;
}

Json Write(const ClipVoided& clip) {
  Json json = Typed("clip_voided");
  json.Set("clip", ToString(clip.clip));
  return json;
}

Json Write(const GapOpened& gap) {
  Json json = Typed("gap_opened");
  json.Set("gap", ToString(gap.gap));
  SetStream(json, gap.camera, gap.stream, gap.owner);
  json.Set("reason", ToString(gap.reason)).Set("from", Micros(gap.from));
  return json;
}

Json Write(const GapEnded& gap) {
  Json json = Typed("gap_ended");
  json.Set("gap", ToString(gap.gap)).Set("to", Micros(gap.to));
  return json;
}

Json Write(const Alive& alive) {
  Json json = Typed("alive");
  json.Set("at", Micros(alive.at));
  return json;
}

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
  void Get(std::string_view name, GapReason& value) {
    const auto reason = ParseGapReason(Text(name));
    if (!reason) return Fail();
    value = *reason;
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
    in.GetOnly("codec", kH265);
    run.format.codec = Codec::kH265;
    in.Get("vps", run.format.vps);
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
constexpr std::array<Reader, 8> kReaders{{
    {"run_opened", &ReadAs<RunOpened>},
    {"run_ended", &ReadAs<RunEnded>},
    {"clip_opened", &ReadAs<ClipOpened>},
    {"clip_closed", &ReadAs<ClipClosed>},
    {"clip_voided", &ReadAs<ClipVoided>},
    {"gap_opened", &ReadAs<GapOpened>},
    {"gap_ended", &ReadAs<GapEnded>},
    {"alive", &ReadAs<Alive>},
}};

}  // namespace

std::string_view ToString(Stream stream) { return kStreams[static_cast<std::size_t>(stream)]; }
std::string_view ToString(ClockState state) {
  return kClockStates[static_cast<std::size_t>(state)];
}
std::string_view ToString(ClipEnd end) { return kClipEnds[static_cast<std::size_t>(end)]; }

Json ToJson(const JournalRecord& record) {
  return std::visit([](const auto& one) { return Write(one); }, record);
}

Result<JournalRecord> ParseJournalRecord(const Json& json) {
  const auto type = json.Get("type").AsString();
  const auto reader = std::find_if(kReaders.begin(), kReaders.end(),
                                   [&](const Reader& one) { return type == one.type; });
  if (reader == kReaders.end()) {
    return Failure(ErrorCode::kDataLoss, "a journal record of an unknown type");
  }
  return reader->read(json);
}

}  // namespace yagura::storage
