// The part of RunWriter that deals with a disk that refuses.

#include <algorithm>
#include <utility>

#include "core/log.h"
#include "storage/run_writer.h"

namespace yagura::storage {
namespace {

/// So often a run's fragments are moved on to yet another file; then the disk is given up for it.
constexpr std::uint32_t kFilesCondemnedMax = 3;

}  // namespace

/// Moves what a condemned clip holds, and the fragment that it refused, to a new clip of the same
/// run.
void RunWriter::Rescue(const ClipPointer& clip, std::optional<HeldFragment> unwritten) {
  auto held = clip->TakeHeld();
  if (!held) return;
  const RecordingPointer recording = clip->recording();
  const bool was_current = recording->clip == clip;
  const auto ending = clip->ending();
  log::Error("a clip file is condemned",
             {{"clip", ToString(clip->opened().clip)},
              {"fragments_held", static_cast<std::int64_t>(held->size())}});
  clips_.Forget(clip);
  if (was_current) recording->clip = nullptr;
  if (unwritten) held->push_back(*unwritten);
  if (held->empty()) return RecordCondemned(*clip, ending.value_or(clip->EndOfDurable()));

  auto replacement = Refile(recording, *held);
  if (!replacement.has_value()) return GiveUp(clip, was_current, replacement.error());
  const Fragment& first = *held->front().fragment;
  RecordCondemned(*clip, {.ended_by = ClipEnd::kCondemned,
                          .media_end = first.start,
                          .wall_end = first.wall_start,
                          .ends_run = false});
  if (unwritten) NoteStored(*recording, *unwritten->fragment);
  if (was_current) recording->clip = *replacement;
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

/// What the condemned clip held is lost: it ends where it is durable, and there a gap begins.
void RunWriter::GiveUp(const ClipPointer& clip, bool was_current, const Error& why) {
  const RecordingPointer recording = clip->recording();
  const GapReason reason = NoteFailure(why);
  const ClipEnding durable = clip->EndOfDurable();
  const WallRange lost{durable.wall_end, clip->EndOfWritten().wall_end};
  recording->account->Update(journal_, [&](CoverageLedger& ledger, auto& records) {
    if (!was_current) return ledger.Lost(lost, reason, records);
    ledger.Stored(lost.from);
    ledger.Interrupt(reason, lost.from, records);
  });
  const auto ending = clip->ending();
  RecordCondemned(*clip, {.ended_by = ClipEnd::kCondemned,
                          .media_end = durable.media_end,
                          .wall_end = durable.wall_end,
                          .ends_run = was_current || (ending && ending->ends_run)});
  if (!was_current) return;
  current_.erase(recording->account.get());
  recording->account->failed_ordinal = recording->run->ordinal;
}

void RunWriter::RecordCondemned(OpenClip& clip, const ClipEnding& ending) {
  std::vector<JournalRecord> records;
  if (clip.has_durable_fragments()) {
    ClipClosed record = clip.Record();
    record.media_end = ending.media_end;
    record.wall_end = ending.wall_end;
    records.emplace_back(std::move(record));
  } else {
    records.emplace_back(ClipVoided{clip.opened().clip});
    clips_.Unlink(clip);
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

GapReason RunWriter::ReasonOf(const Error& why) {
  return why.code() == ErrorCode::kResourceExhausted ? GapReason::kVolumeFull
                                                     : GapReason::kWriteFailed;
}

GapReason RunWriter::NoteFailure(const Error& why) {
  log::Error("volume refuses to store", {{"volume", ToString(volume_.id())}, {"why", why}});
  refusal_ = ReasonOf(why);
  if (refusal_ == GapReason::kVolumeFull) volume_.SetFull();
  retry_at_ = (clock_.Monotonic() + kVolumeRetry).time_since_epoch().count();
  return refusal_;
}

}  // namespace yagura::storage
