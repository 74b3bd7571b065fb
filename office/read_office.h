#pragma once

#include <map>
#include <string>

#include "core/calendar.h"
#include "office/office.h"
#include "office/problem.h"

namespace yagura::office {

struct ReadOffice {
  Office office;  // rows in the order of their files
  Problems problems;
};

/// Reads an office from its files' bytes, by name ("places.csv"); a file too large to be read may
/// be given as its first kCsvSizeMax + 1 bytes. All nine must be there and no other. Checks each
/// file, line and cell by itself; what they say together is checked by CheckOffice. Pure; any
/// bytes.
[[nodiscard]] ReadOffice ReadOfficeFiles(const std::map<std::string, std::string>& files,
                                         const OfficeCalendar& calendar);

/// New cameras, one a line, with all that is known of each at first.
struct Arrivals {
  Office::Table table;
  Problems problems;
};
/// Reads them from the bytes of a file of ArrivalsForm. Pure; any bytes.
[[nodiscard]] Arrivals ReadArrivals(const std::string& bytes, const OfficeCalendar& calendar);

}  // namespace yagura::office
