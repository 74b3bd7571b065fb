// What a service's role could try to change or take out a record of the audit log, or to write one
// in another's name: as each role, by every way that PostgreSQL has.
#include <gmock/gmock.h>

#include <pqxx/pqxx>

#include "access_control/audit_pg.h"
#include "tests/access_control/stored_office.h"

namespace yagura::access_control {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<std::string> kServices{"yagura_api", "yagura_media", "yagura_record",
                                         "yagura_keep", "yagura_admin"};

/// None of them may be carried out.
const std::vector<std::string> kForbidden{
    // The tables themselves.
    "UPDATE audit_record SET body = '{}'",
    "UPDATE ONLY audit_record SET at = now()",
    "DELETE FROM audit_record",
    "DELETE FROM audit_record WHERE false",
    "TRUNCATE audit_record",
    "TRUNCATE audit_record, audit_writer CASCADE",
    "WITH gone AS (DELETE FROM audit_record RETURNING *) SELECT count(*) FROM gone",
    "INSERT INTO audit_record SELECT 'yagura_api', 99, now(), 'denied', '{}', sha256('x')",
    "INSERT INTO audit_record VALUES ('yagura_api', 1, now(), 'denied', '{}', sha256('x')) "
    "ON CONFLICT (writer, counter) DO UPDATE SET body = '{}'",
    "MERGE INTO audit_record USING (SELECT 1 AS one) AS s ON counter = one WHEN MATCHED THEN "
    "DELETE",
    "UPDATE audit_writer SET counter = 0",
    "DELETE FROM audit_writer",
    "INSERT INTO audit_writer VALUES ('yagura_owner', 0, sha256('x'))",
    "TRUNCATE audit_writer",
    "COPY audit_record FROM PROGRAM 'echo'",
    "COPY audit_record FROM '/dev/null'",
    "SELECT FROM audit_record FOR UPDATE",
    "LOCK TABLE audit_record IN EXCLUSIVE MODE",
    "UPDATE viewing SET to_at = from_at",
    "DELETE FROM viewing",
    "DELETE FROM viewing_delivery",
    "UPDATE viewing_delivery SET bytes = 0",
    // What they are made of.
    "ALTER TABLE audit_record DISABLE TRIGGER ALL",
    "ALTER TABLE audit_record DISABLE TRIGGER only_added",
    "DROP TRIGGER only_added ON audit_record",
    "DROP TABLE audit_record CASCADE",
    "ALTER TABLE audit_record RENAME TO gone",
    "ALTER TABLE audit_record SET SCHEMA pg_temp",
    "ALTER TABLE audit_record OWNER TO CURRENT_USER",
    "ALTER TABLE audit_record ADD COLUMN x int",
    "CREATE RULE away AS ON INSERT TO audit_record DO INSTEAD NOTHING",
    "CREATE TRIGGER away BEFORE INSERT ON audit_record FOR EACH ROW EXECUTE FUNCTION "
    "suppress_redundant_updates_trigger()",
    "CREATE POLICY away ON audit_record USING (true)",
    "CREATE TABLE child () INHERITS (audit_record)",
    "CREATE TEMP TABLE child () INHERITS (audit_record)",
    "CREATE TABLE part PARTITION OF audit_record DEFAULT",
    "DROP SCHEMA public CASCADE",
    "UPDATE pg_catalog.pg_trigger SET tgenabled = 'D'",
    "UPDATE pg_catalog.pg_class SET relacl = NULL WHERE relname = 'audit_record'",
    // The functions that write.
    "CREATE OR REPLACE FUNCTION audit_append(new_event text, new_body text, at_epoch bigint "
    "DEFAULT "
    "NULL) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
    "CREATE FUNCTION public.sha256(text) RETURNS bytea LANGUAGE sql AS 'SELECT NULL::bytea'",
    "CREATE FUNCTION pg_catalog.now2() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "DROP FUNCTION audit_append",
    "ALTER FUNCTION audit_append SET search_path = pg_temp",
    "ALTER FUNCTION audit_append SECURITY INVOKER",
    "SELECT audit_append('no_such_event', '{}')",
    "SELECT audit_append('denied', 'no json')",
    "SELECT audit_append(NULL, '{}')",
    "SELECT audit_append('denied', NULL)",
    // Another's power.
    "SET session_replication_role = replica",
    "SET ROLE yagura_owner",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION yagura_owner",
    "SET LOCAL ROLE pg_write_all_data",
    "SELECT set_config('role', 'yagura_owner', false)",
    "SELECT set_config('session_authorization', 'yagura_owner', false)",
    "GRANT yagura_owner TO CURRENT_USER",
    "GRANT pg_write_all_data TO CURRENT_USER",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "CREATE ROLE helper SUPERUSER",
    "ALTER SYSTEM SET session_replication_role = 'replica'",
    "ALTER DATABASE yagura SET session_replication_role = 'replica'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT lo_import('/etc/hostname')",
    "CREATE EXTENSION dblink",
    "LOAD '/tmp/x.so'",
    "CREATE LANGUAGE c",
    "ALTER ROLE CURRENT_USER SET search_path = pg_temp; RESET ALL; UPDATE audit_record SET body = "
    "'{}'",
};

/// These may be, and must leave every record that is there as it is.
const std::vector<std::string> kHarmless{
    "GRANT ALL ON audit_record TO CURRENT_USER; GRANT ALL ON audit_record TO PUBLIC",
    "CREATE TEMP TABLE audit_writer (writer text, counter bigint, chain bytea); "
    "INSERT INTO pg_temp.audit_writer VALUES (session_user, 0, sha256('x')); "
    "SET LOCAL search_path = pg_temp, public; SELECT audit_append('denied', '{}')",
    "CREATE TEMP TABLE audit_record (LIKE public.audit_writer); "
    "SET LOCAL search_path = pg_temp; SELECT public.audit_append('denied', '{}')",
    "CREATE TEMP TABLE facts_epoch (epoch bigint); INSERT INTO pg_temp.facts_epoch VALUES (-1); "
    "SET LOCAL search_path = pg_temp, public; SELECT audit_append('denied', '{}', -1)",
    "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'; "
    "SET LOCAL search_path = pg_temp, public, pg_catalog; SELECT audit_append('denied', '{}')",
    "CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
    "'SELECT timestamptz ''2020-01-01 00:00Z'''; SET LOCAL search_path = pg_temp, pg_catalog, "
    "public; "
    "SELECT audit_append('denied', '{}')",
    "SET LOCAL timezone = 'Asia/Tokyo'; SET LOCAL datestyle = 'German'; SELECT "
    "audit_append('denied', "
    "'{\"writer\": \"yagura_owner\"}')",
};

class AuditRightsTest : public ::testing::Test {
 protected:
  AuditRightsTest() {
    for (const std::string& role : kServices) {
      EXPECT_EQ(database_->Ask("SELECT audit_append('denied', '{\"n\": 1}')", role), "1");
    }
    first_ = First();
  }
  /// The records that were there at first, byte for byte.
  std::string First() {
    return store_.Run(
        "SELECT string_agg(concat_ws('|', writer, counter, at, event, body, encode(chain, 'hex')), "
        "E'\\n' ORDER BY writer) FROM audit_record WHERE counter = 1");
  }
  std::unique_ptr<testing::MigratedPostgres> database_ = StoredOffice::NewDatabase();
  StoredOffice store_{*database_};
  std::string first_;
};

TEST_F(AuditRightsTest, NoRoleCanDoAnyOfThis) {
  for (const std::string& role : kServices) {
    for (const std::string& statement : kForbidden) {
      EXPECT_THAT(database_->Ask(statement, role), HasSubstr("sqlstate"))
          << statement << " as " << role;
    }
  }
  EXPECT_EQ(First(), first_);
  EXPECT_EQ(store_.Run("SELECT count(*) FROM audit_record"), std::to_string(kServices.size()));
}

TEST_F(AuditRightsTest, NeitherOwnNamesNorOwnSettingsBringAnythingButOwnRecordsIn) {
  for (const std::string& role : kServices) {
    for (const std::string& statement : kHarmless) {
      (void)database_->Ask(statement, role);
      EXPECT_EQ(First(), first_) << statement << " as " << role;
    }
    EXPECT_NE(store_.Run("SELECT count(*) FROM audit_record WHERE writer = '" + role + "'"), "1")
        << "no trick of " << role << " was carried out at all";
  }
  EXPECT_EQ(store_.Run("SELECT count(DISTINCT writer) FROM audit_record"),
            std::to_string(kServices.size()));
  EXPECT_EQ(store_.Run("SELECT count(*) FROM audit_record WHERE at < '2021-01-01'"), "0");
  const auto check = CheckAudit(database_->As("yagura_keep"));
  ASSERT_TRUE(check.has_value()) << ToString(check.error());
  EXPECT_THAT(check->faults, IsEmpty());
}

TEST_F(AuditRightsTest, TheRefusalsAreNotOnlyOfMissingNames) {
  EXPECT_THAT(database_->Ask("DELETE FROM audit_record", "yagura_api"),
              HasSubstr("permission_denied"));
  EXPECT_THAT(database_->Ask("DELETE FROM audit_record", "yagura_owner"),
              HasSubstr("audit records are only added"));
  EXPECT_THAT(first_, Not(IsEmpty()));
}

}  // namespace
}  // namespace yagura::access_control
