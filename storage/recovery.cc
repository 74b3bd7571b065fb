#include "storage/recovery.h"

#include <algorithm>
#include <utility>

#include "core/log.h"
#include "storage/clip_path.h"

namespace yagura::storage {
namespace {

/// Frames end where the next begins, but for this: wall time is slewed a little between clips.
constexpr microseconds kSlack = std::chrono::milliseconds(50);
/// How many clips of a run a power cut can have taken from the journal's end.
constexpr std::uint32_t kUnjournalledMax = 3;
constexpr microseconds kClipLengthMax = std::chrono::seconds(130);

template <class Record>
bool IsOf(const StreamRecovery& stream, const Record& record) {
  return record.camera == stream.camera && record.stream == stream.stream;
}

const Volume* Find(const std::vector<const Volume*>& volumes, const VolumeId& id) {
  const auto found = std::find_if(volumes.begin(), volumes.end(),
                                  [&](const Volume* volume) { return volume->id() == id; });
  return found == volumes.end() ? nullptr : *found;
}

GapOpened GapAfter(const StreamRecovery& stream, const Owner& owner, WallTime from) {
  return {.gap = NewId<GapId>(),
          .camera = stream.camera,
          .stream = stream.stream,
          .owner = owner,
          .reason = GapReason::kRecorderRestart,
          .from = from};
}

/// One start's work on one stream.
class Salvage {
 public:
  Salvage(Files& files, const std::vector<const Volume*>& volumes, const OfficeCalendar& calendar,
          const JournalState& state, StreamRecovery& stream)
      : files_(files), volumes_(volumes), calendar_(calendar), state_(state), stream_(stream) {}

  void TakeClip(const ClipOpened& opened) {
    const Volume* volume = Find(volumes_, opened.volume);
    if (volume == nullptr) {
      return Postpone(opened, {ErrorCode::kUnavailable, "its volume is not here"});
    }
    const std::string path = volume->PathOf(ClipPath(calendar_, opened));
    auto clip = SalvageClip(files_, path, opened);
    if (!clip.has_value()) return Postpone(opened, clip.error());
    stream_.clips.push_back(*std::move(clip));
  }

  /// Clips that follow the newest one and that the journal lost: there after a power cut at most.
  void TakeUnjournalled() {
    for (std::uint32_t i = 0; i < kUnjournalledMax && !stream_.clips.empty(); ++i) {
      const ClipOpened newest = stream_.clips.back().opened;
      const Volume* volume = Find(volumes_, newest.volume);
      const auto next = FindAfter(*volume, newest);
      if (!next) return;
      stream_.records.emplace_back(*next);
      TakeClip(*next);
    }
  }

  /// Ends clips where the next begins, and accounts for what is missing between them.
  void Join() {
    for (std::size_t i = 0; i + 1 < stream_.clips.size(); ++i) {
      SalvagedClip& clip = stream_.clips[i];
      const SalvagedClip& next = stream_.clips[i + 1];
      const bool same_run = clip.opened.clip.run == next.opened.clip.run;
      clip.ends_run = !same_run;
      if (clip.is_void) continue;
      const microseconds missing = next.opened.wall_start - clip.wall_end;
      if (same_run && std::chrono::abs(missing) <= kSlack && !next.is_void)
        clip.media_end = next.opened.media_start;
      EndBefore(clip, next.opened.wall_start);
    }
    if (!stream_.clips.empty()) stream_.clips.back().ends_run = true;
  }

  /// Accounts for the time behind `clip` until `next`, when something begins that is known. Wall
  /// times are rounded, and slewed a little between clips: so little is the clip's own.
  void EndBefore(SalvagedClip& clip, WallTime next) {
    const WallTime known = KnownFrom(clip.wall_end, next);
    if (!clip.is_void && std::chrono::abs(known - clip.wall_end) <= kSlack) {
      clip.wall_end = known;
    } else {
      Lost(clip.opened.owner, {clip.wall_end, known});
    }
  }

  /// The same from `from` on, where there is no clip.
  void Explain(const Owner& owner, WallTime from, WallTime next) {
    Lost(owner, {from, KnownFrom(from, next)});
  }

  /// Where the newest clip ends, postponed ones included.
  [[nodiscard]] const std::optional<std::pair<WallTime, Owner>>& postponed() const {
    return postponed_;
  }

 private:
  /// Where the first gap of the journal begins that reaches behind `from`, or `next`. From there on
  /// the time is accounted for; clips that were closed since may lie in it, which nothing here
  /// knows.
  [[nodiscard]] WallTime KnownFrom(WallTime from, WallTime next) const {
    for (const JournalState::EndedGap& gap : state_.ended_gaps()) {
      if (IsOf(stream_, gap.opened) && from < gap.to) next = std::min(next, gap.opened.from);
    }
    return next;
  }

  void Lost(const Owner& owner, const WallRange& range) {
    if (range.to <= range.from) return;
    const GapOpened gap = GapAfter(stream_, owner, range.from);
    stream_.records.emplace_back(gap);
    stream_.records.emplace_back(GapEnded{.gap = gap.gap, .to = range.to});
  }

  void Postpone(const ClipOpened& opened, const Error& why) {
    log::Error("a clip can't be recovered now", {{"clip", ToString(opened.clip)}, {"why", why}});
    postponed_ = {opened.wall_start, opened.owner};
  }

