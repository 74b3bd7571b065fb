#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "api/route.h"
#include "core/camera_stream.h"
#include "core/json.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::api {

// Query parameters and bodies as values. Every refusal is kInvalidArgument with a public message
// that names the parameter.

/// `from` and `to`, both given, in order, at most `length_max` apart.
[[nodiscard]] Result<WallRange> RequireRange(const Call& call, std::chrono::hours length_max);
/// Both, or neither: nothing.
[[nodiscard]] Result<std::optional<WallRange>> OptionalRange(const Call& call,
                                                             std::chrono::hours length_max);

/// A JSON body that is an object with no other members than `known`. Only a body that says it is
/// JSON: another site's page can't send one without asking first (CORS), which is never granted.
[[nodiscard]] Result<Json> JsonBodyOf(const Call& call,
                                      std::initializer_list<std::string_view> known);
/// An instant that stands in a parameter or member of that name.
[[nodiscard]] Result<WallTime> InstantOf(std::string_view name, std::string_view text);

/// From 1970 to 9999: what PostgreSQL and everybody else can write down.
[[nodiscard]] bool IsPlausible(WallTime time);

inline constexpr std::uint32_t kLimitMax = 1000;
inline constexpr std::uint32_t kLimitDefault = 100;
/// `limit`, from 1 to kLimitMax.
[[nodiscard]] Result<std::uint32_t> LimitOf(const Call& call);

/// `stream`, main where it isn't given: the same right, the same record, other bytes.
[[nodiscard]] Result<Stream> StreamOf(const Call& call);

/// A whole number from 0 on; nothing where it isn't given.
[[nodiscard]] Result<std::optional<std::uint64_t>> NumberIn(const Call& call,
                                                            std::string_view name);

/// 400 `range_too_full`: the range holds more than one answer may. Never a shortened answer.
[[nodiscard]] Response RangeTooFull();

/// A kInvalidArgument whose message the caller may read.
[[nodiscard]] tl::unexpected<Error> InvalidArgument(std::string message);

}  // namespace yagura::api
