#include "access_control/audit.h"

#include <algorithm>

namespace yagura::access_control {

std::string_view ToString(AuditEvent event) {
  switch (event) {
    case AuditEvent::kSignedIn:
      return "signed_in";
    case AuditEvent::kSignInCodeAsked:
      return "sign_in_code_asked";
    case AuditEvent::kSignInFailed:
      return "sign_in_failed";
    case AuditEvent::kSignInLimited:
      return "sign_in_limited";
    case AuditEvent::kSignedOut:
      return "signed_out";
    case AuditEvent::kDenied:
      return "denied";
    case AuditEvent::kFootagePermitted:
      return "footage_permitted";
    case AuditEvent::kViewingOpened:
      return "viewing_opened";
    case AuditEvent::kViewingDelivered:
      return "viewing_delivered";
    case AuditEvent::kUnitAdded:
      return "unit_added";
    case AuditEvent::kUnitChanged:
      return "unit_changed";
    case AuditEvent::kPersonAdded:
      return "person_added";
    case AuditEvent::kPersonChanged:
      return "person_changed";
    case AuditEvent::kPersonDisabled:
      return "person_disabled";
    case AuditEvent::kAssignmentAdded:
      return "assignment_added";
    case AuditEvent::kAssignmentEnded:
      return "assignment_ended";
    case AuditEvent::kPlaceAdded:
      return "place_added";
    case AuditEvent::kPlaceChanged:
      return "place_changed";
    case AuditEvent::kCameraAdded:
      return "camera_added";
    case AuditEvent::kCameraChanged:
      return "camera_changed";
    case AuditEvent::kCameraRemoved:
      return "camera_removed";
    case AuditEvent::kChargeChanged:
      return "charge_changed";
    case AuditEvent::kPhaseAdded:
      return "phase_added";
    case AuditEvent::kPhaseChanged:
      return "phase_changed";
    case AuditEvent::kPhaseStarted:
      return "phase_started";
    case AuditEvent::kOfficeImported:
      return "office_imported";
    case AuditEvent::kTrailRead:
      return "trail_read";
    case AuditEvent::kHoldPlaced:
      return "hold_placed";
    case AuditEvent::kHoldReleased:
      return "hold_released";
  }
  return "unknown";
}

std::optional<AuditEvent> ParseAuditEvent(std::string_view text) {
  const auto* const found = std::find_if(kAllAuditEvents.begin(), kAllAuditEvents.end(),
                                         [&](AuditEvent event) { return ToString(event) == text; });
  if (found == kAllAuditEvents.end()) return std::nullopt;
  return *found;
}

}  // namespace yagura::access_control