  [[nodiscard]] std::optional<ClipOpened> FindAfter(const Volume& volume,
                                                    const ClipOpened& newest) {
    const ClipId next{newest.clip.run, newest.clip.sequence + 1};
    for (const microseconds later : {microseconds(0), kClipLengthMax}) {
      const WallTime about = newest.wall_start + later;
      auto file = files_.OpenToRead(volume.PathOf(ClipPath(calendar_, newest.camera, next, about)));
      if (!file.has_value()) continue;
      const auto head = ReadClipHead(**file);
      if (head.has_value() && head->identity.clip == next) return head->identity;
    }
    return std::nullopt;
  }

  Files& files_;
  const std::vector<const Volume*>& volumes_;
  const OfficeCalendar& calendar_;
  const JournalState& state_;
  StreamRecovery& stream_;
  std::optional<std::pair<WallTime, Owner>> postponed_;
};

/// Takes void clips out of the stream, out of the journal and off the disk.
void DropVoid(Files& files, StreamRecovery& stream) {
  for (const SalvagedClip& clip : stream.clips) {
    if (!clip.is_void) continue;
    stream.records.emplace_back(ClipVoided{clip.opened.clip});
    if (clip.ends_run) {
      stream.records.emplace_back(RunEnded{
          .run = clip.opened.clip.run, .media_end = clip.media_end, .wall_end = clip.wall_end});
    }
    if (auto removed = files.Unlink(clip.path);
        !removed.has_value() && removed.error().code() != ErrorCode::kNotFound) {
      log::Warning("the file of a void clip stays",
                   {{"clip", ToString(clip.opened.clip)}, {"why", removed.error()}});
    }
  }
  std::erase_if(stream.clips, [](const SalvagedClip& clip) { return clip.is_void; });
}

/// The open gap of the stream, if any: it began after everything that is open.
void GoOnWithGap(StreamRecovery& stream, const GapOpened& gap, WallTime alive_until) {
  if (gap.reason == GapReason::kRecorderRestart) return;
  const WallTime died = std::max(gap.from, alive_until);
  stream.records.emplace_back(GapEnded{.gap = gap.gap, .to = died});
  stream.records.emplace_back(GapAfter(stream, gap.owner, died));
}

void SalvageStream(Files& files, const std::vector<const Volume*>& volumes,
                   const OfficeCalendar& calendar, const JournalState& state, WallTime alive_until,
                   StreamRecovery& stream) {
  Salvage salvage(files, volumes, calendar, state, stream);
  for (const ClipOpened& clip : state.clips()) {
    if (IsOf(stream, clip)) salvage.TakeClip(clip);
  }
  salvage.TakeUnjournalled();
  salvage.Join();

  std::optional<std::pair<WallTime, Owner>> newest = salvage.postponed();
  SalvagedClip* last = stream.clips.empty() ? nullptr : &stream.clips.back();
  if (last != nullptr && newest && newest->first >= last->wall_end) last = nullptr;
  if (last != nullptr) newest = {last->wall_end, last->opened.owner};
  for (const RunOpened& run : state.runs()) {
    if (!IsOf(stream, run)) continue;
    if (!newest) newest = {alive_until, run.owner};
    const bool has_clip =
        std::any_of(state.clips().begin(), state.clips().end(),
                    [&](const ClipOpened& clip) { return clip.clip.run == run.run; });
    if (has_clip) continue;
    stream.records.emplace_back(
        RunEnded{.run = run.run, .media_end = run.media_start, .wall_end = alive_until});
  }
  const auto gap = std::find_if(state.gaps().begin(), state.gaps().end(),
                                [&](const GapOpened& open) { return IsOf(stream, open); });
  if (gap != state.gaps().end()) {
    if (last != nullptr) {
      salvage.EndBefore(*last, gap->from);
    } else if (newest) {
      salvage.Explain(gap->owner, newest->first, gap->from);
    }
    GoOnWithGap(stream, *gap, alive_until);
  } else if (newest) {
    stream.records.emplace_back(GapAfter(stream, newest->second, newest->first));
  }
  DropVoid(files, stream);
}

}  // namespace

std::vector<StreamRecovery> SalvageStreams(Files& files, const std::vector<const Volume*>& volumes,
                                           const OfficeCalendar& calendar,
                                           const JournalState& state, WallTime now) {
  std::vector<StreamRecovery> streams;
  const auto note = [&](const auto& record) {
    const bool known = std::any_of(streams.begin(), streams.end(),
                                   [&](const auto& stream) { return IsOf(stream, record); });
    if (known) return;
    StreamRecovery stream;
    stream.camera = record.camera;
    stream.stream = record.stream;
    streams.push_back(std::move(stream));
  };
  std::for_each(state.runs().begin(), state.runs().end(), note);
  std::for_each(state.clips().begin(), state.clips().end(), note);
  std::for_each(state.gaps().begin(), state.gaps().end(), note);
  const WallTime alive_until = std::min(now, state.last_alive().value_or(now));
  for (StreamRecovery& stream : streams) {
    SalvageStream(files, volumes, calendar, state, alive_until, stream);
  }
  return streams;
}

Result<std::vector<JournalRecord>> FinishRecords(Files& files, const SalvagedClip& clip) {
  ASSIGN_OR_RETURN(ClipClosed closed, FinishSalvaged(files, clip));
  std::vector<JournalRecord> records;
  if (clip.ends_run) {
    records.emplace_back(RunEnded{
        .run = clip.opened.clip.run, .media_end = closed.media_end, .wall_end = closed.wall_end});
  }
  records.insert(records.begin(), std::move(closed));
  return records;
}

}  // namespace yagura::storage
