// The part of RunWriter that deals with a disk that refuses.

#include <algorithm>
#include <utility>

#include "core/log.h"
#include "storage/run_writer.h"

namespace yagura::storage {
namespace {

/// So often a run's fragments are moved on to yet another file; then the disk is given up for it.
constexpr std::uint32_t kFilesCondemnedMax = 3;

/// Of a clip whose fragments go on elsewhere, from `first` on.
ClipEnding BeginOf(const Fragment& first) {
  return {.ended_by = ClipEnd::kCondemned,
          .media_end = first.start,
          .wall_end = first.wall_start,
          .ends_run = false};
}

/// Of a run that ends with `held`.
ClipEnding EndOf(const OpenClip& clip, const std::vector<HeldFragment>& held) {
  ClipEnding end = clip.EndOfWritten();
  for (const HeldFragment& one : held) {
    if (one.fragment->end > end.media_end) {
      end.media_end = one.fragment->end;
      end.wall_end = one.fragment->wall_end;
    }
  }
  return end;
}

}  // namespace

/// Moves what a condemned clip holds, and the fragment that it refused, to a new clip of the same
/// run.
void RunWriter::Rescue(const ClipPointer& clip, std::optional<HeldFragment> unwritten) {
  auto held = clip->TakeHeld();
  if (!held) return;
  const RecordingPointer recording = clip->recording();
  const bool was_current = recording->clip == clip;
  const auto ending = clip->ending();
  log::Error("alarm: a clip file is condemned",
             {{"clip", ToString(clip->opened().clip)},
              {"volume", ToString(volume_.id())},
              {"fragments_held", static_cast<std::int64_t>(held->size())}});
  volume_.CountFailure();
  clips_.Forget(clip);
  if (unwritten) held->push_back(*unwritten);
  if (held->empty()) {
    if (was_current) recording->clip = nullptr;
    return RecordCondemned(*clip, clips_, ending.value_or(clip->EndOfDurable()));
  }
  auto replacement = Refile(recording, *held);
  if (!replacement.has_value()) return GiveUp(clip, *std::move(held), replacement.error());
  const Fragment& first = *held->front().fragment;
  RecordCondemned(*clip, clips_, BeginOf(first));
  if (was_current) recording->clip = *replacement;
  if (unwritten) NoteStored(*recording, *unwritten->fragment);
  if (ending) Close(*replacement, *ending);
}

/// A new clip with all of `held`. After an error there is none.
Result<RunWriter::ClipPointer> RunWriter::Refile(const RecordingPointer& recording,
                                                 const std::vector<HeldFragment>& held) {
  if (++recording->files_condemned > kFilesCondemnedMax) {
    return Failure(ErrorCode::kUnavailable, "too many files of a run failed");
  }
  ASSIGN_OR_RETURN(const ClipPointer clip, StartClip(recording, held.front(), false));
  for (std::size_t i = 1; i < held.size(); ++i) {
    if (auto appended = AppendTo(*clip, held[i]); !appended.has_value()) {
      Drop(clip);
      Void(*recording->account, clip->opened(), std::nullopt);
      return Failure(std::move(appended).error());
    }
  }
  return clip;
}

/// Nothing more can be written here: what the condemned clip held goes to another volume, or is
/// lost. A run that went on is over, and a gap begins where what is kept of it ends.
void RunWriter::GiveUp(const ClipPointer& clip, std::vector<HeldFragment> held, const Error& why) {
  const RecordingPointer recording = clip->recording();
  const bool was_current = recording->clip == clip;
  const GapReason reason = NoteFailure(why);
  const ClipEnding durable = clip->EndOfDurable();
  const WallRange lost{durable.wall_end, clip->EndOfWritten().wall_end};
  const ClipEnding ending = clip->ending().value_or(EndOf(*clip, held));
  const bool moved = MoveOn(clip, std::move(held), ending);
  recording->account->Update(journal_, [&](CoverageLedger& ledger, auto& records) {
    if (was_current) {
      ledger.Stored(moved ? ending.wall_end : lost.from);
      ledger.Interrupt(reason, moved ? ending.wall_end : lost.from, records);
    } else if (!moved) {
      ledger.Lost(lost, reason, records);
    }
  });
  if (!moved) {
    RecordCondemned(*clip, clips_,
                    {.ended_by = ClipEnd::kCondemned,
                     .media_end = durable.media_end,
                     .wall_end = durable.wall_end,
                     .ends_run = ending.ends_run});
  }
  if (!was_current) return;
  recording->clip = nullptr;
  current_.erase(recording->account.get());
  recording->account->failed_ordinal = recording->run->ordinal;
}

/// False: no other volume takes it.
bool RunWriter::MoveOn(const ClipPointer& clip, std::vector<HeldFragment> held,
                       const ClipEnding& ending) {
  Recording& recording = *clip->recording();
  if (recording.rescued) return false;
  RescuedClip rescued{.clip = clip,
                      .files = &clips_,
                      .held = std::move(held),
                      .ending = ending,
                      .sequence = recording.next_sequence};
  recording.next_sequence += kFilesCondemnedMax;
  return others_.Take(volume_, std::move(rescued));
}

/// The run is another volume's to go on with: here there is one clip of it.
void RunWriter::OnRescued(const RescuedClip& rescued) {
  const Recording& from = *rescued.clip->recording();
  auto recording = std::make_shared<Recording>();
  recording->account = from.account;
  recording->run = from.run;
  recording->next_sequence = rescued.sequence;
  recording->rescued = true;
  auto clip = Refile(recording, rescued.held);
  if (clip.has_value()) {
    RecordCondemned(*rescued.clip, *rescued.files, BeginOf(*rescued.held.front().fragment));
    return Close(*clip, rescued.ending);
  }
  const GapReason reason = NoteFailure(clip.error());
  const ClipEnding durable = rescued.clip->EndOfDurable();
  recording->account->Update(journal_, [&](CoverageLedger& ledger, auto& records) {
    ledger.Lost({durable.wall_end, rescued.ending.wall_end}, reason, records);
  });
  RecordCondemned(*rescued.clip, *rescued.files,
                  {.ended_by = ClipEnd::kCondemned,
                   .media_end = durable.media_end,
                   .wall_end = durable.wall_end,
                   .ends_run = rescued.ending.ends_run});
}

void RunWriter::RecordCondemned(OpenClip& clip, ClipFiles& files, const ClipEnding& ending) {
  std::vector<JournalRecord> records;
  if (clip.has_durable_fragments()) {
    ClipClosed record = clip.Record();
    record.media_end = ending.media_end;
    record.wall_end = ending.wall_end;
    records.emplace_back(std::move(record));
  } else {
    records.emplace_back(ClipVoided{clip.opened().clip});
    files.Unlink(clip);
  }
  if (ending.ends_run) {
    records.emplace_back(RunEnded{
        .run = clip.opened().clip.run, .media_end = ending.media_end, .wall_end = ending.wall_end});
  }
  journal_.Append(records);
}

/// Gives up the file of a clip that is about to be void.
void RunWriter::Drop(const ClipPointer& clip) {
  clips_.Forget(clip);
  clips_.Unlink(*clip);
}

/// Takes back a clip that was opened and came to nothing; where it should have started a run, the
/// gap before goes on.
void RunWriter::Void(StreamAccount& account, const ClipOpened& opened,
                     std::optional<GapReason> run_too) {
  account.Update(journal_, [&](CoverageLedger& ledger, auto& records) {
    records.emplace_back(ClipVoided{opened.clip});
    if (!run_too) return;
    records.emplace_back(RunEnded{
        .run = opened.clip.run, .media_end = opened.media_start, .wall_end = opened.wall_start});
    ledger.Interrupt(*run_too, opened.wall_start, records);
  });
}

/// The stream's run is not stored any further: a gap from the end of what is stored, and ingest's
/// side starts anew.
void RunWriter::Refuse(StreamAccount& account, const Run& run, GapReason reason, WallTime from) {
  account.failed_ordinal = std::max<std::uint64_t>(account.failed_ordinal, run.ordinal);
  ++account.fragments_dropped;
  account.Update(journal_, [&](CoverageLedger& ledger, auto& records) {
    ledger.Interrupt(reason, from, records);
  });
}

std::optional<GapReason> RunWriter::Refusal() const {
  if (volume_.is_full()) return GapReason::kVolumeFull;
  if (clock_.Monotonic().time_since_epoch().count() < retry_at_) return refusal_.load();
  return std::nullopt;
}

void RunWriter::LookAtSpace() {
  if (!volume_.is_full()) {
    full_since_.reset();
  } else if (!full_since_) {
    full_since_ = clock_.Monotonic();
  }
}

/// As Refusal, but that a stream is given the time to leave.
std::optional<GapReason> RunWriter::RefusalOfFragment() const {
  if (!volume_.is_full()) return Refusal();
  const bool in_time = !full_since_ || clock_.Monotonic() - *full_since_ <= kLeaveWithin;
  if (in_time && others_.AcceptFrom(volume_)) return std::nullopt;
  return GapReason::kVolumeFull;
}

GapReason RunWriter::ReasonOf(const Error& why) {
  return why.code() == ErrorCode::kResourceExhausted ? GapReason::kVolumeFull
                                                     : GapReason::kWriteFailed;
}

GapReason RunWriter::NoteFailure(const Error& why) {
  volume_.CountFailure();
  log::Error("alarm: a volume refuses to store",
             {{"volume", ToString(volume_.id())}, {"why", why}});
  refusal_ = ReasonOf(why);
  if (refusal_ == GapReason::kVolumeFull) volume_.SetFull();
  retry_at_ = (clock_.Monotonic() + kVolumeRetry).time_since_epoch().count();
  return refusal_;
}

}  // namespace yagura::storage
