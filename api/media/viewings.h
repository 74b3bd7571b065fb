#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "access_control/gate.h"
#include "api/media/byte_timeline.h"
#include "api/media/clip_folder.h"
#include "api/media/clip_layout.h"
#include "api/media/footage_plan.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"
#include "storage/catalogue.h"

namespace yagura::api {

/// A clip as it is served byte for byte, known by its id inside an open viewing.
struct ServedClip {
  storage::ClipRow row;
  bool grows = false;  // it was being written then, and may have more by now
  std::array<std::uint8_t, 32> init_sha256{};  // of its run
  ClipPlace place;
  std::string etag;
  ByteTimeline timeline;
  std::shared_ptr<ClipLayout> layout;
};

inline constexpr std::chrono::milliseconds kLiveTrust{1'900};

/// A viewing that was recorded and goes on: who may be handed which footage, without asking the
/// database each time. Thread-safe.
class OpenViewing {
 public:
  OpenViewing(access_control::Caller caller, access_control::Viewing viewing,
              std::vector<access_control::Footage> footage, std::optional<ServedClip> clip)
      : caller_(std::move(caller)),
        viewing_(std::move(viewing)),
        footage_(std::move(footage)),
        clip_(std::move(clip)) {}
  /// Of what a camera shows now; it, and what goes on where it ends, is over by `last_until`.
  OpenViewing(access_control::Caller caller, access_control::Viewing viewing, WallTime last_until)
      : caller_(std::move(caller)), viewing_(std::move(viewing)), last_until_(last_until) {}

  [[nodiscard]] const access_control::Caller& caller() const { return caller_; }
  [[nodiscard]] const access_control::Viewing& viewing() const { return viewing_; }
  [[nodiscard]] const std::vector<access_control::Footage>& footage() const { return footage_; }
  [[nodiscard]] const std::optional<ServedClip>& clip() const { return clip_; }
  /// The right has ended: not one byte more.
  [[nodiscard]] bool is_cut() const { return cut_; }
  void Cut() { cut_ = true; }
  /// Live: until when pictures may be handed out on the last look at the right. Nothing recorded
  /// 2 s after the right has ended is handed out, even where no look succeeds.
  [[nodiscard]] MonoTime trusted_until() const { return trusted_until_; }
  /// Live: when the right ends, by that look, and at the latest.
  [[nodiscard]] WallTime ends_at() const { return ends_at_; }
  [[nodiscard]] WallTime last_until() const { return last_until_; }
  void Trust(MonoTime look, WallTime ends_at) {
    ends_at_ = std::min(ends_at, last_until_);
    trusted_until_ = look + kLiveTrust;
  }

  /// `bytes`, which show `time`, have been handed out.
  void AddDelivered(WallRange time, std::uint64_t bytes);
  /// What was handed out since the last call, as the gate records it.
  [[nodiscard]] access_control::Delivery TakeDelivered();
  /// Puts back what could not be recorded.
  void PutBack(const access_control::Delivery& delivery);

 private:
  const access_control::Caller caller_;
  const access_control::Viewing viewing_;
  const std::vector<access_control::Footage> footage_;
  const std::optional<ServedClip> clip_;
  const WallTime last_until_ = WallTime::max();
  std::atomic<bool> cut_ = false;
  std::atomic<MonoTime> trusted_until_ = MonoTime();
  std::atomic<WallTime> ends_at_ = WallTime();
  std::mutex mutex_;
  std::vector<WallRange> delivered_;   // guarded by mutex_
  std::uint64_t delivered_bytes_ = 0;  // guarded by mutex_
};

/// All viewings that are open in this process. Its thread looks after them again and again: checks
/// the right of those whose bytes are on their way, cuts them where it has ended; then records what
/// was handed out each minute and, when nobody has asked for `idle_max`, at the end, for a moment:
/// the rest waits for the next round, so that no right is looked at late. Thread-safe.
class Viewings {
 public:
  struct Times {
    std::chrono::milliseconds look_each{250};
    std::chrono::milliseconds report_each{60'000};
    std::chrono::milliseconds idle_max{120'000};
  };
  /// How many may be open: in all; of one person, whatever their sessions, so that nobody uses up
  /// what is there for all; and of one session.
  struct Limits {
    std::ptrdiff_t all = 10'000;
    std::ptrdiff_t of_person = 1'000;
    std::ptrdiff_t of_session = 250;
  };
  Viewings(access_control::Gate& gate, const Clock& clock)
      : Viewings(gate, clock, Times(), Limits()) {}
  Viewings(access_control::Gate& gate, const Clock& clock, Times times, Limits limits);
  /// Cuts all and records their ends, as far as PostgreSQL is there.
  ~Viewings();
  Viewings(const Viewings&) = delete;
  Viewings& operator=(const Viewings&) = delete;

  /// An open viewing of the caller, at their terminal, that covers `stretch`, of the clip `id` up
  /// to that byte, of anything of `camera`, or of what it shows now and until then; nothing where
  /// there is none.
  [[nodiscard]] std::shared_ptr<OpenViewing> Find(const access_control::Caller& caller,
                                                  access_control::Action action, CameraId camera,
                                                  const ViewingStretch& stretch);
  [[nodiscard]] std::shared_ptr<OpenViewing> FindClip(const access_control::Caller& caller,
                                                      const ClipId& id, std::uint64_t last_byte);
  [[nodiscard]] std::shared_ptr<OpenViewing> FindAny(const access_control::Caller& caller,
                                                     access_control::Action action,
                                                     CameraId camera);
  [[nodiscard]] std::shared_ptr<OpenViewing> FindLive(const access_control::Caller& caller,
                                                      CameraId camera, WallTime until);
  /// Of those of what the camera shows, the last that was asked for within `within`, also where it
  /// reaches no further than now: what somebody goes on asking for goes on from it.
  [[nodiscard]] std::shared_ptr<OpenViewing> FindLastLive(const access_control::Caller& caller,
                                                          CameraId camera,
                                                          std::chrono::milliseconds within);

  /// Keeps a viewing that the gate has recorded (after Gate::Enter has returned). Where its session
  /// has as many as it may have, the one not asked for the longest ends.
  /// kResourceExhausted: too many are open, and in use.
  [[nodiscard]] Result<std::shared_ptr<OpenViewing>> Add(std::shared_ptr<OpenViewing> viewing);

  /// Finds or opens the viewing for the next stretch of something longer; decides and records it.
  /// Errors as Gate::Enter.
  [[nodiscard]] Result<std::shared_ptr<OpenViewing>> Ensure(const access_control::Caller& caller,
                                                            access_control::Action action,
                                                            CameraId camera,
                                                            const ViewingStretch& stretch);

  using Look = access_control::Gate::Look;
  /// Whether bytes may still be handed out inside `open` (Gate::Recheck). An error also cuts it.
  [[nodiscard]] Result<void> Recheck(OpenViewing& open, Look look = Look::kRecent);

 private:
  struct Entry {
    std::shared_ptr<OpenViewing> open;
    MonoTime used_at;
    MonoTime reported_at;
  };
  template <class Fits>
  std::shared_ptr<OpenViewing> FindWhere(const access_control::Caller& caller, Fits fits);
  void Run();
  void LookAfterAll();
  /// Checks the right of one whose bytes are on their way.
  void LookAfter(const Entry& entry);
  /// Records what is due of one. False where it has ended and is recorded.
  bool ReportDue(Entry& entry);
  [[nodiscard]] Result<void> RecheckLive(OpenViewing& open);
  /// Under mutex_. False where the session has all it may have, and uses them.
  [[nodiscard]] bool MakePlaceFor(SessionId session);
  /// Ends one that nobody uses; false where somebody does now.
  bool CutUnused(const Entry& entry);
  bool Report(OpenViewing& open, bool last);

  access_control::Gate& gate_;
  const Clock& clock_;
  const Times times_;
  const Limits limits_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::list<Entry> entries_;        // guarded by mutex_
  long ours_ = 1;                   // guarded by mutex_; shares of each that are no use of it
  bool stopping_ = false;           // guarded by mutex_
  MonoTime reports_pause_until_{};  // only of the thread
  std::thread thread_;
};

}  // namespace yagura::api
