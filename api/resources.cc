#include "api/resources.h"

#include "api/parameters.h"
#include "core/ids.h"
#include "storage/clip_queries_pg.h"
#include "storage/growing_clips_pg.h"

namespace yagura::api {
namespace {

using access_control::Footage;
using access_control::Resource;

tl::unexpected<Error> NoSuchId() { return Failure(ErrorCode::kNotFound, "no such id"); }

template <class IdType>
Result<Resource> IdAsResource(std::string_view text) {
  const auto id = ParseId<IdType>(text);
  if (!id) return NoSuchId();
  return Resource(*id);
}

/// One that is being written: up to now.
Result<Resource> FootageOfGrowingClip(const Call& call, pqxx::transaction_base& transaction,
                                      const ClipId& id) {
  auto found = storage::FindGrowingClip(transaction, id);
  if (!found) return NoSuchId();
  const storage::ClipOpened& clip = found->clip.opened;
  Resource footage(Footage{clip.camera, clip.owner.unit, {clip.wall_start, found->clip.asked_at}});
  call.named = {std::move(found->run), std::nullopt, std::move(found->clip)};
  return footage;
}

}  // namespace

ResourceFrom NoResource() {
  return [](const Call&, pqxx::transaction_base&) -> Result<Resource> { return Resource(); };
}

ResourceFrom CameraInPath() {
  return [](const Call& call, pqxx::transaction_base&) {
    return IdAsResource<CameraId>(call.Path("id"));
  };
}

ResourceFrom CameraInQuery() {
  return [](const Call& call, pqxx::transaction_base&) -> Result<Resource> {
    const auto camera = call.Query("camera");
    return camera ? IdAsResource<CameraId>(*camera) : Resource();
  };
}

ResourceFrom CameraOrFloorInQuery() {
  return [](const Call& call, pqxx::transaction_base&) -> Result<Resource> {
    const auto camera = call.Query("camera");
    const auto floor = call.Query("floor");
    if (camera.has_value() == floor.has_value())
      return InvalidArgument("give either camera or floor");
    return camera ? IdAsResource<CameraId>(*camera) : IdAsResource<FloorId>(*floor);
  };
}

ResourceFrom FloorOrDepartmentInQuery() {
  return [](const Call& call, pqxx::transaction_base&) -> Result<Resource> {
    if (const auto floor = call.Query("floor")) return IdAsResource<FloorId>(*floor);
    if (const auto department = call.Query("department")) return IdAsResource<UnitId>(*department);
    return Resource();
  };
}

ResourceFrom DepartmentInQuery() {
  return [](const Call& call, pqxx::transaction_base&) -> Result<Resource> {
    if (const auto department = call.Query("department")) return IdAsResource<UnitId>(*department);
    return Resource();
  };
}

ResourceFrom FootageOfClipInPath() {
  return [](const Call& call, pqxx::transaction_base& transaction) -> Result<Resource> {
    const auto id = ParseClipId(call.Path("id"));
    if (!id) return NoSuchId();
    auto found = storage::FindClip(transaction, *id);
    if (!found) return FootageOfGrowingClip(call, transaction, *id);
    const storage::ClipRow& clip = found->clip;
    Resource footage(Footage{clip.camera, clip.owner.unit, {clip.start, clip.end}});
    call.named = {std::move(found->run), std::move(found->clip), std::nullopt};
    return footage;
  };
}

ResourceFrom FootageOfRunInPath() {
  return [](const Call& call, pqxx::transaction_base& transaction) -> Result<Resource> {
    const auto id = ParseId<RunId>(call.Path("id"));
    if (!id) return NoSuchId();
    const auto run = storage::FindRun(transaction, *id);
    if (!run) return NoSuchId();
    call.named = {*run, std::nullopt, std::nullopt};
    return Resource(Footage{run->camera,
                            run->owner.unit,
                            {run->start, run->end.value_or(run->start + microseconds(1))}});
  };
}

}  // namespace yagura::api
