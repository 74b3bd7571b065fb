#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace yagura {

/// A JSON value (RFC 8259). Objects keep the order in which members were set. Not thread-safe;
/// copies are deep.
class Json {
 public:
  Json();  // null
  Json(std::nullptr_t);
  Json(bool value);
  Json(int value);
  Json(std::int64_t value);
  Json(std::uint64_t value);
  Json(std::uint32_t value);
  Json(double value);
  Json(const char* value);
  Json(std::string_view value);
  Json(std::string value);
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  [[nodiscard]] static Json Object(
      std::initializer_list<std::pair<std::string_view, Json>> members = {});
  [[nodiscard]] static Json Array(std::initializer_list<Json> items = {});

  /// Reads one value; at most `depth_max` deep; duplicate member names, trailing text and invalid
  /// UTF-8 are kInvalidArgument.
  [[nodiscard]] static Result<Json> Parse(std::string_view text, int depth_max = 32);
  /// One line, or indented by `indent` spaces where that is above 0.
  [[nodiscard]] std::string Dump(int indent = 0) const;

  [[nodiscard]] bool is_null() const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  /// Nothing where the value is of another kind (or doesn't fit).
  [[nodiscard]] std::optional<bool> AsBool() const;
  [[nodiscard]] std::optional<std::int64_t> AsInt() const;
  [[nodiscard]] std::optional<double> AsDouble() const;
  [[nodiscard]] std::optional<std::string> AsString() const;

  /// Object: the member, or null where there is none. Array and others: null.
  [[nodiscard]] Json Get(std::string_view member) const;
  [[nodiscard]] bool Has(std::string_view member) const;
  [[nodiscard]] std::vector<std::string> members() const;
  /// Array: its items; others: none.
  [[nodiscard]] std::vector<Json> items() const;
  /// Number of members or items; 0 for others.
  [[nodiscard]] std::size_t size() const;

  /// Makes this an object where it is null, and sets a member.
  Json& Set(std::string_view member, Json value);
  /// Makes this an array where it is null, and adds an item.
  Json& Push(Json item);

 private:
  struct Value;
  explicit Json(std::unique_ptr<Value> value);
  std::unique_ptr<Value> value_;
};

}  // namespace yagura
