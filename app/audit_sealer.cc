#include "app/audit_sealer.h"

#include "access_control/audit_pg.h"
#include "core/log.h"

namespace yagura::app {
namespace {

constexpr std::chrono::minutes kInterval{1};

}  // namespace

Result<void> AuditSealer::Round() {
  const MonoTime now = clock_.Monotonic();
  if (next_ && now < *next_) return {};
  next_ = now + kInterval;
  return Seal();
}

Result<void> AuditSealer::Seal() {
  const Result<void> done = TrySeal();
  if (!done.has_value() && done.error().code() == ErrorCode::kDataLoss) {
    log::Error("the audit log can't be sealed: run yagura audit check", {{"why", done.error()}});
  } else if (!done.has_value()) {
    log::Warning("housekeeping failed", {{"part", "audit seals"}, {"why", done.error()}});
  }
  return done;
}

Result<void> AuditSealer::TrySeal() {
  if (!book_) {
    ASSIGN_OR_RETURN(SealBook book, SealBook::Open(files_, state_));
    book_.emplace(std::move(book));
  }
  ASSIGN_OR_RETURN(const auto heads, access_control::ReadAuditHeads(pool_));
  ASSIGN_OR_RETURN(const bool stands, access_control::StillStand(pool_, book_->newest()));
  if (!stands) return Failure(ErrorCode::kDataLoss, "what was sealed is not there as it was");
  return book_->Add(clock_.Now(), heads);
}

}  // namespace yagura::app
