#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/time.h"
#include "storage/clip_files.h"
#include "storage/fragment.h"
#include "storage/journal.h"
#include "storage/stream_account.h"
#include "storage/stream_cutter.h"
#include "storage/volume.h"

namespace yagura::storage {

/// A volume that refused is tried again after this long, at the next keyframe of each stream.
inline constexpr std::chrono::seconds kVolumeRetry{3};

/// Clip files of one stream that wait for their sync. A stream rolls once a minute: so many come
/// together only where it begins run after run, faster than the disk takes them; what all streams
/// share (descriptors, the journal's snapshot) is not one stream's to fill.
inline constexpr std::uint32_t kStreamOpenClipsMax = 64;

/// Due ends, or the recorder stops: what is stored is closed.
struct EndOfStream {
  WallTime at{};
  /// Due goes on without a recorder: a gap with this reason is left open. Nothing: due ends at
  /// `at`.
  std::optional<GapReason> gap;
};

/// What a condemned clip held in memory and its volume can't store: another one writes it to a clip
/// of its own, and sees to the row of the condemned one.
struct RescuedClip {
  std::shared_ptr<OpenClip> clip;  // condemned, and not in a row yet
  ClipFiles* files = nullptr;      // of its volume; outlive this
  std::vector<HeldFragment> held;  // not empty
  ClipEnding ending;               // of what is held
  std::uint32_t sequence = 0;      // of the new clip; the next few are kept free too
};

/// The other volumes of a recorder, as the writer of one sees them. Thread-safe.
class OtherVolumes {
 public:
  virtual ~OtherVolumes() = default;
  /// Whether a stream of `one` could be recorded on another volume now.
  [[nodiscard]] virtual bool AcceptFrom(const Volume& one) const = 0;
  /// Hands over what `one` can't store; false where no other volume takes it.
  [[nodiscard]] virtual bool Take(const Volume& one, RescuedClip clip) = 0;
};

/// A volume that is full goes on with a run for so long where another accepts: until the stream's
/// next keyframe comes, with which it leaves.
inline constexpr std::chrono::seconds kLeaveWithin{10};

/// Writes the runs of many streams to clips on one volume, and keeps each stream's account in the
/// journal true whatever the disk does:
///   a clip is in the journal before its file holds anything; the next clip is open before the last
///   one is closed, and so is the gap that follows a run: at every moment a stream has an open clip
///   or an open gap in the journal. What a failed file held goes to a new clip of the same run;
///   where that fails too, to another volume, and the run ends; where there is none that takes it,
///   it becomes a gap.
/// The writer thread's alone, but for accepts().
class RunWriter {
 public:
  RunWriter(Volume& volume, const Clock& clock, Journal& journal, ClipFiles& clips,
            OtherVolumes& others)
      : volume_(volume), clock_(clock), journal_(journal), clips_(clips), others_(others) {}
  /// Whatever was not ended stays as a crash would leave it.
  ~RunWriter();
  RunWriter(const RunWriter&) = delete;
  RunWriter& operator=(const RunWriter&) = delete;

  using Account = std::shared_ptr<StreamAccount>;
  void OnFragment(const Account& account, std::shared_ptr<const Fragment> fragment);
  /// `ordinal`: of the stream's newest run when it was said.
  void OnInterruption(const Account& account, std::uint64_t ordinal,
                      const Interruption& interruption);
  void OnEnd(const Account& account, const EndOfStream& end);
  /// What comes of the stream from `next_start` on goes to another volume; a run that hasn't ended
  /// goes on there, as another run, without a gap.
  void OnLeave(const Account& account, GapReason reason, MediaTime next_media_start,
               WallTime next_start);
  /// A sync of `clip` failed.
  void OnCondemned(const std::shared_ptr<OpenClip>& clip);
  /// What another volume couldn't store.
  void OnRescued(const RescuedClip& rescued);

  /// Since when the volume is full; about each second, and before what comes next.
  void LookAtSpace();

  /// With a run that goes on.
  [[nodiscard]] std::size_t streams() const { return current_.size(); }

  /// Any thread: whether a run that starts now would be taken.
  [[nodiscard]] bool accepts() const { return !Refusal(); }

 private:
  using RecordingPointer = std::shared_ptr<Recording>;

  using ClipPointer = std::shared_ptr<OpenClip>;

  // run_writer.cc: the way things usually go
  void Continue(const RecordingPointer& recording, HeldFragment held);
  void StartNext(const RecordingPointer& recording, const RecordingPointer& before,
                 HeldFragment first);
  [[nodiscard]] Result<ClipPointer> StartClip(const RecordingPointer& recording, HeldFragment first,
                                              bool starts_run);
  [[nodiscard]] Result<ClipPointer> WriteFirst(const RecordingPointer& recording,
                                               const ClipOpened& opened, HeldFragment first);
  [[nodiscard]] static Result<void> AppendTo(OpenClip& clip, HeldFragment held);
  void NoteStored(Recording& recording, const Fragment& fragment);
  void Close(const ClipPointer& clip, const ClipEnding& ending);
  void EndRun(const Account& account);
  void RecordRunEnd(const Recording& recording);

  // run_rescue.cc: when the disk refuses
  void Rescue(const ClipPointer& clip, std::optional<HeldFragment> unwritten);
  [[nodiscard]] Result<ClipPointer> Refile(const RecordingPointer& recording,
                                           const std::vector<HeldFragment>& held);
  void GiveUp(const ClipPointer& clip, std::vector<HeldFragment> held, const Error& why);
  [[nodiscard]] bool MoveOn(const ClipPointer& clip, std::vector<HeldFragment> held,
                            const ClipEnding& ending);
  void RecordCondemned(OpenClip& clip, ClipFiles& files, const ClipEnding& ending);
  void Drop(const ClipPointer& clip);
  void Void(StreamAccount& account, const ClipOpened& opened, std::optional<GapReason> run_too);
  void Refuse(StreamAccount& account, const Run& run, GapReason reason, WallTime from);
  [[nodiscard]] std::optional<GapReason> Refusal() const;
  [[nodiscard]] std::optional<GapReason> RefusalOfFragment() const;
  [[nodiscard]] static GapReason ReasonOf(const Error& why);
  GapReason NoteFailure(const Error& why);

  Volume& volume_;
  const Clock& clock_;
  Journal& journal_;
  ClipFiles& clips_;
  OtherVolumes& others_;
  std::optional<MonoTime> full_since_;
  std::unordered_map<const StreamAccount*, RecordingPointer> current_;
  /// When a refusing volume is tried again, in ticks of the monotonic clock, and the reason until
  /// then.
  std::atomic<MonoTime::rep> retry_at_ = 0;
  std::atomic<GapReason> refusal_ = GapReason::kWriteFailed;
};

}  // namespace yagura::storage
