#include "app/sent_check.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "ingest/wall_clock.h"

namespace yagura::app {
namespace {

using FrameKey = std::pair<std::uint64_t, std::uint64_t>;  // epoch, number

struct SentOnce {
  std::uint32_t crc = 0;
  WallTime sent{};
  WallTime captured{};
  bool broken = false;
};
/// In decoding order within an epoch. A frame sent in several sessions counts once, as of its first
/// sending.
using SentFrames = std::map<FrameKey, SentOnce>;

SentFrames FramesOfCamera(const SentLog& log, std::uint32_t camera) {
  std::unordered_map<std::uint32_t, std::uint64_t> epoch_of_session;
  for (const SentSession& session : log.sessions) {
    if (session.camera == camera) epoch_of_session.emplace(session.session, session.epoch);
  }
  SentFrames frames;
  for (const SentFrame& frame : log.frames) {
    const auto session = epoch_of_session.find(frame.session);
    if (session == epoch_of_session.end()) continue;
    const auto [known, fresh] =
        frames.try_emplace(FrameKey{session->second, frame.number},
                           SentOnce{frame.crc, frame.sent, frame.captured, frame.broken});
    if (!fresh && !frame.broken) known->second.broken = false;
  }
  return frames;
}

/// The usual distance of two frames of one epoch; 0 where there are too few to tell.
microseconds FrameInterval(const SentFrames& frames) {
  std::vector<microseconds> distances;
  for (auto it = frames.begin(); it != frames.end(); ++it) {
    const auto next = std::next(it);
    if (next == frames.end() || distances.size() >= 1000) break;
    if (next->first.first == it->first.first && next->first.second == it->first.second + 1) {
      distances.push_back(next->second.sent - it->second.sent);
    }
  }
  if (distances.empty()) return microseconds(0);
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return *middle;
}

bool CoveredBy(const std::vector<WallRange>& ranges, WallTime instant, microseconds tolerance) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const WallRange& range) {
    return instant >= range.from - tolerance && instant < range.to + tolerance;
  });
}

/// A farm that goes on sending writes its log a little later than its frames.
bool IsStillToBeLogged(const FrameKey& key, const SentFrames& sent, WallTime settled_until) {
  auto after = sent.upper_bound(key);
  if (after != sent.end() && after->first.first == key.first) return false;
  return after != sent.begin() && std::prev(after)->first.first == key.first &&
         std::prev(after)->second.sent > settled_until;
}

using StoredFrames = std::map<FrameKey, const StoredFrame*>;

StoredFrames IndexStored(const CameraEvidence& camera, const SentFrames& sent,
                         SentVerdict& verdict) {
  StoredFrames index;
  for (const StoredFrame& frame : camera.stored) {
    const FrameKey key{frame.epoch, frame.number};
    const auto say = [&](const std::string& what) {
      verdict.disagreements.push_back(camera.name + ": frame " + std::to_string(frame.number) +
                                      " " + what + " (" + frame.place + ")");
    };
    const auto [known, fresh] = index.emplace(key, &frame);
    if (!fresh) say("is stored twice, also in " + known->second->place);
    const auto original = sent.find(key);
    if (original == sent.end()) {
      if (!IsStillToBeLogged(key, sent, camera.settled_until)) say("was never sent by this camera");
    } else if (!frame.intact || frame.crc != original->second.crc) {
      say("was stored with other bytes than were sent");
    }
  }
  return index;
}

/// By how much the recorder dated the stored frames next to `key` late; only of the same epoch.
std::vector<microseconds> LatenessBeside(const FrameKey& key, const StoredFrames& stored,
                                         const SentFrames& sent) {
  std::vector<microseconds> lateness;
  const auto note = [&](StoredFrames::const_iterator neighbour) {
    const auto original = sent.find(neighbour->first);
    if (neighbour->first.first != key.first || original == sent.end()) return;
    const microseconds late = neighbour->second->dated - original->second.captured;
    if (std::chrono::abs(late) <= ingest::WallClock::kMaxError) lateness.push_back(late);
  };
  const auto after = stored.upper_bound(key);
  if (after != stored.end()) note(after);
  if (after != stored.begin()) note(std::prev(after));
  return lateness;
}

/// Sums up lost frames that follow each other as one disagreement.
class LostStretches {
 public:
  void Add(const FrameKey& key, const SentOnce& frame) {
    if (!last_ || last_->first != key.first || last_->second + 1 != key.second) {
      stretches_.push_back({key.second, key.second, frame.captured, frame.captured});
    }
    stretches_.back().last_number = key.second;
    stretches_.back().last = frame.captured;
    last_ = key;
  }
  void Report(const std::string& camera, std::vector<std::string>& into) const {
    for (const Stretch& stretch : stretches_) {
      into.push_back(camera + ": frames " + std::to_string(stretch.first_number) + " to " +
                     std::to_string(stretch.last_number) + " (" + FormatRfc3339(stretch.first) +
                     " to " + FormatRfc3339(stretch.last) + ") are neither stored nor in a gap");
    }
  }

 private:
  struct Stretch {
    std::uint64_t first_number;
    std::uint64_t last_number;
    WallTime first;
    WallTime last;
  };
  std::vector<Stretch> stretches_;
  std::optional<FrameKey> last_;
};

}  // namespace

SentVerdict JudgeSentFrames(const SentLog& log, const CameraEvidence& camera) {
  SentVerdict verdict;
  const SentFrames sent = FramesOfCamera(log, camera.number);
  const microseconds tolerance = FrameInterval(sent) + kInstantTolerance;
  const auto stored = IndexStored(camera, sent, verdict);
  const auto in_gap = [&](const FrameKey& key, WallTime captured) {
    if (CoveredBy(camera.gaps, captured, tolerance)) return true;
    const auto lateness = LatenessBeside(key, stored, sent);
    return std::any_of(lateness.begin(), lateness.end(), [&](microseconds late) {
      return CoveredBy(camera.gaps, captured + late, tolerance);
    });
  };
  LostStretches lost;
  for (const auto& [key, frame] : sent) {
    const bool is_stored = stored.contains(key);
    if (!is_stored && !CoveredBy(camera.due, frame.captured, microseconds(0))) continue;
    ++verdict.sent;
    if (frame.broken) ++verdict.broken;
    if (is_stored) {
      ++verdict.stored;
    } else if (in_gap(key, frame.captured)) {
      ++verdict.in_gaps;
    } else if (frame.sent > camera.settled_until) {
      ++verdict.unsettled;
    } else {
      ++verdict.lost;
      lost.Add(key, frame);
    }
  }
  lost.Report(camera.name, verdict.disagreements);
  return verdict;
}

}  // namespace yagura::app
