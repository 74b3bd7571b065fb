#include "simulate/camera_set.h"

#include <cmath>
#include <map>

#include "simulate/loop_file.h"

namespace yagura::simulate {
namespace {

/// A loop as read, and as laid out for each way of telling parameter sets.
struct Footage {
  LoopFile file;
  std::map<ParameterSets, std::shared_ptr<PacketLoop>> packets;
};

class FootageShelf {
 public:
  Result<Footage*> Get(const std::filesystem::path& path) {
    if (const auto found = shelf_.find(path); found != shelf_.end()) return &found->second;
    ASSIGN_OR_RETURN(LoopFile file, ReadLoopFile(path));
    return &shelf_.emplace(path, Footage{std::move(file), {}}).first->second;
  }

 private:
  std::map<std::filesystem::path, Footage> shelf_;
};

/// Spreads cameras over the loop so that neither their keyframes nor their frames coincide:
/// multiples of the golden ratio leave no cluster, whatever the number of cameras and the length of
/// the GOP.
double PhaseOf(std::uint32_t number) {
  constexpr double kGoldenRatio = 0.6180339887498949;
  const double turns = number * kGoldenRatio;
  return turns - std::floor(turns);
}

std::string SdpFormat(const LoopFile& file, ParameterSets told) {
  return PayloadFormatOf(file.codec).sdp_lines(file, told != ParameterSets::kInBandOnly);
}

Result<void> MayShow(const Camera& camera, ParameterSets told, const LoopFile& file) {
  const auto refuse = [&](const std::string& why) {
    return Failure(ErrorCode::kInvalidArgument,
                   "camera " + std::to_string(camera.number()) + " can't change footage: " + why);
  };
  if (file.codec != camera.codec()) return refuse("it is of another codec");
  if (file.reorder_frames > 0 || camera.reorders()) return refuse("pictures are reordered");
  if (told == ParameterSets::kSdpOnly) return refuse("its parameter sets are only in the SDP");
  return {};
}

Result<CameraModel> MakeModel(const CameraGroup& group, std::uint32_t number, Footage& footage) {
  CameraModel model;
  model.number = number;
  const auto rate = group.rate ? group.rate : footage.file.rate;
  if (!rate || rate->frames == 0 || rate->seconds == 0) {
    return Failure(ErrorCode::kInvalidArgument, "the loop names no frame rate, and none is given");
  }
  model.rate = *rate;
  model.drift_ppm = group.drift_ppm;
  model.phase = PhaseOf(number);
  auto& packets = footage.packets[group.parameter_sets];
  if (!packets) packets = std::make_shared<PacketLoop>(footage.file, group.parameter_sets);
  model.scene.loop = packets;
  if (group.parameter_sets == ParameterSets::kSdpOnly && footage.file.parameter_sets_change) {
    return Failure(ErrorCode::kInvalidArgument,
                   "the loop's parameter sets change: the SDP alone can't tell them");
  }
  model.scene.sdp_format = SdpFormat(footage.file, group.parameter_sets);
  return model;
}

}  // namespace

Result<CameraSet> CameraSet::Load(const std::vector<CameraGroup>& groups) {
  CameraSet set;
  FootageShelf shelf;
  for (const CameraGroup& group : groups) {
    if (group.loops.empty()) return Failure(ErrorCode::kInvalidArgument, "cameras without a loop");
    for (std::uint32_t i = 0; i < group.count; ++i) {
      ASSIGN_OR_RETURN(Footage * footage, shelf.Get(group.loops[i % group.loops.size()]));
      ASSIGN_OR_RETURN(CameraModel model, MakeModel(group, set.size() + 1, *footage));
      if (!group.habits.empty()) model.habits = group.habits[i % group.habits.size()];
      set.cameras_.emplace_back(std::move(model));
      set.told_.push_back(group.parameter_sets);
    }
  }
  return set;
}

Result<void> CameraSet::LoadScenes(const std::vector<Fault>& faults) {
  std::map<std::filesystem::path, LoopFile> files;
  for (const Fault& fault : faults) {
    if (fault.kind != FaultKind::kFootage) continue;
    if (!files.contains(fault.loop)) {
      ASSIGN_OR_RETURN(LoopFile read, ReadLoopFile(fault.loop));
      files.emplace(fault.loop, std::move(read));
    }
    const LoopFile& file = files.at(fault.loop);
    for (std::uint32_t n = fault.first_camera; n <= fault.last_camera; ++n) {
      const ParameterSets told = told_[n - 1];
      RETURN_IF_ERROR(MayShow(cameras_[n - 1], told, file));
      Scene& scene = scenes_[{fault.loop, told}];
      if (scene.loop) continue;
      scene = {std::make_shared<PacketLoop>(file, told), SdpFormat(file, told)};
    }
  }
  return {};
}

const Scene& CameraSet::SceneOf(const std::filesystem::path& loop, std::uint32_t camera) const {
  return scenes_.at({loop, told_[camera - 1]});
}

Camera* CameraSet::Find(std::uint32_t number) {
  return number >= 1 && number <= cameras_.size() ? &cameras_[number - 1] : nullptr;
}
const Camera* CameraSet::Find(std::uint32_t number) const {
  return number >= 1 && number <= cameras_.size() ? &cameras_[number - 1] : nullptr;
}

CameraDesk::Presence CameraSet::PresenceOf(std::uint32_t camera) const {
  const Camera* found = Find(camera);
  if (found == nullptr) return Presence::kUnknown;
  if (!found->running()) return Presence::kStopped;
  return found->silent() ? Presence::kSilent : Presence::kPresent;
}

unsigned CameraSet::ErrorOf(std::uint32_t camera, std::string_view method) const {
  const Camera* found = Find(camera);
  if (found == nullptr || !found->answer()) return 0;
  const std::string& of = found->answer()->method;
  const bool meant = of.empty() ? method != "OPTIONS" : method == of;
  return meant ? found->answer()->status : 0;
}

const Habits& CameraSet::HabitsOf(std::uint32_t camera) const {
  const Camera* found = Find(camera);
  return found == nullptr ? OrdinaryHabits() : found->habits();
}

std::string CameraSet::SdpOf(std::uint32_t camera) const {
  const Camera* found = Find(camera);
  return found == nullptr ? std::string() : found->Sdp();
}

}  // namespace yagura::simulate
