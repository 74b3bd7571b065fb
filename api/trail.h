#pragma once

#include "access_control/gate.h"
#include "api/http.h"
#include "api/route.h"
#include "core/result.h"

namespace yagura::api {

/// GET /v1/viewings: who was handed which pictures, when and why. Auditors see all, others what was
/// looked at of footage whose pictures they may see.
[[nodiscard]] Result<Response> ListViewings(const Call& call, const access_control::Permit& permit);
/// GET /v1/audit: the audit log.
[[nodiscard]] Result<Response> ListAuditRecords(const Call& call,
                                                const access_control::Permit& permit);

}  // namespace yagura::api
