#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/camera_transport.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::fleet {

/// A dated step of the rollout (phases_pg.h).
using PhaseId = Id<struct PhaseTag>;

/// What a camera is at an instant: planned; staged (set up and tried: recorded, for nobody to see);
/// accepted by operations, waiting for its phase; in service; suspended; retired, for good.
enum class CameraState : std::uint8_t {
  kPlanned,
  kStaged,
  kAccepted,
  kInService,
  kSuspended,
  kRetired,
};
/// "in_service", and so on, as stored.
[[nodiscard]] std::string_view ToString(CameraState state);
[[nodiscard]] std::optional<CameraState> ParseCameraState(std::string_view text);
/// Whether a camera in this state is due to be recorded.
[[nodiscard]] bool IsRecorded(CameraState state);
/// Whether a camera may go from one state to the other. From staged it never goes in service at
/// once: so that no clip lies in both, it is accepted before.
[[nodiscard]] bool MayFollow(CameraState before, CameraState after);

/// Bytes that only the recorder can open (sealing_sodium.h).
using SealedCredentials = std::vector<std::uint8_t>;

struct NewCamera {
  CameraId id;       // from NewId: credentials are sealed for it before it is added
  std::string code;  // "1F-03"
  std::string name;
  std::string url;  // CheckCameraUrl
  CameraTransport transport = CameraTransport::kTcp;
  std::optional<SealedCredentials> credentials;
  FloorId floor;
  UnitId unit;
  std::optional<PhaseId> phase{};
  CameraState state = CameraState::kPlanned;
  std::optional<std::string> sub_url{};  // of its sub stream; CheckCameraUrl
  bool record_sub = false;
};

/// A camera as it is at one instant.
struct CameraAtInstant {
  CameraId id;
  std::string code;
  std::string name;
  std::string url;
  CameraTransport transport = CameraTransport::kTcp;
  /// What kAuto came to, where the recorder has found out.
  std::optional<CameraTransport> found_transport;
  std::optional<std::string> sub_url;  // of its sub stream
  bool sub_recorded = false;
  std::optional<std::string> floor;  // "HQ/MAIN/1F": where it stands
  std::optional<std::string> unit;   // code of the unit in charge
  std::optional<CameraState> state;
  std::optional<std::string> phase;  // code
  /// The next instant at which floor, unit or state change, as entered.
  std::optional<WallTime> changes_at;
};

inline constexpr std::size_t kCameraUrlSizeMax = 1024;

/// kInvalidArgument for a URL that isn't rtsp://host[:port]/… (RFC 2326, 3.2), carries a user name
/// or password, or holds a character that doesn't belong in a request line.
[[nodiscard]] Result<void> CheckCameraUrl(std::string_view url);

}  // namespace yagura::fleet
