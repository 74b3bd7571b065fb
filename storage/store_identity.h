#pragma once

#include <optional>

#include "core/ids.h"
#include "core/result.h"
#include "storage/object_store.h"

namespace yagura::storage {

using StoreId = Id<struct StoreTag>;

/// The id that the store says it has, in its object "store"; nothing where it has none: a bucket
/// that nobody gave to Yagura. kDataLoss: it has one that is damaged. Other errors as the store's.
[[nodiscard]] Result<std::optional<StoreId>> ReadStoreId(ObjectStore& store);

/// Gives an empty bucket an id. kFailedPrecondition: there is something else in it.
[[nodiscard]] Result<StoreId> FormatStore(ObjectStore& store);

}  // namespace yagura::storage
