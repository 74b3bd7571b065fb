#include "access_control/people_pg.h"

#include <pqxx/pqxx>

#include "access_control/audit_pg.h"
#include "core/json.h"
#include "core/pg/values.h"

namespace yagura::access_control {
namespace {

constexpr auto kUnitByCode = "SELECT id FROM unit WHERE code = $1";
constexpr auto kPersonByName = "SELECT id FROM person WHERE username = $1";
constexpr auto kAddUnit = "INSERT INTO unit (id, parent_id, code, name) VALUES ($1, $2, $3, $4)";
constexpr auto kAddPerson =
    "INSERT INTO person (id, username, name, password_hash) VALUES ($1, $2, $3, $4)";
constexpr auto kSetPassword = "UPDATE person SET password_hash = $2 WHERE id = $1";
constexpr auto kEndSession = "SELECT session_id, person_id FROM sessions_end($1, NULL)";
constexpr auto kEndSessionsOf = "SELECT session_id, person_id FROM sessions_end(NULL, $1)";
constexpr auto kRename = "UPDATE person SET name = $2 WHERE id = $1";
constexpr auto kPasswordAloneIs = "UPDATE person SET password_alone = $2 WHERE id = $1";
constexpr auto kTakeFactor = "DELETE FROM second_factor WHERE person_id = $1";
constexpr auto kGiveFactor =
    "INSERT INTO second_factor (person_id, secret) VALUES ($1, $2) ON CONFLICT (person_id) "
    "DO UPDATE SET secret = $2, last_step = 0, set_at = clock_timestamp()";
constexpr auto kDisable =
    "UPDATE person SET disabled_at = now() WHERE id = $1 AND disabled_at IS NULL";
constexpr auto kAddAssignment =
    "INSERT INTO assignment (id, person_id, post, unit_id, valid_from, valid_to) VALUES ($1, $2, "
    "$3, $4, $5, $6)";
constexpr auto kEndAssignment =
    "UPDATE assignment SET valid_to = $2 WHERE id = $1 AND valid_from < $2 AND $2 < valid_to";
constexpr auto kAssignmentExists = "SELECT EXISTS (SELECT FROM assignment WHERE id = $1)";

template <class IdType>
Result<IdType> FindId(pqxx::transaction_base& transaction, const char* query,
                      const std::string& name, const char* what) {
  const pqxx::result rows = transaction.exec_params(query, name);
  if (!rows.empty()) return pg::IdOf<IdType>(rows[0][0].c_str());
  return Failure(Error(ErrorCode::kNotFound, "no " + std::string(what) + " \"" + name + "\"")
                     .WithPublicMessage("no " + std::string(what) + " \"" + name + "\""));
}

Json ByActor(const std::string& actor) {
  return Json::Object({{"actor", "operator at console"}, {"user", actor}});
}

void StoreFactor(pqxx::transaction_base& transaction, PersonId person, const SecondFactor& factor) {
  transaction.exec_params0(kPasswordAloneIs, ToString(person), !factor.has_value());
  if (factor) {
    transaction.exec_params0(kGiveFactor, ToString(person), pg::BytesParameter(*factor));
  } else {
    transaction.exec_params0(kTakeFactor, ToString(person));
  }
}

}  // namespace

Result<UnitId> PeopleBook::AddUnit(const std::string& code, const std::string& name,
                                   const std::optional<std::string>& parent_code) {
  return pool_.RunFor<UnitId>([&](pqxx::transaction_base& transaction) -> Result<UnitId> {
    const auto unit = NewId<UnitId>();
    std::optional<std::string> parent;
    if (parent_code) {
      ASSIGN_OR_RETURN(const UnitId found,
                       FindId<UnitId>(transaction, kUnitByCode, *parent_code, "unit"));
      parent = ToString(found);
    }
    transaction.exec_params0(kAddUnit, ToString(unit), parent ? parent->c_str() : nullptr, code,
                             name);
    Json body = ByActor(actor_);
    body.Set("unit", ToString(unit))
        .Set("code", code)
        .Set("parent", parent ? Json(*parent) : Json());
    RETURN_IF_ERROR(AppendAudit(transaction, AuditEvent::kUnitAdded, body));
    return unit;
  });
}

Result<PersonId> PeopleBook::AddPerson(const std::string& username, const std::string& name,
                                       const std::string& password_hash,
                                       const SecondFactor& factor) {
  return pool_.RunFor<PersonId>([&](pqxx::transaction_base& transaction) -> Result<PersonId> {
    const auto person = NewId<PersonId>();
    transaction.exec_params0(kAddPerson, ToString(person), username, name, password_hash);
    StoreFactor(transaction, person, factor);
    Json body = ByActor(actor_);
    body.Set("person", ToString(person)).Set("password_alone", !factor.has_value());
    RETURN_IF_ERROR(AppendAudit(transaction, AuditEvent::kPersonAdded, body));
    return person;
  });
}

Result<void> PeopleBook::ChangePerson(const std::string& username, AuditEvent event,
                                      const char* what, const Change& change) {
  return pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    ASSIGN_OR_RETURN(const PersonId person,
                     FindId<PersonId>(transaction, kPersonByName, username, "person"));
    change(transaction, person);
    Json body = ByActor(actor_);
    body.Set("person", ToString(person)).Set("changed", what);
    return AppendAudit(transaction, event, body);
  });
}

