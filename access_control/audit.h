#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yagura::access_control {

/// What is recorded. Closed: the table refuses any other name
/// (storage/schema/0004_sessions_and_audit.sql), and a test compares the two lists.
enum class AuditEvent : std::uint8_t {
  kSignedIn,
  kSignInCodeAsked,
  kSignInFailed,
  kSignInLimited,
  kSignedOut,
  kDenied,
  kFootagePermitted,
  kViewingOpened,
  kViewingDelivered,
  kUnitAdded,
  kUnitChanged,
  kPersonAdded,
  kPersonChanged,
  kPersonDisabled,
  kAssignmentAdded,
  kAssignmentEnded,
  kPlaceAdded,
  kPlaceChanged,
  kCameraAdded,
  kCameraChanged,
  kCameraRemoved,
  kChargeChanged,
  kPhaseAdded,
  kPhaseChanged,
  kPhaseStarted,
  kOfficeImported,
  kTrailRead,
  kHoldPlaced,
  kHoldReleased,
  kRetentionSet,
  kRetentionStated,
};
inline constexpr std::array kAllAuditEvents = {
    AuditEvent::kSignedIn,         AuditEvent::kSignInCodeAsked, AuditEvent::kSignInFailed,
    AuditEvent::kSignInLimited,    AuditEvent::kSignedOut,       AuditEvent::kDenied,
    AuditEvent::kFootagePermitted, AuditEvent::kViewingOpened,   AuditEvent::kViewingDelivered,
    AuditEvent::kUnitAdded,        AuditEvent::kUnitChanged,     AuditEvent::kPersonAdded,
    AuditEvent::kPersonChanged,    AuditEvent::kPersonDisabled,  AuditEvent::kAssignmentAdded,
    AuditEvent::kAssignmentEnded,  AuditEvent::kPlaceAdded,      AuditEvent::kPlaceChanged,
    AuditEvent::kCameraAdded,      AuditEvent::kCameraChanged,   AuditEvent::kCameraRemoved,
    AuditEvent::kChargeChanged,    AuditEvent::kPhaseAdded,      AuditEvent::kPhaseChanged,
    AuditEvent::kPhaseStarted,     AuditEvent::kOfficeImported,  AuditEvent::kTrailRead,
    AuditEvent::kHoldPlaced,       AuditEvent::kHoldReleased,    AuditEvent::kRetentionSet,
    AuditEvent::kRetentionStated};

/// "signed_in", and so on.
[[nodiscard]] std::string_view ToString(AuditEvent event);
[[nodiscard]] std::optional<AuditEvent> ParseAuditEvent(std::string_view text);

}  // namespace yagura::access_control
