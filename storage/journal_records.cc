#include "storage/journal_records.h"

#include <string>
#include <utility>

#include "storage/hex.h"
#include "storage/journal_names.h"

namespace yagura::storage {

namespace {

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
  if (run.format.codec == Codec::kJpeg) json.Set("codec", kJpeg);
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

Json Write(const ClockStepped& step) {
  Json json = Typed("clock_stepped");
  json.Set("step", ToString(step.step)).Set("before", Micros(step.before));
  json.Set("after", Micros(step.after));
  return json;
}

Json Write(const CameraClockNoted& clock) {
  Json json = Typed("camera_clock");
  json.Set("camera", ToString(clock.camera)).Set("at", Micros(clock.at));
  json.Set("offset_us", clock.offset.count());
  if (clock.drift_ppb) json.Set("drift_ppb", *clock.drift_ppb);
  return json;
}

Json Write(const ReceptionNoted& noted) {
  Json json = Typed("reception");
  json.Set("camera", ToString(noted.camera)).Set("from", Micros(noted.from));
  json.Set("to", Micros(noted.to)).Set("packets_lost", noted.packets_lost);
  json.Set("frames_damaged", noted.frames_damaged);
  json.Set("fragments_dropped", noted.fragments_dropped);
  return json;
}

}  // namespace

std::string_view ToString(ClockState state) {
  return kClockStates[static_cast<std::size_t>(state)];
}
std::string_view ToString(ClipEnd end) { return kClipEnds[static_cast<std::size_t>(end)]; }

Json ToJson(const JournalRecord& record) {
  return std::visit([](const auto& one) { return Write(one); }, record);
}

}  // namespace yagura::storage
