// The decisions of access_control, all replaced by yes: whoever has a session may do anything to
// everything. Compiled into a test's program it takes the place of decide.cc and visible.cc, which
// the linker then leaves in their library; what such a program still doesn't show is held back by
// row-level security alone. The product has no switch that does this.
#include <algorithm>

#include "access_control/decide.h"
#include "access_control/visible.h"

namespace yagura::access_control {

std::string_view ToString(Reason) { return "allow_all"; }

ErrorCode CodeOf(Reason) { return ErrorCode::kNotFound; }

Decision Decide(const Facts& facts, const Request& request, WallTime) {
  Decision decision;
  decision.effect = Effect::kPermit;
  decision.reason = Reason::kPost;
  if (!facts.set().assignments.empty()) decision.basis = {facts.set().assignments.front().id};
  if (IsAboutPictures(request.action)) decision.obligations = {Obligation::kRecordViewing};
  return decision;
}

Visibility VisibilityOf(const Facts&, PersonId, const Resource&, WallTime) {
  return Visibility::kPictures;
}

std::vector<CameraId> VisibleCameras(const Facts& facts, PersonId, WallTime,
                                     std::optional<WallRange>) {
  std::vector<CameraId> cameras = facts.set().cameras;
  std::sort(cameras.begin(), cameras.end());
  return cameras;
}

bool SeesAllMetadata(const Facts&, PersonId, WallTime) { return true; }

std::vector<Footage> VisiblePieces(const Facts& facts, PersonId, CameraId camera, WallRange range,
                                   WallTime) {
  std::vector<Footage> pieces;
  for (const ChargeFact& charge : facts.ChargesOf(camera)) {
    const WallRange piece{std::max(range.from, charge.valid.from),
                          std::min(range.to, charge.valid.to)};
    if (piece.from < piece.to) pieces.push_back({camera, charge.unit, piece});
  }
  return pieces;
}

std::vector<Action> PossibleActions(const Facts&, PersonId, WallTime) {
  return {kAllActions.begin(), kAllActions.end()};
}

}  // namespace yagura::access_control
