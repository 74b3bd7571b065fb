#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/media/live_axis.h"
#include "core/access_unit.h"
#include "core/time.h"
#include "storage/newest_gop.h"

namespace yagura::api {

/// A stretch of a live stream as it is fetched: `moof` and `mdat`.
struct LivePart {
  SharedBytes bytes;
  std::int64_t duration_90k = 0;
  bool independent = false;  // begins with a keyframe
  WallTime from{};
  WallTime to{};     // of its last frame, and a little more
  WallTime since{};  // `to` of the part that this one goes on from: till then that one is shown
};

/// A segment or, where `part` is there, one part of it: "12", "12.3".
struct LivePlace {
  std::uint64_t segment = 0;
  std::optional<std::size_t> part;
};

/// One stream as low-latency HLS has it (RFC 8216bis, section 4.4.4.9 and appendix B): segments
/// that begin with a keyframe, in parts of a fifth of a second, the newest few of them; made once
/// for all who follow it. Thread-safe.
class LivePackage {
 public:
  /// Of all packages that count into one `all`: beyond it each keeps the fewest segments.
  static constexpr std::uint64_t kAllBytesMax = std::uint64_t{1} << 30;

  /// Segments are numbered from `first` on: a later package of the same stream begins higher.
  explicit LivePackage(std::uint64_t first,
                       storage::HeldBytes all = std::make_shared<std::atomic<std::uint64_t>>(0))
      : all_(std::move(all)), next_segment_(first) {}
  ~LivePackage() { *all_ -= bytes_; }
  LivePackage(const LivePackage&) = delete;
  LivePackage& operator=(const LivePackage&) = delete;

  void Add(const AccessUnit& unit);
  /// The stream was interrupted: what comes next doesn't go on from what is here.
  void Interrupt();
  /// Nothing comes any more: nobody waits.
  void End();
  /// `wake` is called, on any thread, when there is more; it must not block, nor call back. Gives a
  /// number for Forget, after which it is called no more.
  [[nodiscard]] std::uint64_t OnMore(std::function<void()> wake);
  void Forget(std::uint64_t waiter);

  /// The media playlist for who may see pictures from `from` on, or nothing where it has no part
  /// yet. Addresses are relative to /v1/cameras/{id}/live.m3u8, and carry `suffix` in their query.
  [[nodiscard]] std::optional<std::string> Playlist(WallTime from, const std::string& suffix) const;
  /// Whether the stream has come so far: a part is there, a segment has ended.
  [[nodiscard]] bool HasReached(const LivePlace& place) const;
  /// Whether it comes soon.
  [[nodiscard]] bool IsNext(const LivePlace& place) const;
  /// The parts of a place that is there; empty where it isn't, or isn't any more.
  [[nodiscard]] std::vector<LivePart> Find(const LivePlace& place) const;
  /// The header that the playlist names so (`ftyp`, `moov`); empty where there is none.
  [[nodiscard]] std::string Init(const std::string& name) const;
  [[nodiscard]] bool ended() const;
  /// Of JPEG there is no HLS.
  [[nodiscard]] bool is_jpeg() const;

 private:
  struct Segment {
    std::uint64_t number = 0;
    std::string init;            // its name
    bool discontinuous = false;  // doesn't go on from the one before
    std::uint64_t breaks = 0;    // discontinuities until here, and with this one
    std::vector<LivePart> parts;
    std::int64_t duration_90k = 0;
    bool closed = false;
  };
  static void AppendSegment(std::string& text, const Segment& segment, const Segment* before,
                            bool in_parts, const std::string& suffix);
  struct Frame {
    AccessUnit unit;
    LiveAxis::Place place;
  };
  // All under mutex_:
  void Begin(const AccessUnit& unit);
  void ClosePart();
  void CloseSegment();
  void DropOld();
  void Wake();
  [[nodiscard]] std::int64_t PendingDuration() const;
  [[nodiscard]] WallTime ShownSince(WallTime from) const;
  [[nodiscard]] const Segment* SegmentAt(std::uint64_t number) const;

  const storage::HeldBytes all_;
  mutable std::mutex mutex_;
  LiveAxis axis_;
  std::deque<Segment> segments_;  // the last may be open
  std::vector<Frame> pending_;    // of the next part
  std::map<std::string, std::string> inits_;
  std::shared_ptr<const StreamFormat> format_;
  std::uint32_t timeline_ = 0;
  std::uint32_t sequence_ = 0;  // of fragments
  std::uint64_t next_segment_;
  std::uint64_t breaks_ = 0;
  std::optional<WallTime> shown_until_;  // by the parts since the last break
  std::uint64_t bytes_ = 0;
  bool interrupted_ = false;
  bool ended_ = false;
  std::map<std::uint64_t, std::function<void()>> waiters_;
  std::uint64_t last_waiter_ = 0;
};

}  // namespace yagura::api
