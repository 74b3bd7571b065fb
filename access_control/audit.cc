#include "access_control/audit.h"

#include <algorithm>
#include <array>

namespace yagura::access_control {

namespace {

struct Name {
  AuditEvent event;
  std::string_view text;
};
constexpr std::array kNames{
    Name{AuditEvent::kSignedIn, "signed_in"},
    Name{AuditEvent::kSignInCodeAsked, "sign_in_code_asked"},
    Name{AuditEvent::kSignInFailed, "sign_in_failed"},
    Name{AuditEvent::kSignInLimited, "sign_in_limited"},
    Name{AuditEvent::kSignedOut, "signed_out"},
    Name{AuditEvent::kDenied, "denied"},
    Name{AuditEvent::kFootagePermitted, "footage_permitted"},
    Name{AuditEvent::kViewingOpened, "viewing_opened"},
    Name{AuditEvent::kViewingDelivered, "viewing_delivered"},
    Name{AuditEvent::kUnitAdded, "unit_added"},
    Name{AuditEvent::kUnitChanged, "unit_changed"},
    Name{AuditEvent::kPersonAdded, "person_added"},
    Name{AuditEvent::kPersonChanged, "person_changed"},
    Name{AuditEvent::kPersonDisabled, "person_disabled"},
    Name{AuditEvent::kAssignmentAdded, "assignment_added"},
    Name{AuditEvent::kAssignmentEnded, "assignment_ended"},
    Name{AuditEvent::kPlaceAdded, "place_added"},
    Name{AuditEvent::kPlaceChanged, "place_changed"},
    Name{AuditEvent::kCameraAdded, "camera_added"},
    Name{AuditEvent::kCameraChanged, "camera_changed"},
    Name{AuditEvent::kCameraRemoved, "camera_removed"},
    Name{AuditEvent::kChargeChanged, "charge_changed"},
    Name{AuditEvent::kPhaseAdded, "phase_added"},
    Name{AuditEvent::kPhaseChanged, "phase_changed"},
    Name{AuditEvent::kPhaseStarted, "phase_started"},
    Name{AuditEvent::kOfficeImported, "office_imported"},
    Name{AuditEvent::kTrailRead, "trail_read"},
    Name{AuditEvent::kHoldPlaced, "hold_placed"},
    Name{AuditEvent::kHoldReleased, "hold_released"},
    Name{AuditEvent::kRetentionSet, "retention_set"},
    Name{AuditEvent::kRetentionStated, "retention_stated"},
};
static_assert(kNames.size() == kAllAuditEvents.size(), "each event has its name");

}  // namespace

std::string_view ToString(AuditEvent event) {
  const auto* const found = std::ranges::find(kNames, event, &Name::event);
  return found == kNames.end() ? "unknown" : found->text;
}

std::optional<AuditEvent> ParseAuditEvent(std::string_view text) {
  const auto* const found = std::ranges::find(kNames, text, &Name::text);
  if (found == kNames.end()) return std::nullopt;
  return found->event;
}

}  // namespace yagura::access_control
