#include "app/fact_change.h"
#include "app/names.h"
#include "app/shown_bytes.h"
#include "app/text_table.h"
#include "app/told_volumes.h"
#include "app/verbs.h"
#include "fleet/recording_status_pg.h"
#include "storage/volume_standing_pg.h"

namespace yagura::app {
namespace {

using fleet::RecordingStatus;
using storage::VolumeStanding;

Json ToJson(const RecordingStatus& status, const std::vector<VolumeStanding>& standings) {
  const auto time = [](const std::optional<WallTime>& t) {
    return t ? Json(FormatRfc3339(*t)) : Json();
  };
  Json missing = Json::Object();
  for (const auto& [reason, cameras] : status.missing) missing.Set(reason, cameras);
  Json cameras = Json::Array();
  for (const auto& camera : status.missing_cameras) {
    cameras.Push(Json::Object({{"code", camera.code},
                               {"name", camera.name},
                               {"reason", camera.reason},
                               {"since", FormatRfc3339(camera.since)}}));
  }
  Json pictures = Json::Array();
  for (const auto& picture : status.faulty_pictures) {
    pictures.Push(Json::Object({{"code", picture.code},
                                {"name", picture.name},
                                {"fault", picture.fault},
                                {"since", FormatRfc3339(picture.since)}}));
  }
  Json transports = Json::Object();
  for (const auto& found : status.found_transports) transports.Set(found.transport, found.cameras);
  Json steps = Json::Array();
  for (const auto& step : status.clock_steps) {
    steps.Push(Json::Object(
        {{"before", FormatRfc3339(step.before)}, {"after", FormatRfc3339(step.after)}}));
  }
  Json clocks = Json::Array();
  for (const auto& clock : status.camera_clocks) {
    clocks.Push(Json::Object({{"code", clock.code},
                              {"name", clock.name},
                              {"offset_us", clock.offset.count()},
                              {"drift_ppm", clock.drift_ppm ? Json(*clock.drift_ppm) : Json()},
                              {"at", FormatRfc3339(clock.at)}}));
  }
  Json volumes = Json::Array();
  for (const VolumeStanding& volume : standings) volumes.Push(VolumeJson(volume));
  return Json::Object({{"at", FormatRfc3339(status.at)},
                       {"recorder_connected", status.recorder_connected},
                       {"cameras_due", status.due},
                       {"cameras_recording", status.recording},
                       {"cameras_missing", missing},
                       {"missing", cameras},
                       {"pictures_at_fault", pictures},
                       {"found_transports", transports},
                       {"clock_steps", steps},
                       {"camera_clocks", clocks},
                       {"clips", status.clips},
                       {"bytes", status.bytes},
                       {"oldest", time(status.oldest)},
                       {"newest", time(status.newest)},
                       {"volumes_full", status.volumes_full},
                       {"volumes", volumes}});
}

std::string OneLine(const RecordingStatus& status, const FactChange& facts) {
  const Messages& say = facts.say();
  std::string line =
      say("status.line", {{"at", facts.Shown(status.at)},
                          {"recording", std::to_string(status.recording)},
                          {"due", std::to_string(status.due)},
                          {"clips", std::to_string(status.clips)},
                          {"bytes", ShownBytes(status.bytes)},
                          {"oldest", status.oldest ? facts.Shown(*status.oldest) : say("none")}});
  for (const auto& [reason, cameras] : status.missing) {
    line += say("status.missing",
                {{"reason", NameOfReason(reason, say)}, {"cameras", std::to_string(cameras)}});
  }
  if (status.volumes_full > 0)
    line += say("status.full", {{"volumes", std::to_string(status.volumes_full)}});
  if (!status.recorder_connected) line += say("status.no_recorder");
  return line;
}

/// Which cameras are missing, and why, below the one line.
void TellMissing(VerbContext& context, const RecordingStatus& status, const FactChange& facts) {
  const Messages& say = context.say;
  int all = 0;
  for (const auto& [reason, cameras] : status.missing) all += cameras;
  for (const auto& camera : status.missing_cameras) {
    context.Tell(say("status.camera", {{"code", camera.code},
                                       {"name", camera.name},
                                       {"reason", NameOfReason(camera.reason, say)},
                                       {"at", facts.Shown(camera.since)}}));
  }
  const int named = static_cast<int>(status.missing_cameras.size());
  if (named == RecordingStatus::kNamedMax && all > named) {
    context.Tell(say("status.more", {{"count", std::to_string(all - named)}}));
  }
}

/// Which cameras are recorded but show nothing, or nothing new.
void TellPictures(VerbContext& context, const RecordingStatus& status, const FactChange& facts) {
  const Messages& say = context.say;
  for (const auto& picture : status.faulty_pictures) {
    context.Tell(say("status.camera", {{"code", picture.code},
                                       {"name", picture.name},
                                       {"reason", NameOfPictureFault(picture.fault, say)},
                                       {"at", facts.Shown(picture.since)}}));
  }
}

/// Which volumes are above a mark.
void TellVolumes(VerbContext& context, const std::vector<VolumeStanding>& standings,
                 const FactChange& facts) {
  for (const VolumeStanding& volume : standings) {
    if (volume.mark_percent == 0) continue;
    context.Tell(context.say("status.volume", {{"path", volume.path},
                                               {"percent", std::to_string(volume.mark_percent)},
                                               {"full", ForecastOf(volume, facts)}}));
  }
}

Result<int> ShowStatus(VerbContext& context) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  pg::Pool pool(configuration.DatabaseAs("yagura_keep"), 1);
  ASSIGN_OR_RETURN(const auto status,
                   pool.ReadFor<RecordingStatus>([&](auto& transaction) -> Result<RecordingStatus> {
                     return fleet::ReadRecordingStatus(transaction, facts.now());
                   }));
  ASSIGN_OR_RETURN(const auto volumes, storage::ReadVolumeStandings(pool, facts.now()));
  if (context.given.Has("json")) {
    context.Tell(ToJson(status, volumes).Dump());
    return 0;
  }
  context.Tell(OneLine(status, facts));
  TellMissing(context, status, facts);
  TellPictures(context, status, facts);
  TellVolumes(context, volumes, facts);
  for (const auto& found : status.found_transports) {
    context.Tell(
        context.say("status.found_transport",
                    {{"transport", found.transport}, {"cameras", std::to_string(found.cameras)}}));
  }
  for (const auto& step : status.clock_steps) {
    context.Tell(context.say("status.clock_set", {{"before", facts.Shown(step.before)},
                                                  {"after", facts.Shown(step.after)}}));
  }
  return 0;
}

}  // namespace

Verb StatusVerb(const Messages& say) {
  return {.command = {.words = {"status"},
                      .summary = say("status"),
                      .description = say("status.about"),
                      .examples = {"yagura status", "yagura status --json"},
                      .options = {Flag("json", say("option.json"))}},
          .run = ShowStatus};
}

}  // namespace yagura::app
