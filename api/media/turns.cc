#include "api/media/turns.h"

#include <algorithm>

namespace yagura::api {
namespace {

/// Claims beyond these are not kept: that many people don't ask within seconds.
constexpr std::size_t kClaimsMax = 1'000;

}  // namespace

Result<Turns::Turn> Turns::Enter(PersonId person) {
  const std::scoped_lock lock(mutex_);
  const MonoTime now = clock_.Monotonic();
  std::erase_if(claims_, [&](const Claim& claim) { return claim.until <= now; });
  const auto mine = std::find_if(claims_.begin(), claims_.end(),
                                 [&](const Claim& claim) { return claim.person == person; });
  const auto has = static_cast<std::size_t>(std::count(running_.begin(), running_.end(), person));
  const bool has_turn = has >= limits_.of_one;
  const auto before_me = static_cast<std::size_t>(mine - claims_.begin());
  if (!has_turn && running_.size() + before_me < limits_.at_once) {
    if (mine != claims_.end()) claims_.erase(mine);
    running_.push_back(person);
    return Turn(*this, person);
  }
  if (mine != claims_.end()) {
    mine->until = now + kClaimLasts;
  } else if (!has_turn && claims_.size() < kClaimsMax) {
    claims_.push_back({person, now + kClaimLasts});
  }
  return Failure(Error(ErrorCode::kUnavailable, "too many ask for the same kind of thing")
                     .WithPublicMessage("too many ask for this at once"));
}

void Turns::Leave(PersonId person) {
  const std::scoped_lock lock(mutex_);
  running_.erase(std::find(running_.begin(), running_.end(), person));
}

}  // namespace yagura::api
