#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "core/camera_stream.h"
#include "core/time.h"

namespace yagura::ingest {

/// How often one camera is asked in vain: at most kSessionsMax RTSP sessions that came to no
/// footage begin within kWindow, whatever was wrong with them, those of its main and of its sub
/// stream together. The main stream comes first: the sub stream asks only while kKeptForMain are
/// left. Only those count that the camera answered: one that starts up, and drops who connects, is
/// to record as soon as it can. Pure; one thread.
class SessionBudget {
 public:
  static constexpr std::size_t kSessionsMax = 6;
  static constexpr std::size_t kKeptForMain = 4;
  static constexpr std::chrono::seconds kWindow{60};

  /// One that began at `at`. One that showed credentials twice counts as two.
  void NoteSession(Stream stream, MonoTime at) {
    const auto later = std::ranges::find_if(begun_, [&](const Begun& one) { return one.at > at; });
    begun_.insert(later, {at, stream});
    if (begun_.size() > kSessionsMax) begun_.erase(begun_.begin());
  }
  /// Footage of the stream came, or somebody changed its record.
  void Forget(Stream stream) {
    std::erase_if(begun_, [stream](const Begun& one) { return one.stream == stream; });
  }
  /// From when on the stream's next one may begin.
  [[nodiscard]] MonoTime NextAt(Stream stream) const {
    const std::size_t most = stream == Stream::kMain ? kSessionsMax : kSessionsMax - kKeptForMain;
    return begun_.size() < most ? MonoTime() : begun_[begun_.size() - most].at + kWindow;
  }

 private:
  struct Begun {
    MonoTime at;
    Stream stream;
  };
  std::vector<Begun> begun_;  // the newest last, at most kSessionsMax
};

}  // namespace yagura::ingest
