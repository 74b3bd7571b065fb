#include "storage/run_writer.h"

#include <utility>

#include "core/log.h"

namespace yagura::storage {
namespace {

ClipOpened OpenedFor(Recording& recording, const HeldFragment& first, const VolumeId& volume) {
  const RunOpened& run = recording.run->opened;
  return {.clip = {run.run, recording.next_sequence++},
          .camera = run.camera,
          .stream = run.stream,
          .volume = volume,
          .owner = run.owner,
          .clock = first.fragment->repeated ? ClockState::kRepeated : recording.run->clock,
          .media_start = first.fragment->start,
          .wall_start = first.fragment->wall_start,
          .lead_in = first.lead_in};
}

RunOpened OpenedFor(const Run& run, const Fragment& first) {
  RunOpened opened = run.opened;
  opened.media_start = first.start;
  opened.wall_start = first.wall_start;
  return opened;
}

ClipEnding EndingAt(const Fragment& next, ClipEnd ended_by) {
  return {.ended_by = ended_by,
          .media_end = next.start,
          .wall_end = next.wall_start,
          .ends_run = ended_by == ClipEnd::kRunEnd};
}

}  // namespace

RunWriter::~RunWriter() {
  // A recording and its clip hold each other.
  for (const auto& [account, recording] : current_) recording->clip = nullptr;
}

void RunWriter::OnFragment(const Account& account, std::shared_ptr<const Fragment> fragment) {
  const std::shared_ptr<const Run> run = fragment->run;
  if (run->ordinal <= account->failed_ordinal) return;  // the run was refused; a gap tells
  const auto known = current_.find(account.get());
  const RecordingPointer before = known == current_.end() ? nullptr : known->second;
  const bool starts_run = fragment->boundary == Boundary::kStartsRun;
  std::optional<GapReason> refusal = RefusalOfFragment();
  if (!refusal && starts_run && account->open_clips >= kStreamOpenClipsMax)
    refusal = GapReason::kRecorderOverloaded;
  if (!starts_run && (before == nullptr || before->run != run)) refusal = GapReason::kFramesDamaged;
  if (refusal) {
    Refuse(*account, *run, *refusal, fragment->wall_start);
    return EndRun(account);
  }
  HeldFragment held{.fragment = std::move(fragment), .lead_in = std::nullopt};
  if (!held.fragment->samples.front().keyframe && before) held.lead_in = before->last_keyframe;
  if (before && before->clip && held.fragment->boundary == Boundary::kNone) {
    return Continue(before, std::move(held));
  }
  RecordingPointer recording = before;
  if (starts_run) {
    recording = std::make_shared<Recording>();
    recording->account = account;
    recording->run = run;
    if (before) recording->last_keyframe = before->last_keyframe;
  }
  StartNext(recording, before, std::move(held));
}

void RunWriter::Continue(const RecordingPointer& recording, HeldFragment held) {
  const ClipPointer clip = recording->clip;
  const std::shared_ptr<const Fragment> fragment = held.fragment;
  auto appended = AppendTo(*clip, held);
  if (appended.has_value()) return NoteStored(*recording, *fragment);
  // A full disk leaves the clip whole; but what it doesn't take, another volume may.
  if (!clip->condemned() && others_.AcceptFrom(volume_)) clip->Condemn();
  if (clip->condemned()) return Rescue(clip, std::move(held));
  const GapReason reason = NoteFailure(appended.error());
  Refuse(*recording->account, *recording->run, reason, fragment->wall_start);
  EndRun(recording->account);
}

/// Starts the next clip of `recording`, which may be that of a new run, and then closes the one
/// before.
void RunWriter::StartNext(const RecordingPointer& recording, const RecordingPointer& before,
                          HeldFragment first) {
  const std::shared_ptr<const Fragment> fragment = first.fragment;
  const bool starts_run = recording != before;
  auto started = StartClip(recording, std::move(first), starts_run);
  if (!started.has_value()) {
    const GapReason reason = NoteFailure(started.error());
    Refuse(*recording->account, *recording->run, reason, fragment->wall_start);
    return EndRun(recording->account);
  }
  const ClipPointer last = before ? std::exchange(before->clip, nullptr) : nullptr;
  recording->clip = *std::move(started);
  current_[recording->account.get()] = recording;
  NoteStored(*recording, *fragment);
  if (last) Close(last, EndingAt(*fragment, starts_run ? ClipEnd::kRunEnd : ClipEnd::kRolled));
  if (!last && before && starts_run) RecordRunEnd(*before);
}

/// A new clip with `first` in it. After an error there is none, in the journal either, and a run
/// that it should have started is over.
Result<RunWriter::ClipPointer> RunWriter::StartClip(const RecordingPointer& recording,
                                                    HeldFragment first, bool starts_run) {
  const Fragment& fragment = *first.fragment;
  const ClipOpened opened = OpenedFor(*recording, first, volume_.id());
  RETURN_IF_ERROR(clips_.Prepare(opened));
  recording->account->Update(journal_, [&](CoverageLedger& ledger, auto& records) {
    if (starts_run) records.emplace_back(OpenedFor(*recording->run, fragment));
    records.emplace_back(opened);
    if (starts_run) {
      recording->account->started_ordinal = recording->run->ordinal;
      ledger.RunStarts(opened.wall_start, records);
    }
  });
  auto clip = WriteFirst(recording, opened, std::move(first));
  if (!clip.has_value()) {
    const auto run_too = starts_run ? std::optional(ReasonOf(clip.error())) : std::nullopt;
    Void(*recording->account, opened, run_too);
  }
  return clip;
}

/// The file of a clip that the journal knows, with its first fragment. After an error the file is
/// gone, or about to be found void.
Result<RunWriter::ClipPointer> RunWriter::WriteFirst(const RecordingPointer& recording,
                                                     const ClipOpened& opened, HeldFragment first) {
  ASSIGN_OR_RETURN(const ClipPointer clip, clips_.Create(recording, opened));
  auto written = clip->WriteHead();
  if (written.has_value()) written = AppendTo(*clip, std::move(first));
  if (written.has_value()) return clip;
  Drop(clip);
  return Failure(std::move(written).error());
}

/// Appends, and remembers where the last keyframe of the run lies.
Result<void> RunWriter::AppendTo(OpenClip& clip, HeldFragment held) {
  const bool keyframe = held.fragment->samples.front().keyframe;
  const KeyframeReference here{clip.opened().clip, clip.written_bytes()};
  RETURN_IF_ERROR(clip.Append(std::move(held)));
  if (keyframe) clip.recording()->last_keyframe = here;
  return {};
}

void RunWriter::NoteStored(Recording& recording, const Fragment& fragment) {
  recording.media_end = fragment.end;
  recording.wall_end = fragment.wall_end;
  recording.account->Update(
      journal_, [&](CoverageLedger& ledger, auto&) { ledger.Stored(fragment.wall_end); });
}

void RunWriter::Close(const ClipPointer& clip, const ClipEnding& ending) {
  if (auto closed = clip->Close(ending); !closed.has_value()) return Rescue(clip, std::nullopt);
  if (!clip->has_trailer()) volume_.CountFailure();  // no space for it
}

/// Closes what `account` has open at the end of what was written. The gap that follows is open
/// already.
void RunWriter::EndRun(const Account& account) {
  const auto known = current_.find(account.get());
  if (known == current_.end()) return;
  const RecordingPointer recording = known->second;
  current_.erase(known);
  const ClipPointer clip = std::exchange(recording->clip, nullptr);
  if (clip == nullptr) return RecordRunEnd(*recording);
  Close(clip, clip->EndOfWritten());
}

/// For a run whose last clip is recorded already, condemned.
void RunWriter::RecordRunEnd(const Recording& recording) {
  const std::vector<JournalRecord> records{RunEnded{.run = recording.run->opened.run,
                                                    .media_end = recording.media_end,
                                                    .wall_end = recording.wall_end}};
  journal_.Append(records);
}

void RunWriter::OnInterruption(const Account& account, std::uint64_t ordinal,
                               const Interruption& interruption) {
  account->Update(journal_, [&](CoverageLedger& ledger, auto& records) {
    if (ordinal < account->started_ordinal) return;
    ledger.Interrupt(interruption.reason, interruption.from, records);
  });
  EndRun(account);
}

void RunWriter::OnEnd(const Account& account, const EndOfStream& end) {
  account->Update(journal_, [&](CoverageLedger& ledger, auto& records) {
    if (end.gap) {
      ledger.Interrupt(*end.gap, end.at, records);
    } else {
      ledger.End(end.at, records);
    }
  });
  EndRun(account);
  account->ended = true;
}

void RunWriter::OnLeave(const Account& account, GapReason reason, MediaTime next_media_start,
                        WallTime next_start) {
  const auto known = current_.find(account.get());
  const RecordingPointer recording = known == current_.end() ? nullptr : known->second;
  account->Update(journal_, [&](CoverageLedger& ledger, auto& records) {
    if (recording) ledger.Stored(next_start);
    ledger.Interrupt(reason, next_start, records);
  });
  if (recording == nullptr) return;
  current_.erase(known);
  recording->media_end = next_media_start;
  recording->wall_end = next_start;
  const ClipPointer clip = std::exchange(recording->clip, nullptr);
  if (clip == nullptr) return RecordRunEnd(*recording);
  Close(clip, {.ended_by = ClipEnd::kRunEnd,
               .media_end = next_media_start,
               .wall_end = next_start,
               .ends_run = true});
}

void RunWriter::OnCondemned(const std::shared_ptr<OpenClip>& clip) { Rescue(clip, std::nullopt); }

}  // namespace yagura::storage
