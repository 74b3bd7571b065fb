#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace yagura {

/// A random 128-bit identifier. Each kind is a type of its own; none says anything about what it
/// names.
template <class Tag>
struct Id {
  std::array<std::uint8_t, 16> bytes{};
  friend auto operator<=>(const Id&, const Id&) = default;
};

namespace ids_internal {
std::array<std::uint8_t, 16> RandomBytes();
std::string Format(const std::array<std::uint8_t, 16>& bytes);
std::optional<std::array<std::uint8_t, 16>> Parse(std::string_view text);
}  // namespace ids_internal

/// A new id from the kernel's random source (RFC 9562, version 4).
template <class IdType>
[[nodiscard]] IdType NewId() {
  return IdType{ids_internal::RandomBytes()};
}
/// "0f8fad5b-d9cb-469f-a165-70867728950e", lower case, as PostgreSQL writes a uuid.
template <class Tag>
[[nodiscard]] std::string ToString(const Id<Tag>& id) {
  return ids_internal::Format(id.bytes);
}
/// Reads exactly what ToString writes; any other spelling is nothing.
template <class IdType>
[[nodiscard]] std::optional<IdType> ParseId(std::string_view text) {
  const auto bytes = ids_internal::Parse(text);
  if (!bytes) return std::nullopt;
  return IdType{*bytes};
}

using CameraId = Id<struct CameraTag>;
using SiteId = Id<struct SiteTag>;
using BuildingId = Id<struct BuildingTag>;
using FloorId = Id<struct FloorTag>;
/// A node of the department tree.
using UnitId = Id<struct UnitTag>;
using PersonId = Id<struct PersonTag>;
using AssignmentId = Id<struct AssignmentTag>;
using SessionId = Id<struct SessionTag>;
using ViewingId = Id<struct ViewingTag>;
using VolumeId = Id<struct VolumeTag>;
using RunId = Id<struct RunTag>;
using GapId = Id<struct GapTag>;

/// One clip: the `sequence`-th file of a run, from 0. The run belongs to one camera.
struct ClipId {
  RunId run;
  std::uint32_t sequence = 0;
  friend auto operator<=>(const ClipId&, const ClipId&) = default;
};
/// "<run>.<sequence>", for example "0f8fad5b-d9cb-469f-a165-70867728950e.17".
[[nodiscard]] std::string ToString(const ClipId& id);
/// Reads exactly what ToString writes; any other spelling is nothing.
[[nodiscard]] std::optional<ClipId> ParseClipId(std::string_view text);

}  // namespace yagura

template <class Tag>
struct std::hash<yagura::Id<Tag>> {
  std::size_t operator()(const yagura::Id<Tag>& id) const noexcept {
    return std::hash<std::string_view>()(
        std::string_view(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()));
  }
};
