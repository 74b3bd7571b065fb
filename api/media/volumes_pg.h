#pragma once

#include <map>
#include <string>

#include "core/ids.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::api {

/// Where the volumes are mounted. Throws libpqxx's exceptions, for the pool.
[[nodiscard]] std::map<VolumeId, std::string> VolumePaths(pqxx::transaction_base& transaction);

}  // namespace yagura::api
