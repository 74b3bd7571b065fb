#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "storage/clip_trailer.h"
#include "storage/files.h"
#include "storage/fragment.h"
#include "storage/journal_records.h"
#include "storage/sha256.h"

namespace yagura::storage {

class OpenClip;
class StreamAccount;

/// A run while it is written to one volume. The writer thread's; its run never changes.
struct Recording {
  std::shared_ptr<StreamAccount> account;
  std::shared_ptr<const Run> run;
  std::uint32_t next_sequence = 0;
  std::uint32_t files_condemned = 0;
  bool rescued = false;  // holds what another volume refused, and is moved no more
  std::optional<KeyframeReference> last_keyframe;
  MediaTime media_end;  // of what was stored so far
  WallTime wall_end{};
  std::shared_ptr<OpenClip> clip;  // the one appended to; nothing between a rescue and the next
                                   // fragment, and after the run
};

/// A fragment, and the keyframe that its first frame needs, where that lies before it.
struct HeldFragment {
  std::shared_ptr<const Fragment> fragment;
  std::optional<KeyframeReference> lead_in;
};

/// How a clip ends.
struct ClipEnding {
  ClipEnd ended_by = ClipEnd::kRolled;
  MediaTime media_end;
  WallTime wall_end{};
  bool ends_run = false;
};

/// The file of one clip while it is written (docs/design/clip-format.md, S3 to S7):
///   bytes are only ever appended; a fragment is in memory until a sync after its write has
///   returned; once a write or sync has failed nothing is written or synced again, and the clip
///   counts up to its last successful sync.
/// The writer thread appends and closes, the sync thread syncs; both at once is fine.
class OpenClip {
 public:
  OpenClip(std::shared_ptr<Recording> recording, ClipOpened opened, std::unique_ptr<File> file);

  /// Writer thread. Errors as of Files. After kResourceExhausted the file has been cut back to its
  /// whole fragments and can still be closed; after any other it is condemned.
  [[nodiscard]] Result<void> WriteHead();
  [[nodiscard]] Result<void> Append(HeldFragment fragment);
  /// Writes the trailer; nothing may be appended any more. Where there is no space for it the clip
  /// ends without one. kUnavailable: condemned.
  [[nodiscard]] Result<void> Close(const ClipEnding& ending);

  /// How far the file was written when a sync began.
  struct Mark {
    std::uint64_t bytes = 0;
    std::size_t fragments = 0;
    bool closing = false;
  };
  /// Sync thread: what there is to sync, nothing where there is nothing. The disk begins with it.
  [[nodiscard]] std::optional<Mark> BeginSync();
  /// Sync thread: fsync for a new or closing file, else fdatasync. An error condemns.
  [[nodiscard]] Result<void> SyncFile(const Mark& mark);
  /// What became durable and is to be hashed; the bytes live as long as this.
  struct Unhashed {
    HashJob job;
    std::vector<HeldFragment> fragments;
  };
  /// Sync thread: all up to `mark`, and the file's name, are durable. Lets go of the fragments.
  /// Where something is returned, it is to be hashed, and NoteHashed called.
  [[nodiscard]] std::optional<Unhashed> Advance(const Mark& mark);
  void NoteHashed();
  void DropFromCache();

  /// A write or sync failed, here or of its folder; or what is not durable goes elsewhere.
  void Condemn();
  [[nodiscard]] bool condemned() const;
  /// Writer thread, once: takes what is not durable out of a condemned clip, in order; nothing the
  /// second time.
  [[nodiscard]] std::optional<std::vector<HeldFragment>> TakeHeld();

  /// The row of a clip whose closing mark was advanced to, or of a condemned one whose held
  /// fragments were taken. Once.
  [[nodiscard]] ClipClosed Record();
  /// False where not one fragment is durable.
  [[nodiscard]] bool has_durable_fragments() const;
  [[nodiscard]] bool has_trailer() const;
  /// The ending asked for; nothing while the clip is open.
  [[nodiscard]] std::optional<ClipEnding> ending() const;
  /// End of the last fragment that is durable, or written.
  [[nodiscard]] ClipEnding EndOfDurable() const;
  [[nodiscard]] ClipEnding EndOfWritten() const;

  [[nodiscard]] const ClipOpened& opened() const { return opened_; }
  [[nodiscard]] const std::shared_ptr<Recording>& recording() const { return recording_; }
  /// Where the next fragment will start.
  [[nodiscard]] std::uint64_t written_bytes() const;

 private:
  struct End {
    MediaTime media;
    WallTime wall{};
  };
  [[nodiscard]] Result<void> WriteParts(std::span<const ByteView> parts);
  void Note(const Fragment& fragment);

  const std::shared_ptr<Recording> recording_;
  const std::shared_ptr<const Run> run_;
  const ClipOpened opened_;
  const std::unique_ptr<File> file_;
  std::vector<std::uint8_t> identity_;

  mutable std::mutex mutex_;
  std::uint64_t written_bytes_ = 0;
  std::uint64_t durable_bytes_ = 0;
  std::size_t durable_fragments_ = 0;
  End durable_end_;
  End written_end_;
  bool condemned_ = false;
  bool taken_ = false;
  std::deque<HeldFragment> held_;
  ClipTrailer trailer_;  // of all that was written
  std::vector<ClipKeyframe> keyframes_;
  std::optional<ClipEnding> ending_;
  std::vector<std::uint8_t> trailer_box_;  // from Close on, where there is one
  Sha256 hash_;                            // of the durable bytes, once none are being hashed
  std::atomic<bool> hashing_ = false;
};

}  // namespace yagura::storage
