#include "simulate/camera_farm.h"

#include "simulate/farm_loop.h"

namespace yagura::simulate {

Result<std::unique_ptr<CameraFarm>> CameraFarm::Start(const FarmOptions& options,
                                                      const Clock& clock) {
  ASSIGN_OR_RETURN(std::unique_ptr<FarmLoop> loop, FarmLoop::Create(options, clock));
  loop->Start();
  return std::unique_ptr<CameraFarm>(new CameraFarm(options.address, std::move(loop)));
}

CameraFarm::CameraFarm(std::string address, std::unique_ptr<FarmLoop> loop)
    : address_(std::move(address)), loop_(std::move(loop)) {}

CameraFarm::~CameraFarm() = default;

std::uint16_t CameraFarm::port() const { return loop_->port(); }

std::uint32_t CameraFarm::camera_count() const { return loop_->camera_count(); }

std::string CameraFarm::Url(std::uint32_t camera) const {
  const bool v6 = address_.find(':') != std::string::npos;
  const std::string host = v6 ? "[" + address_ + "]" : address_;
  return "rtsp://" + host + ":" + std::to_string(port()) + "/camera/" + std::to_string(camera);
}

FarmCounts CameraFarm::counts() const { return loop_->Counts(); }
Result<void> CameraFarm::FlushLog() { return loop_->FlushLog(); }
void CameraFarm::StopCamera(std::uint32_t camera) { loop_->StopCamera(camera); }
void CameraFarm::StartCamera(std::uint32_t camera) { loop_->StartCamera(camera); }
void CameraFarm::DropSessions(std::uint32_t camera) { loop_->DropSessions(camera); }
void CameraFarm::SilenceCamera(std::uint32_t camera, bool silent) {
  loop_->SilenceCamera(camera, silent);
}

}  // namespace yagura::simulate
