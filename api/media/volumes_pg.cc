#include "api/media/volumes_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::api {

std::map<VolumeId, std::string> VolumePaths(pqxx::transaction_base& transaction) {
  std::map<VolumeId, std::string> paths;
  for (const auto& row : transaction.exec("SELECT id, path FROM volume")) {
    paths.emplace(pg::IdOf<VolumeId>(row[0].c_str()), row[1].c_str());
  }
  return paths;
}

}  // namespace yagura::api
