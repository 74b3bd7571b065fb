#include "app/told_volumes.h"

#include "app/shown_bytes.h"

namespace yagura::app {

std::string ForecastOf(const storage::VolumeStanding& volume, const FactChange& facts) {
  const Messages& say = facts.say();
  if (!volume.capacity_bytes || !volume.bytes_per_day) return say("volume.list.unknown");
  if (!volume.full_at) return say("volume.list.enough");
  if (*volume.full_at <= facts.now()) return say("volume.list.full_now");
  return facts.calendar().Date(*volume.full_at);
}

namespace {

Json Time(const std::optional<WallTime>& value) {
  return value ? Json(FormatRfc3339(*value)) : Json();
}

}  // namespace

Json VolumeJson(const storage::VolumeStanding& volume) {
  const auto count = [](const std::optional<std::uint64_t>& value) {
    return value ? Json(*value) : Json();
  };
  return Json::Object({{"id", ToString(volume.id)},
                       {"path", volume.path},
                       {"stored_bytes", volume.stored_bytes},
                       {"stored_clips", volume.stored_clips},
                       {"capacity_bytes", count(volume.capacity_bytes)},
                       {"free_bytes", count(volume.free_bytes)},
                       {"bytes_per_day", count(volume.bytes_per_day)},
                       {"above_percent", volume.mark_percent},
                       {"oldest", Time(volume.oldest)},
                       {"full_since", Time(volume.full_since)},
                       {"full_at", Time(volume.full_at)},
                       {"seen_at", Time(volume.seen_at)}});
}

Json StoreJson(const std::optional<storage::StoreStanding>& store) {
  if (!store) return Json();
  return Json::Object({{"address", store->address},
                       {"stored_bytes", store->stored_bytes},
                       {"stored_clips", store->stored_clips},
                       {"copied_until", Time(store->copied_until)},
                       {"seen_at", Time(store->seen_at)},
                       {"fault", store->fault.empty() ? Json() : Json(store->fault)}});
}

std::string StoreText(const std::optional<storage::StoreStanding>& store, const Messages& say) {
  if (!store) return "";
  const std::string until =
      store->copied_until ? FormatRfc3339(*store->copied_until) : say("volume.list.unknown");
  std::string text = say("volume.list.store", {{"address", store->address},
                                               {"clips", std::to_string(store->stored_clips)},
                                               {"stored", ShownBytes(store->stored_bytes)},
                                               {"until", until}}) +
                     "\n";
  if (!store->fault.empty()) text += say("volume.list.fault", {{"why", store->fault}}) + "\n";
  return text;
}

}  // namespace yagura::app
