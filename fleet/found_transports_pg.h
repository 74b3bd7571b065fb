#pragma once

#include <span>
#include <vector>

#include "core/camera_transport.h"
#include "core/ids.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::fleet {

/// What `auto` came to.
struct FoundTransport {
  CameraId camera;
  CameraTransport transport = CameraTransport::kTcp;  // kTcp or kUdp
  friend bool operator==(const FoundTransport&, const FoundTransport&) = default;
};

/// These cameras send so, and of those in `told_by_record` nothing was to be found out; as
/// yagura_record. Of others, what was found stands. Doing it again changes nothing, and a camera
/// that isn't stored is passed over. Errors of PostgreSQL end in pg::Pool.
void StoreFoundTransports(pqxx::transaction_base& transaction,
                          std::span<const FoundTransport> found,
                          std::span<const CameraId> told_by_record);

}  // namespace yagura::fleet
