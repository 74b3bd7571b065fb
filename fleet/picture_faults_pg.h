#pragma once

#include <span>
#include <string>

#include "core/ids.h"
#include "core/time.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::fleet {

/// What is wrong with the pictures of a camera that is recorded.
struct PictureFaultRow {
  CameraId camera;
  std::string fault;  // "black", "frozen"
  WallTime since{};
};

/// Of `cameras`, these and no others have such `faults`; as yagura_record. Doing it again changes
/// nothing, and a camera that isn't stored is passed over. Errors of PostgreSQL end in pg::Pool.
void StorePictureFaults(pqxx::transaction_base& transaction, std::span<const CameraId> cameras,
                        std::span<const PictureFaultRow> faults);

}  // namespace yagura::fleet
