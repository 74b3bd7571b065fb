#include "storage/known_store_pg.h"

#include <pqxx/pqxx>
#include <vector>

#include "storage/copy_queries_pg.h"
#include "storage/store_identity.h"

namespace yagura::storage {

Result<void> KnownStore::Delete(const std::string& name) {
  RETURN_IF_ERROR(LookAtId());
  RETURN_IF_ERROR(store_.Delete(name));
  const auto left = store_.SizeOf(name);
  if (left.has_value())
    return Failure(ErrorCode::kUnavailable, "delete of " + name + ": the object is still there");
  if (left.error().code() != ErrorCode::kNotFound) return Failure(left.error());
  return {};
}

Result<void> KnownStore::LookAtId() {
  const std::scoped_lock lock(mutex_);
  const MonoTime now = clock_.Monotonic();
  if (known_at_ && now - *known_at_ < kLookLasts) return {};
  known_at_.reset();
  ASSIGN_OR_RETURN(const auto known,
                   pool_.ReadFor<std::vector<StoreId>>([](pqxx::transaction_base& transaction) {
                     return Result<std::vector<StoreId>>(ReadStores(transaction));
                   }));
  ASSIGN_OR_RETURN(const auto found, ReadStoreId(store_));
  if (known.empty() || found != known.front())
    return Failure(ErrorCode::kFailedPrecondition,
                   "nothing is deleted: this is not the object store that the catalogue knows");
  known_at_ = now;
  return {};
}

}  // namespace yagura::storage
