#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "fleet/camera.h"
#include "storage/owner_schedule.h"

/// What the recorder needs to know of the fleet: which cameras to pull, when, and whose footage it
/// is. Values and pure functions; read by recorder_view_pg.h, kept across restarts by
/// last_configuration.h.
namespace yagura::fleet {

/// A value of a dated row and the time it holds, up to WallTime::max() where it is not closed.
template <class T>
struct Dated {
  T value;
  WallRange valid;
  friend bool operator==(const Dated&, const Dated&) = default;
};

/// A camera's sub stream, as the recorder has to see it.
struct SubStream {
  std::string url;
  /// Its own, or those of the main stream where it has none and is on the same host; empty: none.
  SealedCredentials sealed_credentials;
  CameraTransport transport = CameraTransport::kTcp;
  bool recorded = false;  // else it is pulled for who watches
  std::optional<WallTime> parking_lifted_at{};
  friend bool operator==(const SubStream&, const SubStream&) = default;
};

/// A camera with its main stream, as the recorder has to see it.
struct RecordedCamera {
  CameraId id;
  std::string code;
  std::string url;
  SealedCredentials sealed_credentials;  // empty: the camera asks for none
  /// Past, present and future, by `from`; one lasts until the next begins.
  std::vector<storage::OwnerSpan> owners;
  /// When it is to be recorded: staged or in service, with a floor and a unit in charge. By time,
  /// apart from each other; the last may reach WallTime::max().
  std::vector<WallRange> due;
  /// Operations, or a change of its address or credentials, said that what it sends may be another
  /// thing now: crashes before count no more (docs/design/crash-book.md). Only ever grows.
  std::optional<WallTime> parking_lifted_at{};
  CameraTransport transport = CameraTransport::kTcp;
  /// Over TLS: the certificate that it must show, a SHA-256 as 64 digits; empty: none is known yet.
  std::string certificate{};
  /// One that was taken before this was changed counts no more. Only ever grows.
  std::optional<WallTime> certificate_forgotten_at{};
  std::optional<SubStream> sub{};
  friend bool operator==(const RecordedCamera&, const RecordedCamera&) = default;
};

struct RecorderView {
  std::int64_t epoch = 0;               // of the facts; a change of any fact is a greater one
  std::vector<RecordedCamera> cameras;  // by code
  friend bool operator==(const RecorderView&, const RecorderView&) = default;
};

/// A camera's dated rows, in any order; those of a kind don't overlap.
struct CameraDates {
  std::vector<Dated<UnitId>> charges;
  std::vector<Dated<FloorId>> placements;
  std::vector<WallRange> recorded;  // in which its state is one that is recorded
};

struct OwnersAndDue {
  std::vector<storage::OwnerSpan> owners;
  std::vector<WallRange> due;
};
/// Joins charges and placements to owners, and states with them to what is due. Pure.
[[nodiscard]] OwnersAndDue JoinDates(CameraDates dates);

/// The stretch of `due` for which a camera is to be recorded at `now`: the one that `now` lies in;
/// or that for which it is `recorded` already, where our clock was set back to before it. Pure.
[[nodiscard]] std::optional<WallRange> DueAt(const std::vector<WallRange>& due, WallTime now,
                                             const std::optional<WallRange>& recorded = {});
/// The end of the newest stretch of `due` that had begun by `now`, at most `now`; `now` where none
/// had. Pure.
[[nodiscard]] WallTime EndOfDue(const std::vector<WallRange>& due, WallTime now);

/// `ranges` by time, those that touch or overlap joined to one, empty ones left out. Pure.
[[nodiscard]] std::vector<WallRange> Joined(std::vector<WallRange> ranges);

}  // namespace yagura::fleet
