#include <algorithm>

#include "core/log.h"
#include "simulate/farm_loop.h"

namespace yagura::simulate {
namespace {

constexpr unsigned kUnauthorized = 401;

}  // namespace

MonoTime FarmLoop::NextFault() const {
  const auto next = faults_.next();
  return next ? started_ + *next : MonoTime::max();
}

void FarmLoop::PlayFaults() {
  const auto since_start = std::chrono::floor<milliseconds>(woke_ - started_);
  for (const FaultStep& step : faults_.TakeDue(since_start)) {
    log::Info(step.begins ? "fault begins" : "fault ends",
              {{"fault", ToString(step.fault.kind)},
               {"first_camera", std::int64_t{step.fault.first_camera}},
               {"last_camera", std::int64_t{step.fault.last_camera}},
               {"at_ms", std::int64_t{step.at.count()}}});
    for (std::uint32_t n = step.fault.first_camera; n <= step.fault.last_camera; ++n) {
      Camera* camera = cameras_.Find(n);
      if (camera != nullptr) step.begins ? Begin(step.fault, *camera) : End(step.fault, *camera);
    }
  }
}

void FarmLoop::Begin(const Fault& fault, Camera& camera) {
  switch (fault.kind) {
    case FaultKind::kReset:
      return ResetClientsOf(camera.number());
    case FaultKind::kHalfOpen:
      return camera.Silence(true);
    case FaultKind::kReboot:
      camera.Stop();
      return CloseClientsOf(camera.number(), SessionEnd::kScripted);
    case FaultKind::kCredentials:
      camera.AnswerWith(CannedAnswer{.method = "", .status = kUnauthorized});
      return CloseClientsOf(camera.number(), SessionEnd::kScripted);
    case FaultKind::kAnswer:
      return camera.AnswerWith(CannedAnswer{.method = fault.method, .status = fault.status});
    case FaultKind::kClock:
      return camera.SetClock(fault.step);
    case FaultKind::kTimestamps:
      return camera.JumpTimestamps(fault.ticks);
    case FaultKind::kFootage:
      return camera.Show(cameras_.SceneOf(fault.loop, camera.number()), clock_.Monotonic());
    case FaultKind::kDrop:
    case FaultKind::kDuplicate:
    case FaultKind::kReorder:
    case FaultKind::kMalform:
      return BreakPacketsOf(camera.number(), fault);
  }
}

void FarmLoop::End(const Fault& fault, Camera& camera) {
  switch (fault.kind) {
    case FaultKind::kHalfOpen:
      return camera.Silence(false);
    case FaultKind::kReboot:
      if (!camera.running()) Power(camera);
      return;
    case FaultKind::kCredentials:
    case FaultKind::kAnswer:
      return camera.AnswerWith(std::nullopt);
    case FaultKind::kFootage:
      return camera.ShowItsOwn(clock_.Monotonic());
    default:
      return;
  }
}

void FarmLoop::ResetClientsOf(std::uint32_t camera) {
  for (const auto& [key, client] : clients_) {
    if (client->camera() == camera) client->EndByReset();
  }
  CloseClientsOf(camera, SessionEnd::kScripted);
}

void FarmLoop::BreakPacketsOf(std::uint32_t camera, const Fault& fault) {
  for (const auto& [key, client] : clients_) {
    if (client->camera() == camera && client->playing()) client->Break(fault);
  }
}

}  // namespace yagura::simulate
