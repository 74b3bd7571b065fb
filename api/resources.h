#pragma once

#include "api/route.h"

namespace yagura::api {

// What calls are about. An id that isn't one is kNotFound, like one that names nothing. Rows are
// read under the person's row-level security; exceptions of libpqxx end in the pool.

/// The session itself, or a list without a filter by id.
[[nodiscard]] ResourceFrom NoResource();
/// Path parameter "id" names a camera.
[[nodiscard]] ResourceFrom CameraInPath();
/// Query parameter "camera", else nothing.
[[nodiscard]] ResourceFrom CameraInQuery();
/// Query parameter "camera" or "floor", exactly one (else kInvalidArgument).
[[nodiscard]] ResourceFrom CameraOrFloorInQuery();
/// Query parameter "floor", else "department", else nothing.
[[nodiscard]] ResourceFrom FloorOrDepartmentInQuery();
/// Query parameter "department", else nothing.
[[nodiscard]] ResourceFrom DepartmentInQuery();
/// Path parameter "id" names a clip, or a run: the footage it holds. Leaves its row in the call.
[[nodiscard]] ResourceFrom FootageOfClipInPath();
[[nodiscard]] ResourceFrom FootageOfRunInPath();

}  // namespace yagura::api
