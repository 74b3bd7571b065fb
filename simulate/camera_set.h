#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "simulate/camera.h"
#include "simulate/camera_farm.h"
#include "simulate/fault_script.h"
#include "simulate/rtsp_dialogue.h"

namespace yagura::simulate {

/// The farm's cameras, numbered from 1. Loops are read once and shared among cameras that send the
/// same bytes. Farm thread only.
class CameraSet final : public CameraDesk {
 public:
  /// kInvalidArgument: a group without loops or frame rate. Otherwise the loops' errors.
  [[nodiscard]] static Result<CameraSet> Load(const std::vector<CameraGroup>& groups);

  /// Reads what the faults will let their cameras show. kInvalidArgument: not of their codec, its
  /// pictures or theirs are reordered, or their parameter sets are only in the SDP.
  [[nodiscard]] Result<void> LoadScenes(const std::vector<Fault>& faults);
  /// One that was read, for a camera of the fault.
  [[nodiscard]] const Scene& SceneOf(const std::filesystem::path& loop, std::uint32_t camera) const;

  /// Null where there is no such camera.
  [[nodiscard]] Camera* Find(std::uint32_t number);
  [[nodiscard]] const Camera* Find(std::uint32_t number) const;
  [[nodiscard]] std::vector<Camera>& all() { return cameras_; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(cameras_.size()); }

  [[nodiscard]] Presence PresenceOf(std::uint32_t camera) const override;
  [[nodiscard]] std::string SdpOf(std::uint32_t camera) const override;
  [[nodiscard]] const Habits& HabitsOf(std::uint32_t camera) const override;

  [[nodiscard]] unsigned ErrorOf(std::uint32_t camera, std::string_view method) const override;

 private:
  using SceneKey = std::pair<std::filesystem::path, ParameterSets>;
  std::vector<Camera> cameras_;
  std::vector<ParameterSets> told_;  // of each camera
  std::map<SceneKey, Scene> scenes_;
};

}  // namespace yagura::simulate
