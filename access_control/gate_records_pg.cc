#include "access_control/gate_records_pg.h"

#include <pqxx/pqxx>

#include "access_control/audit.h"
#include "core/json.h"
#include "core/pg/values.h"

namespace yagura::access_control {
namespace {

constexpr auto kEnter =
    "SELECT person_id, session_id, expires_at, epoch, clock_agrees FROM request_enter($1, $2)";
constexpr auto kAppend = "SELECT audit_append($1, $2)";
constexpr auto kAppendAtEpoch = "SELECT audit_append($1, $2, $3)";
constexpr auto kOpenViewing = "SELECT viewing_open($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
constexpr auto kDeliver = "SELECT viewing_deliver($1, $2, $3, $4)";
constexpr auto kEpoch = "SELECT epoch FROM facts_epoch";

/// 256 bits in base64url.
constexpr std::size_t kTokenCharacters = 43;

bool LooksLikeToken(const std::string& text) {
  return text.size() == kTokenCharacters &&
         text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
             std::string::npos;
}

std::string BodyOf(const DemandRecord& record) {
  Json basis = Json::Array();
  for (const AssignmentId& assignment : record.decision.basis) basis.Push(ToString(assignment));
  return Json::Object({{"person", ToString(record.principal.person)},
                       {"session", ToString(record.principal.session)},
                       {"action", ToString(record.action)},
                       {"resource", record.resource},
                       {"reason", ToString(record.decision.reason)},
                       {"basis", std::move(basis)},
                       {"terminal", record.caller.terminal},
                       {"request", record.caller.request_id},
                       {"epoch", record.epoch}})
      .Dump();
}

tl::unexpected<Error> FactsMoved() {
  return Failure(ErrorCode::kAborted, "the facts have changed meanwhile");
}

std::string BasisParameter(const Decision& decision) {
  pg::ArrayParameter basis;
  for (const AssignmentId& assignment : decision.basis) basis.Add(ToString(assignment));
  return basis.Text();
}

std::string MultirangeParameter(const std::vector<WallRange>& intervals) {
  std::string text = "{";
  for (const WallRange& interval : intervals) {
    if (text.size() > 1) text += ',';
    text += "[" + FormatRfc3339(interval.from) + "," + FormatRfc3339(interval.to) + ")";
  }
  return text + "}";
}

}  // namespace

Result<Entered> EnterRequest(pqxx::transaction_base& transaction, const Caller& caller,
                             WallTime now) {
  if (!LooksLikeToken(caller.token)) return Failure(ErrorCode::kUnauthenticated, "no session");
  const pqxx::result rows = transaction.exec_params(kEnter, caller.token, pg::TimeParameter(now));
  if (rows.empty()) return Failure(ErrorCode::kUnauthenticated, "no session, or it has ended");
  const pqxx::row row = rows[0];
  if (!row["clock_agrees"].as<bool>()) {
    return Failure(ErrorCode::kUnavailable,
                   "the database's clock and ours are more than 10 s apart");
  }
  Entered entered;
  entered.principal.person = pg::IdOf<PersonId>(row["person_id"].c_str());
  entered.principal.session = pg::IdOf<SessionId>(row["session_id"].c_str());
  entered.principal.expires_at = pg::TimeOf(row["expires_at"].c_str());
  entered.epoch = row["epoch"].as<std::int64_t>();
  return entered;
}

void RecordDenied(pqxx::transaction_base& transaction, const DemandRecord& record) {
  transaction.exec_params1(kAppend, std::string(ToString(AuditEvent::kDenied)), BodyOf(record));
}

Result<void> RecordPermitted(pqxx::transaction_base& transaction, AuditEvent event,
                             const DemandRecord& record) {
  const auto counter = transaction.exec_params1(kAppendAtEpoch, std::string(ToString(event)),
                                                BodyOf(record), record.epoch);
  if (counter[0].is_null()) return FactsMoved();
  return {};
}

Result<void> RecordViewing(pqxx::transaction_base& transaction, const DemandRecord& record,
                           const Viewing& viewing, const std::string& purpose) {
  const bool nobodys = viewing.unit() == UnitId();
  const auto unit = nobodys ? std::nullopt : std::optional(ToString(viewing.unit()));
  const auto opened = transaction.exec_params1(
      kOpenViewing, ToString(viewing.id()), ToString(viewing.camera()), unit,
      pg::TimeParameter(viewing.interval().from), pg::TimeParameter(viewing.interval().to),
      std::string(ToString(viewing.action())), BasisParameter(record.decision), purpose,
      record.caller.terminal, record.caller.request_id, record.epoch);
  if (!opened[0].as<bool>()) return FactsMoved();
  return {};
}

void RecordDelivery(pqxx::transaction_base& transaction, const Delivery& delivery) {
  transaction.exec_params1(kDeliver, ToString(delivery.viewing),
                           MultirangeParameter(delivery.intervals),
                           static_cast<std::int64_t>(delivery.bytes), delivery.last);
}

std::int64_t ReadEpoch(pqxx::transaction_base& transaction) {
  return transaction.exec1(kEpoch)[0].as<std::int64_t>();
}

}  // namespace yagura::access_control
