#pragma once

#include "access_control/action.h"
#include "access_control/decide.h"
#include "access_control/organisation.h"
#include "core/time.h"

namespace yagura::access_control {

// How far one assignment reaches; the ground under Decide and the lists. Pure, thread-safe. Used
// inside this room only.

/// Whether the assignment gives anything at `now`: it and its unit are valid.
[[nodiscard]] bool Counts(const Facts& facts, const AssignmentFact& assignment, WallTime now);

/// The deepest that a post looks into anything: kNone for auditors and posts that this program
/// doesn't know.
[[nodiscard]] Visibility DepthOf(Post post);

/// Whether a post may list who holds the posts of the departments that it sees.
[[nodiscard]] bool ListsStaff(Post post);

/// Whether a post may release the holds that it knows of.
[[nodiscard]] bool ReleasesHolds(Post post);

/// Whether pictures that `unit` recorded are, at `now`, in the scope of an assignment of a post
/// with pictures.
[[nodiscard]] bool Reaches(const Facts& facts, const AssignmentFact& assignment, UnitId unit,
                           WallTime now);

/// How deep an assignment that counts looks into `resource` at `now`.
[[nodiscard]] Visibility SightOf(const Facts& facts, const AssignmentFact& assignment,
                                 const Resource& resource, WallTime now);

/// Whether an assignment that counts shows what a camera shows at `now`: while it is in service, by
/// the unit in charge then, never by one before; while it is staged, to operations alone, whoever
/// is in charge. False where `resource` is no camera.
[[nodiscard]] bool ShowsLive(const Facts& facts, const AssignmentFact& assignment,
                             const Resource& resource, WallTime now);

/// Whether an assignment that counts shows who looked at pictures: an auditor's of every camera
/// that there is; else of the cameras and the footage whose pictures it shows, whatever the
/// camera's state was.
[[nodiscard]] bool ShowsTrail(const Facts& facts, const AssignmentFact& assignment,
                              const Resource& resource, WallTime now);

/// Whether footage was recorded while its camera was being set up: by the camera's state at its
/// start.
[[nodiscard]] bool WasStaged(const Facts& facts, const Footage& footage);

}  // namespace yagura::access_control
