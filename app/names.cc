#include "app/names.h"

#include <algorithm>
#include <array>

namespace yagura::app {
namespace {

struct Name {
  std::string_view code;
  MessageKey key;
};

constexpr std::array kStates{
    Name{"planned", "state.planned"},     Name{"staged", "state.staged"},
    Name{"accepted", "state.accepted"},   Name{"in_service", "state.in_service"},
    Name{"suspended", "state.suspended"}, Name{"retired", "state.retired"},
};
constexpr std::array kPosts{
    Name{"department_head", "post.department_head"},
    Name{"general_manager", "post.general_manager"},
    Name{"crisis_management", "post.crisis_management"},
    Name{"operations", "post.operations"},
    Name{"auditor", "post.auditor"},
    Name{"administrator", "post.administrator"},
};
constexpr std::array kReasons{
    Name{"camera_unreachable", "reason.camera_unreachable"},
    Name{"authentication_failed", "reason.authentication_failed"},
    Name{"camera_refused", "reason.camera_refused"},
    Name{"protocol_error", "reason.protocol_error"},
    Name{"unsupported_stream", "reason.unsupported_stream"},
    Name{"camera_silent", "reason.camera_silent"},
    Name{"frames_damaged", "reason.frames_damaged"},
    Name{"waiting_for_keyframe", "reason.waiting_for_keyframe"},
    Name{"recorder_restart", "reason.recorder_restart"},
    Name{"recorder_overloaded", "reason.recorder_overloaded"},
    Name{"write_failed", "reason.write_failed"},
    Name{"volume_full", "reason.volume_full"},
    Name{"clock_step", "reason.clock_step"},
    Name{"camera_parked", "reason.camera_parked"},
    Name{"worker_failed", "reason.worker_failed"},
    Name{"certificate_changed", "reason.certificate_changed"},
};
constexpr std::array kPictureFaults{
    Name{"black", "picture.black"},
    Name{"frozen", "picture.frozen"},
};

template <std::size_t kCount>
std::string NameIn(const std::array<Name, kCount>& names, std::string_view code,
                   const Messages& say) {
  const auto* found = std::ranges::find(names, code, &Name::code);
  return found == names.end() ? std::string(code) : say(found->key);
}

}  // namespace

std::string NameOfState(std::string_view state, const Messages& say) {
  return NameIn(kStates, state, say);
}
std::string NameOfPost(std::string_view post, const Messages& say) {
  return NameIn(kPosts, post, say);
}
std::string NameOfReason(std::string_view reason, const Messages& say) {
  return NameIn(kReasons, reason, say);
}
std::string NameOfPictureFault(std::string_view fault, const Messages& say) {
  return NameIn(kPictureFaults, fault, say);
}

}  // namespace yagura::app
