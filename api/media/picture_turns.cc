#include "api/media/picture_turns.h"

#include <algorithm>

namespace yagura::api {
namespace {

/// Claims beyond these are not kept: that many people don't ask within seconds.
constexpr std::size_t kClaimsMax = 1'000;

}  // namespace

Result<PictureTurns::Turn> PictureTurns::Enter(PersonId person) {
  const std::scoped_lock lock(mutex_);
  const MonoTime now = clock_.Monotonic();
  std::erase_if(claims_, [&](const Claim& claim) { return claim.until <= now; });
  const auto mine = std::find_if(claims_.begin(), claims_.end(),
                                 [&](const Claim& claim) { return claim.person == person; });
  const bool has_turn = std::find(running_.begin(), running_.end(), person) != running_.end();
  const auto before_me = static_cast<std::size_t>(mine - claims_.begin());
  if (!has_turn && running_.size() + before_me < kAtOnce) {
    if (mine != claims_.end()) claims_.erase(mine);
    running_.push_back(person);
    return Turn(*this, person);
  }
  if (mine != claims_.end()) {
    mine->until = now + kClaimLasts;
  } else if (!has_turn && claims_.size() < kClaimsMax) {
    claims_.push_back({person, now + kClaimLasts});
  }
  return Failure(Error(ErrorCode::kUnavailable, "too many wait for a picture")
                     .WithPublicMessage("too many ask for pictures at once"));
}

void PictureTurns::Leave(PersonId person) {
  const std::scoped_lock lock(mutex_);
  running_.erase(std::find(running_.begin(), running_.end(), person));
}

}  // namespace yagura::api
