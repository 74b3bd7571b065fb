#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

// Values as text parameters and results of PostgreSQL, as the pool's connections write them
// (TimeZone UTC, DateStyle ISO). The reading functions are for columns whose type is known: text of
// another shape throws std::domain_error, which the pool turns into kInternal. They are used in _pg
// files only.
namespace yagura::pg {

/// A timestamptz parameter. WallTime::max() is infinity, WallTime::min() is -infinity.
[[nodiscard]] std::string TimeParameter(WallTime time);
/// Reads a timestamptz column: "2027-06-15 05:03:22.12+00", "infinity", "-infinity".
[[nodiscard]] WallTime TimeOf(std::string_view text);

/// A bytea parameter: "\x00ff".
[[nodiscard]] std::string BytesParameter(std::span<const std::uint8_t> bytes);
/// Reads a bytea column.
[[nodiscard]] std::vector<std::uint8_t> BytesOf(std::string_view text);

/// Reads a uuid column.
template <class IdType>
[[nodiscard]] IdType IdOf(std::string_view text) {
  const auto id = ParseId<IdType>(text);
  if (!id) throw std::domain_error("not a uuid");
  return *id;
}

/// An array parameter of any element type, `{"a",NULL}`, put together item by item.
class ArrayParameter {
 public:
  void Add(std::string_view item);
  void AddNull();
  /// Nothing is null.
  void AddOrNull(const std::optional<std::string>& item);
  [[nodiscard]] std::string Text() const { return "{" + items_ + "}"; }

 private:
  void Separate();
  std::string items_;
};

/// An array parameter of ids, as text.
template <class IdType>
[[nodiscard]] std::string ArrayOf(const std::vector<IdType>& ids) {
  ArrayParameter array;
  for (const IdType& id : ids) array.Add(ToString(id));
  return array.Text();
}

}  // namespace yagura::pg
