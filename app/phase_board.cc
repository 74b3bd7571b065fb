#include "app/phase_board.h"

#include <algorithm>

#include "app/names.h"

namespace yagura::app {
namespace {

using fleet::BoardCamera;
using fleet::CameraState;

std::string TellState(const BoardCamera& camera, const FactChange& facts) {
  const Messages& say = facts.say();
  const std::string at = camera.since ? facts.Shown(*camera.since) : "";
  if (camera.missing) {
    return say("board.missing", {{"state", NameOfState(ToString(camera.state), say)},
                                 {"at", at},
                                 {"missing", facts.Shown(camera.missing->since)},
                                 {"reason", NameOfReason(camera.missing->reason, say)}});
  }
  switch (camera.state) {
    case CameraState::kPlanned:
      return camera.unit.empty() ? say("board.nobody") : say("board.planned");
    case CameraState::kStaged:
      return camera.recorded ? say("board.staged", {{"at", at}})
                             : say("board.unrecorded", {{"at", at}});
    case CameraState::kSuspended:
      return say("board.suspended", {{"at", at}});
    case CameraState::kAccepted:
    case CameraState::kInService:
    case CameraState::kRetired:
      break;
  }
  return "";
}

/// What the camera lacks; nothing where it is as it should be.
std::string TellCamera(const BoardCamera& camera, const FactChange& facts) {
  const Messages& say = facts.say();
  std::string why = TellState(camera, facts);
  if (why.empty()) return "";
  if (camera.next) {
    why += say("board.next", {{"state", NameOfState(ToString(camera.next->state), say)},
                              {"at", facts.Shown(camera.next->at)}});
  }
  return say("board.camera", {{"code", camera.code}, {"name", camera.name}, {"why", why}});
}

}  // namespace

std::vector<std::string> TellBoard(const std::vector<BoardCamera>& board, const FactChange& facts) {
  const Messages& say = facts.say();
  std::vector<std::string> lines;
  for (auto floor = board.begin(); floor != board.end();) {
    const auto end = std::find_if(floor, board.end(), [&](const BoardCamera& camera) {
      return camera.floor != floor->floor;
    });
    const auto ready = std::count_if(floor, end, [](const auto& one) { return !one.HoldsUp(); });
    const std::string ready_text = std::to_string(ready);
    const std::string count = std::to_string(end - floor);
    const FillIns values{{"floor", floor->floor},
                         {"name", floor->floor_name},
                         {"ready", ready_text},
                         {"count", count}};
    lines.push_back(floor->floor.empty() ? say("board.nowhere", values)
                                         : say("board.floor", values));
    for (; floor != end; ++floor) {
      std::string line = TellCamera(*floor, facts);
      if (!line.empty()) lines.push_back(std::move(line));
    }
  }
  return lines;
}

Json JsonOf(const std::vector<BoardCamera>& board) {
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  Json cameras = Json::Array();
  for (const BoardCamera& camera : board) {
    cameras.Push(Json::Object(
        {{"code", camera.code},
         {"name", camera.name},
         {"floor", text(camera.floor)},
         {"unit", text(camera.unit)},
         {"state", ToString(camera.state)},
         {"since", camera.since ? Json(FormatRfc3339(*camera.since)) : Json()},
         {"recorded", camera.recorded},
         {"missing", camera.missing ? Json(camera.missing->reason) : Json()},
         {"missing_since", camera.missing ? Json(FormatRfc3339(camera.missing->since)) : Json()}}));
  }
  return cameras;
}

}  // namespace yagura::app
