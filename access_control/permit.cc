#include <utility>

#include "access_control/gate.h"

namespace yagura::access_control {
namespace {

bool IsAbout(const Resource& resource, CameraId camera) {
  if (const auto* const one = std::get_if<CameraId>(&resource)) return *one == camera;
  const auto* const footage = std::get_if<Footage>(&resource);
  return footage != nullptr && footage->camera == camera;
}

}  // namespace

Demand DemandFor(Action action, Resource resource) {
  return {action,
          [resource = std::move(resource)](pqxx::transaction_base&) -> Result<Resource> {
            return resource;
          },
          std::nullopt};
}

bool Permit::Allows(const Footage& footage) const {
  return Decide(*facts_, {principal_.person, action_, footage}, now_).permits();
}

bool Permit::Allows(UnitId department) const {
  return Decide(*facts_, {principal_.person, action_, department}, now_).permits();
}

Result<Viewing> Permit::OpenViewing(const Footage& footage, std::string purpose) {
  const auto& [camera, unit, interval] = footage;
  if (!IsAboutPictures(action_) || !IsAbout(resource_, camera)) {
    return Failure(ErrorCode::kPermissionDenied, "a viewing outside what was permitted");
  }
  if (interval.from >= interval.to || interval.to - interval.from > kViewingMax) {
    return Failure(ErrorCode::kInvalidArgument,
                   "a viewing must have more than nothing and at most ten minutes");
  }
  Viewing viewing;
  viewing.id_ = NewId<ViewingId>();
  viewing.person_ = principal_.person;
  viewing.session_ = principal_.session;
  viewing.camera_ = camera;
  viewing.unit_ = unit;
  viewing.action_ = action_;
  viewing.interval_ = interval;
  opened_.push_back({viewing, std::move(purpose)});
  return viewing;
}

}  // namespace yagura::access_control
