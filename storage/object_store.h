#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "storage/sha256.h"

namespace yagura::storage {

/// Up to buffer.size() bytes of what is to be stored, from `offset` on; fewer only at its end. May
/// be asked for the same bytes again.
using ReadBytes = std::function<Result<std::size_t>(std::uint64_t offset, std::span<std::uint8_t>)>;

/// What is to be stored under a name.
struct NewObject {
  std::string name;
  std::uint64_t size_bytes = 0;
  Sha256Digest sha256{};  // of these bytes: a store that is told takes no others
  ReadBytes read;
};

struct ListedObject {
  std::string name;
  std::uint64_t size_bytes = 0;
  friend bool operator==(const ListedObject&, const ListedObject&) = default;
};
struct ObjectPage {
  std::vector<ListedObject> objects;  // by name
  bool more = false;                  // ask again behind the last
};

/// Objects of bytes under names, in a store that others run: whatever it answers may be late, wrong
/// or a lie, so nobody deletes anything because a Put succeeded (stored_object.h). What is written
/// once is never changed. Each call retries a few times and then says:
/// kUnavailable, kDeadlineExceeded: the store, or the way to it; later it may work. kNotFound: no
/// such object (or bucket). kPermissionDenied: it refuses our keys. kDataLoss: the bytes that
/// arrived there are not those of `sha256`. kOutOfRange: the object is shorter. kAborted: we are
/// told to stop. Names are of printable ASCII. Thread-safe.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  [[nodiscard]] virtual Result<void> Put(const NewObject& object) = 0;
  /// Fills the whole buffer with the bytes from `offset` on.
  [[nodiscard]] virtual Result<void> Get(const std::string& name, std::uint64_t offset,
                                         std::span<std::uint8_t> buffer) = 0;
  [[nodiscard]] virtual Result<std::uint64_t> SizeOf(const std::string& name) = 0;
  /// Fine where there is none.
  [[nodiscard]] virtual Result<void> Delete(const std::string& name) = 0;
  /// Up to a thousand objects whose names begin with `prefix`, behind `after`.
  [[nodiscard]] virtual Result<ObjectPage> List(const std::string& prefix,
                                                const std::string& after) = 0;
};

}  // namespace yagura::storage
