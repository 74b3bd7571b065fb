#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "simulate/camera.h"
#include "simulate/camera_farm.h"
#include "simulate/rtsp_dialogue.h"

namespace yagura::simulate {

/// The farm's cameras, numbered from 1. Loops are read once and shared among cameras that send the
/// same bytes. Farm thread only.
class CameraSet final : public CameraDesk {
 public:
  /// kInvalidArgument: a group without loops or frame rate. Otherwise the loops' errors.
  [[nodiscard]] static Result<CameraSet> Load(const std::vector<CameraGroup>& groups);

  /// Null where there is no such camera.
  [[nodiscard]] Camera* Find(std::uint32_t number);
  [[nodiscard]] const Camera* Find(std::uint32_t number) const;
  [[nodiscard]] std::vector<Camera>& all() { return cameras_; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(cameras_.size()); }

  [[nodiscard]] Presence PresenceOf(std::uint32_t camera) const override;
  [[nodiscard]] std::string SdpOf(std::uint32_t camera) const override;
  [[nodiscard]] const Habits& HabitsOf(std::uint32_t camera) const override;

 private:
  std::vector<Camera> cameras_;
};

}  // namespace yagura::simulate
