#include "app/told_volumes.h"

namespace yagura::app {

std::string ForecastOf(const storage::VolumeStanding& volume, const FactChange& facts) {
  const Messages& say = facts.say();
  if (!volume.capacity_bytes || !volume.bytes_per_day) return say("volume.list.unknown");
  if (!volume.full_at) return say("volume.list.enough");
  if (*volume.full_at <= facts.now()) return say("volume.list.full_now");
  return facts.calendar().Date(*volume.full_at);
}

Json VolumeJson(const storage::VolumeStanding& volume) {
  const auto count = [](const std::optional<std::uint64_t>& value) {
    return value ? Json(*value) : Json();
  };
  const auto time = [](const std::optional<WallTime>& value) {
    return value ? Json(FormatRfc3339(*value)) : Json();
  };
  return Json::Object({{"id", ToString(volume.id)},
                       {"path", volume.path},
                       {"stored_bytes", volume.stored_bytes},
                       {"stored_clips", volume.stored_clips},
                       {"capacity_bytes", count(volume.capacity_bytes)},
                       {"free_bytes", count(volume.free_bytes)},
                       {"bytes_per_day", count(volume.bytes_per_day)},
                       {"above_percent", volume.mark_percent},
                       {"oldest", time(volume.oldest)},
                       {"full_since", time(volume.full_since)},
                       {"full_at", time(volume.full_at)},
                       {"seen_at", time(volume.seen_at)}});
}

}  // namespace yagura::app
