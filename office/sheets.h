#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The office as data: nine files, a row for each thing or dated fact
/// (docs/design/office-csv.md).
namespace yagura::office {

enum class Sheet : std::uint8_t {
  kPlaces,
  kUnits,
  kPeople,
  kAssignments,
  kPhases,
  kCameras,
  kPlacements,
  kCharges,
  kStates,
};
inline constexpr std::size_t kSheetCount = 9;
/// In the order in which they refer to one another: a row names only rows of sheets before its own,
/// or of its own.
inline constexpr std::array<Sheet, kSheetCount> kAllSheets = {
    Sheet::kPlaces,  Sheet::kUnits,      Sheet::kPeople,  Sheet::kAssignments, Sheet::kPhases,
    Sheet::kCameras, Sheet::kPlacements, Sheet::kCharges, Sheet::kStates};
[[nodiscard]] constexpr std::size_t IndexOf(Sheet sheet) { return static_cast<std::size_t>(sheet); }

/// What a column's cells are.
enum class Kind : std::uint8_t {
  kCode,
  kCodes,  // with a space between; no order, none twice
  kPlace,  // "HQ", "HQ/MAIN" or "HQ/MAIN/1F": site, building, floor
  kUsername,
  kName,
  kNote,
  kNumber,
  kInstant,
  kUrl,
  kPost,
  kState,
  kTransport,
  kSubUrl,  // or "-"
  kYesNo,
};

struct Column {
  std::string_view name;
  std::string_view japanese;  // a header may say this instead
  Kind kind;
  bool required = false;
  bool key = false;               // the key columns together name a row
  bool fixed = false;             // can't be changed once the row is stored
  std::optional<Sheet> refers{};  // its cells name rows of that sheet, by its first column
  /// What an empty cell is. A file may lack such a column: its cells are "" then, and a row that is
  /// stored keeps what it has (compare.h).
  std::string_view when_empty{};
};

struct SheetForm {
  std::string_view file;  // "places.csv"
  std::span<const Column> columns;
  /// Rows hold from `from` to `to`.
  bool dated = false;
};
[[nodiscard]] const SheetForm& FormOf(Sheet sheet);
/// The form of a file that adds cameras to an office: `yagura camera import`.
[[nodiscard]] const SheetForm& ArrivalsForm();
/// The column's place in the sheet; the sheet must have it.
[[nodiscard]] std::size_t ColumnOf(Sheet sheet, std::string_view name);

}  // namespace yagura::office