Result<void> PeopleBook::SetPassword(const std::string& username,
                                     const std::string& password_hash) {
  return ChangePerson(username, AuditEvent::kPersonChanged, "password",
                      [&](pqxx::transaction_base& transaction, PersonId person) {
                        transaction.exec_params0(kSetPassword, ToString(person), password_hash);
                      });
}

Result<void> PeopleBook::SetSecondFactor(const std::string& username, const SecondFactor& factor) {
  return ChangePerson(username, AuditEvent::kPersonChanged,
                      factor ? "second factor" : "password alone",
                      [&](pqxx::transaction_base& transaction, PersonId person) {
                        StoreFactor(transaction, person, factor);
                      });
}

Result<void> PeopleBook::SetInitialPasswords(const std::vector<InitialPassword>& passwords) {
  return pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    for (const InitialPassword& one : passwords) {
      ASSIGN_OR_RETURN(const PersonId person,
                       FindId<PersonId>(transaction, kPersonByName, one.username, "person"));
      transaction.exec_params0(kSetPassword, ToString(person), one.password_hash);
      if (one.factor) StoreFactor(transaction, person, one.factor);
      Json body = ByActor(actor_);
      body.Set("person", ToString(person))
          .Set("changed", one.factor ? "initial password and second factor" : "initial password");
      RETURN_IF_ERROR(AppendAudit(transaction, AuditEvent::kPersonChanged, body));
    }
    return {};
  });
}

Result<void> PeopleBook::Rename(const std::string& username, const std::string& name) {
  return ChangePerson(username, AuditEvent::kPersonChanged, "name",
                      [&](pqxx::transaction_base& transaction, PersonId person) {
                        transaction.exec_params0(kRename, ToString(person), name);
                      });
}

Result<void> PeopleBook::DisablePerson(const std::string& username) {
  return ChangePerson(username, AuditEvent::kPersonDisabled, "disabled",
                      [&](pqxx::transaction_base& transaction, PersonId person) {
                        transaction.exec_params0(kDisable, ToString(person));
                      });
}

Result<int> PeopleBook::EndSessions(pqxx::transaction_base& transaction, const char* query,
                                    const std::string& whose) const {
  int ended = 0;
  for (const auto& row : transaction.exec_params(query, whose)) {
    Json body = ByActor(actor_);
    body.Set("person", row["person_id"].c_str()).Set("session", row["session_id"].c_str());
    RETURN_IF_ERROR(AppendAudit(transaction, AuditEvent::kSignedOut, body));
    ++ended;
  }
  return ended;
}

Result<void> PeopleBook::EndSession(SessionId session) {
  return pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    ASSIGN_OR_RETURN(const int ended, EndSessions(transaction, kEndSession, ToString(session)));
    if (ended == 1) return {};
    return Failure(ErrorCode::kNotFound, "no open session " + ToString(session));
  });
}

Result<int> PeopleBook::EndSessionsOf(const std::string& username) {
  return pool_.RunFor<int>([&](pqxx::transaction_base& transaction) -> Result<int> {
    ASSIGN_OR_RETURN(const PersonId person,
                     FindId<PersonId>(transaction, kPersonByName, username, "person"));
    return EndSessions(transaction, kEndSessionsOf, ToString(person));
  });
}

Result<AssignmentId> PeopleBook::AddAssignment(const std::string& username, Post post,
                                               const std::string& unit_code, WallRange valid) {
  return pool_.RunFor<AssignmentId>(
      [&](pqxx::transaction_base& transaction) -> Result<AssignmentId> {
        const auto assignment = NewId<AssignmentId>();
        ASSIGN_OR_RETURN(const PersonId person,
                         FindId<PersonId>(transaction, kPersonByName, username, "person"));
        ASSIGN_OR_RETURN(const UnitId unit,
                         FindId<UnitId>(transaction, kUnitByCode, unit_code, "unit"));
        transaction.exec_params0(kAddAssignment, ToString(assignment), ToString(person),
                                 std::string(ToString(post)), ToString(unit),
                                 pg::TimeParameter(valid.from), pg::TimeParameter(valid.to));
        Json body = ByActor(actor_);
        body.Set("assignment", ToString(assignment))
            .Set("person", ToString(person))
            .Set("post", ToString(post));
        body.Set("unit", ToString(unit))
            .Set("from", pg::TimeParameter(valid.from))
            .Set("to", pg::TimeParameter(valid.to));
        RETURN_IF_ERROR(AppendAudit(transaction, AuditEvent::kAssignmentAdded, body));
        return assignment;
      });
}

Result<void> PeopleBook::EndAssignment(AssignmentId assignment, WallTime at) {
  return pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    const auto ended =
        transaction.exec_params(kEndAssignment, ToString(assignment), pg::TimeParameter(at));
    if (ended.affected_rows() == 0) {
      if (!transaction.exec_params1(kAssignmentExists, ToString(assignment))[0].as<bool>()) {
        return Failure(ErrorCode::kNotFound, "no assignment " + ToString(assignment));
      }
      return Failure(
          Error(ErrorCode::kFailedPrecondition, "the assignment isn't valid at that instant")
              .WithPublicMessage("the assignment isn't valid at that instant"));
    }
    Json body = ByActor(actor_);
    body.Set("assignment", ToString(assignment)).Set("at", FormatRfc3339(at));
    return AppendAudit(transaction, AuditEvent::kAssignmentEnded, body);
  });
}

}  // namespace yagura::access_control
