#pragma once

#include "office/sheets.h"

/// The SQL that adds and changes rows, for apply_pg.cc.
namespace yagura::office {

/// Adds rows: one array of texts for each column of the sheet, in its order; instants as
/// timestamptz reads them, and nulls where a cell is empty. Gives, for each row added, the ids and
/// instants that its audit record keeps.
[[nodiscard]] const char* InsertOf(Sheet sheet);
/// Of places, three: a site, a building and a floor each lie in another table.
inline constexpr int kPlaceKinds = 3;
[[nodiscard]] const char* InsertPlaces(int kind);
[[nodiscard]] const char* UpdatePlace(int kind);

/// Changes one row, found by its key: one text for each column, alike. Gives the same.
[[nodiscard]] const char* UpdateOf(Sheet sheet);

}  // namespace yagura::office
