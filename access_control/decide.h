#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "access_control/action.h"
#include "access_control/organisation.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::access_control {

/// Who wants to do what. No person: nobody has signed in.
struct Request {
  std::optional<PersonId> person;
  Action action = Action::kServiceRead;
  Resource resource;
};

enum class Effect : std::uint8_t { kDeny, kPermit };

/// Why; closed. Each denial maps to one error code, the same for every instant and every reason
/// that must not be told apart.
enum class Reason : std::uint8_t {
  kOpenToEveryone,  // permit: an action that needs no session
  kOpenToPersons,   // permit: one's own session
  kPost,            // permit: by the assignments in `basis`
  kNoSession,       // deny, unauthenticated
  kPersonGone,      // deny, unauthenticated: unknown, or disabled; a forbid that no post overrides
  kNotVisible,      // deny, not_found: an id that one may see in no list, now or for the past
  kRecordedWhileStaged,  // deny, not_found: a forbid that no post overrides
  kNotAllowed,  // deny, permission_denied: visible, or no id at all, but no post allows the action
  kNotUnderstood,  // deny, permission_denied: a value outside its enumeration
};
[[nodiscard]] std::string_view ToString(Reason reason);

/// What whoever carries out a permit has to do too; one that can't must treat it as a denial.
enum class Obligation : std::uint8_t {
  kRecordViewing,  // a viewing or audit record is stored before the first byte
  kShortViewing,   // it and what goes on where it ends are over within kShortViewingMax
  kRecordReading,  // that it was read is recorded, with what was read
};

/// How long operations may watch a staged camera at a time; each time is another viewing, which the
/// unit in charge finds in its list.
inline constexpr std::chrono::minutes kShortViewingMax{30};

struct Decision {
  Effect effect = Effect::kDeny;
  Reason reason = Reason::kNotUnderstood;
  /// Every assignment that permits this by itself; each exists and is valid at the decision's
  /// instant.
  std::vector<AssignmentId> basis;
  std::vector<Obligation> obligations;
  /// The first later instant at which these facts give another effect or reason; none: they never
  /// do. Open streams end by it.
  std::optional<WallTime> changes_at;

  [[nodiscard]] bool permits() const { return effect == Effect::kPermit; }
  [[nodiscard]] bool Obliges(Obligation obligation) const {
    return std::find(obligations.begin(), obligations.end(), obligation) != obligations.end();
  }
};

/// Pure: no clock, no I/O, no state. Deny is the default, a forbid wins over every permit, and
/// whatever can't be evaluated is denied. Thread-safe. The table that it must agree with:
/// decision_table.csv.
///
/// Scope of a post in unit U, while its assignment and U are valid: department_head and
/// general_manager U and all below it; crisis_management all of U's controller; operations and
/// administrator the metadata of everything and no picture; auditor none. A camera is visible by
/// every charge that has begun and whose unit is in scope; footage only by the unit that recorded
/// it; live only by the unit in charge now, of a camera in service, and by operations, of a staged
/// one. What a closed unit recorded or was in charge of is in scope where its successors are, no
/// longer where it was (Facts::IsHeldWithin); for the crisis desk nothing changes with it.
[[nodiscard]] Decision Decide(const Facts& facts, const Request& request, WallTime now);

/// kUnauthenticated, kNotFound or kPermissionDenied. Only for denials.
[[nodiscard]] ErrorCode CodeOf(Reason reason);

/// The deepest that `person` may look into a thing at `now`. kNone is answered as if it didn't
/// exist.
enum class Visibility : std::uint8_t { kNone, kMetadata, kPictures };
[[nodiscard]] Visibility VisibilityOf(const Facts& facts, PersonId person, const Resource& resource,
                                      WallTime now);

}  // namespace yagura::access_control
