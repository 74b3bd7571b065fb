#pragma once

#include <string>

#include "core/calendar.h"
#include "core/time.h"
#include "office/read_office.h"

namespace yagura::office {

/// Adds the cameras to `office`: each stands on its floor, its unit is in charge of it, and it is
/// in its state (planned, where none is given) from `at` on. Rows keep the lines of their file.
void AddArrivals(const Arrivals& arrivals, WallTime at, const OfficeCalendar& calendar,
                 Office& office);

/// Problems of an office with arrivals, told of the file that they came in: what CheckOffice says
/// of lines of cameras.csv, charges.csv and so on is about the one line that all of these came
/// from.
[[nodiscard]] Problems InFile(Problems problems, const std::string& file);

}  // namespace yagura::office
