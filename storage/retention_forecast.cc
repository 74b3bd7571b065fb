#include "storage/retention_forecast.h"

#include <map>

namespace yagura::storage {

std::vector<DueDay> ForecastDeletions(const std::vector<StoredHour>& stored,
                                      const RetentionTerms& before, const RetentionTerms& terms,
                                      WallTime now, const OfficeCalendar& calendar) {
  std::map<std::string, DueDay> days;
  for (const StoredHour& hour : stored) {
    if (hour.clips == 0) continue;
    const WallTime due = terms.DueAt(hour.camera, hour.floor, hour.end, now);
    const bool sooner = due < before.DueAt(hour.camera, hour.floor, hour.end, now);
    DueDay& day = days[calendar.Date(due)];
    day.clips += hour.clips;
    day.bytes += hour.bytes;
    if (sooner) day.sooner_clips += hour.clips;
  }
  std::vector<DueDay> forecast;
  for (auto& [date, day] : days) {
    day.date = date;
    forecast.push_back(day);
  }
  return forecast;
}

}  // namespace yagura::storage
