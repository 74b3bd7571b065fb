#pragma once

#include "app/message.h"

namespace yagura::app {

/// English, part four: states, posts and reasons by name, the board of a phase. The Japanese ones
/// have the same keys in the same order.
inline constexpr Message kEnglishBoard[] = {
    {"state.planned", "planned"},
    {"state.staged", "staged"},
    {"state.accepted", "accepted"},
    {"state.in_service", "in_service"},
    {"state.suspended", "suspended"},
    {"state.retired", "retired"},

    {"post.department_head", "department_head"},
    {"post.general_manager", "general_manager"},
    {"post.crisis_management", "crisis_management"},
    {"post.operations", "operations"},
    {"post.auditor", "auditor"},
    {"post.administrator", "administrator"},

    {"reason.camera_unreachable", "camera unreachable"},
    {"reason.authentication_failed", "camera refused our credentials"},
    {"reason.camera_refused", "camera refused"},
    {"reason.protocol_error", "protocol error"},
    {"reason.unsupported_stream", "unsupported stream"},
    {"reason.camera_silent", "camera silent"},
    {"reason.frames_damaged", "frames damaged"},
    {"reason.waiting_for_keyframe", "waiting for a keyframe"},
    {"reason.recorder_restart", "recorder restarted"},
    {"reason.recorder_overloaded", "recorder overloaded"},
    {"reason.write_failed", "writing failed"},
    {"reason.volume_full", "volume full"},
    {"reason.clock_step", "clock jumped"},
    {"reason.camera_parked", "camera parked: what it sends crashed the recorder or its worker"},
    {"reason.worker_failed", "the process that pulls from it failed"},
    {"reason.certificate_changed", "it shows another certificate than before"},
    {"picture.black", "picture is black"},
    {"picture.frozen", "picture is frozen"},

    {"board.floor", "  {floor} {name}: {ready} of {count} ready"},
    {"board.nowhere", "  on no floor: {ready} of {count} ready"},
    {"board.camera", "    {code} {name}: {why}"},
    {"board.planned", "planned, not set up yet"},
    {"board.nobody", "no unit is in charge of it"},
    {"board.staged", "staged since {at} and recorded, not accepted yet"},
    {"board.unrecorded", "staged since {at}, nothing recorded yet"},
    {"board.missing", "{state} since {at}, not recorded since {missing}: {reason}"},
    {"board.suspended", "suspended since {at}"},
    {"board.next", "; {state} from {at} on, as entered"},
    {"status.camera", "  {code} {name}: {reason}, since {at}"},
    {"status.more", "  and {count} more"},
    {"status.found_transport", "  cameras of transport auto that send over {transport}: {cameras}"},
    {"status.clock_set", "  this machine's clock was set from {before} to {after}"},
    {"language.unknown", "--language: en or ja is expected, found \"{given}\""},
    {"version.option", "show the version"},
};

}  // namespace yagura::app
