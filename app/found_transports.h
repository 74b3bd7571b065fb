#pragma once

#include <optional>
#include <vector>

#include "fleet/found_transports_pg.h"
#include "ingest/supervisor.h"

namespace yagura::app {

/// What there is to tell the database about cameras whose record says `auto`: nothing as long as
/// nothing changes. Pure; one thread.
class FoundTransports {
 public:
  struct Told {
    std::vector<fleet::FoundTransport> found;
    std::vector<CameraId> told_by_record;  // over no transport that would have to be found
    friend bool operator==(const Told&, const Told&) = default;
  };
  /// All that is to be said of `cameras`, main streams, where it isn't what was said last. One that
  /// is away keeps what was found before.
  [[nodiscard]] std::optional<Told> Look(const std::vector<ingest::CameraStatus>& cameras);
  /// The database has taken it.
  void Said(Told told) { said_ = std::move(told); }

 private:
  std::optional<Told> said_;
};

}  // namespace yagura::app
