#include "access_control/audit_pg.h"

#include <gmock/gmock.h>

#include <pqxx/pqxx>

#include "tests/access_control/stored_office.h"

namespace yagura::access_control {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kRecords = 12;

class AuditTest : public ::testing::Test {
 protected:
  AuditTest() {
    for (int i = 1; i <= kRecords; ++i) Append("yagura_api", i);
    for (int i = 1; i <= 3; ++i) Append("yagura_admin", i);
  }
  void Append(const std::string& role, int number) {
    const auto done = database_->As(role).Run([&](pqxx::transaction_base& transaction) {
      return AppendAudit(transaction, AuditEvent::kDenied,
                         Json::Object({{"number", number}, {"text", "区役所"}}));
    });
    ASSERT_TRUE(done.has_value()) << ToString(done.error());
  }
  [[nodiscard]] AuditCheck Check() {
    auto check = CheckAudit(database_->As("yagura_keep"));
    EXPECT_TRUE(check.has_value());
    return check.value_or(AuditCheck{});
  }
  /// As someone with the superuser's power would.
  void Tamper(const std::string& sql) {
    store_.Run("SET LOCAL session_replication_role = replica; " + sql);
  }

  std::unique_ptr<testing::MigratedPostgres> database_ = StoredOffice::NewDatabase();
  StoredOffice store_{*database_};
};

TEST_F(AuditTest, AChainThatNobodyTouchedHolds) {
  EXPECT_EQ(Check().records, kRecords + 3);
  EXPECT_THAT(Check().faults, IsEmpty());
}

TEST_F(AuditTest, EverySingleAlterationOfEveryRecordIsFound) {
  for (int counter = 1; counter <= kRecords; ++counter) {
    const std::string record =
        " WHERE writer = 'yagura_api' AND counter = " + std::to_string(counter);
    for (const std::string& change :
         {"UPDATE audit_record SET body = replace(body, '\"number\"', '\"numbre\"')" + record,
          "UPDATE audit_record SET event = 'signed_in'" + record,
          "UPDATE audit_record SET at = at + interval '1 microsecond'" + record,
          "UPDATE audit_record SET chain = set_byte(chain, 31, 255 - get_byte(chain, 31))" + record,
          "UPDATE audit_record SET counter = 1000" + record, "DELETE FROM audit_record" + record,
          "UPDATE audit_record SET writer = 'yagura_keep'" + record}) {
      Tamper("CREATE TABLE kept AS SELECT * FROM audit_record; " + change);
      const AuditCheck check = Check();
      ASSERT_THAT(check.faults, Not(IsEmpty())) << change;
      EXPECT_EQ(check.faults.back().counter, counter) << change;
      Tamper("TRUNCATE audit_record; INSERT INTO audit_record SELECT * FROM kept; DROP TABLE kept");
    }
  }
  EXPECT_THAT(Check().faults, IsEmpty());
}

TEST_F(AuditTest, TwoRecordsInEachOthersPlaceAreFound) {
  Tamper(
      "UPDATE audit_record SET counter = counter + 100 WHERE writer = 'yagura_api' AND counter IN "
      "(4, 5);"
      "UPDATE audit_record SET counter = 109 - counter WHERE counter > 100");
  EXPECT_EQ(Check().faults.at(0).counter, 4);
}

TEST_F(AuditTest, AnEndCutOffAndAWriterTakenAwayAreFound) {
  Tamper("DELETE FROM audit_record WHERE writer = 'yagura_api' AND counter > 9");
  ASSERT_THAT(Check().faults, SizeIs(1));
  EXPECT_EQ(Check().faults[0].kind, AuditFault::Kind::kCutOff);
  Tamper("DELETE FROM audit_writer WHERE writer = 'yagura_admin'");
  EXPECT_THAT(Check().faults, SizeIs(2));
}

TEST_F(AuditTest, NoServiceCanAlterARecord) {
  for (const std::string role :
       {"yagura_api", "yagura_media", "yagura_record", "yagura_keep", "yagura_admin"}) {
    for (const std::string statement :
         {"UPDATE audit_record SET body = '{}'", "DELETE FROM audit_record",
          "TRUNCATE audit_record",
          "INSERT INTO audit_record VALUES ('yagura_api', 99, now(), 'denied', '{}', sha256('x'))",
          "UPDATE audit_writer SET counter = 0", "DELETE FROM audit_writer"}) {
      EXPECT_THAT(database_->Ask(statement, role), HasSubstr("permission_denied"))
          << statement << " as " << role;
    }
  }
  for (const std::string statement : {"UPDATE audit_record SET body = '{}'",
                                      "DELETE FROM audit_record", "TRUNCATE audit_record"}) {
    EXPECT_THAT(database_->Ask(statement, "yagura_owner"),
                HasSubstr("audit records are only added"))
        << statement;
  }
}

TEST_F(AuditTest, AnEventOutsideTheEnumerationIsRefusedAndEachInsideIsTaken) {
  EXPECT_THAT(database_->Ask("SELECT audit_append('something', '{}')", "yagura_api"),
              HasSubstr("failed_precondition"));
  for (const AuditEvent event : kAllAuditEvents) {
    const std::string statement =
        "SELECT audit_append('" + std::string(ToString(event)) + "', '{}') > 0";
    EXPECT_EQ(database_->Ask(statement, "yagura_api"), "t") << ToString(event);
  }
  const std::string listed = store_.Run(
      "SELECT count(*) FROM regexp_matches((SELECT pg_get_constraintdef(oid) FROM pg_constraint"
      " WHERE conname = 'audit_record_event_check'), '''[a-z_]+''::text', 'g')");
  EXPECT_EQ(listed, std::to_string(kAllAuditEvents.size()));
}

TEST_F(AuditTest, WhatIsRolledBackLeavesNoHole) {
  const auto done =
      database_->As("yagura_api").Run([](pqxx::transaction_base& transaction) -> Result<void> {
        RETURN_IF_ERROR(AppendAudit(transaction, AuditEvent::kDenied, Json::Object()));
        return Failure(ErrorCode::kAborted, "on second thought");
      });
  EXPECT_FALSE(done.has_value());
  Append("yagura_api", 13);
  EXPECT_THAT(Check().faults, IsEmpty());
  EXPECT_EQ(Check().records, kRecords + 4);
}

}  // namespace
}  // namespace yagura::access_control
