#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <pqxx/pqxx>
#include <sstream>

#include "tests/support/migrated_postgres_fixture.h"

namespace yagura::storage {
namespace {

// Who may do what with which table, view, sequence and function; and what each role is. Partitions
// are in it too: none may show up.
constexpr char kRights[] = R"(
  WITH
    relation AS (
      SELECT oid, relname::text AS name, relacl FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')),
    whole AS (
      SELECT grantee, relation.name AS object, privilege_type AS privilege
      FROM relation, aclexplode(relacl)),
    part AS (
      SELECT grantee, relation.name, privilege_type || ' (' || string_agg(attname, ', ' ORDER BY attnum) || ')'
      FROM relation JOIN pg_attribute ON attrelid = relation.oid, aclexplode(attacl)
      GROUP BY grantee, relation.name, privilege_type),
    callable AS (
      SELECT grantee, proname::text || '()', 'EXECUTE'
      FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
      WHERE pronamespace = 'public'::regnamespace AND proowner = 'yagura_owner'::regrole),
    granted (grantee, object, privilege) AS (SELECT * FROM whole UNION ALL SELECT * FROM part UNION ALL SELECT * FROM callable)
  SELECT format('%s %s: %s', CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, object,
                string_agg(privilege, ', ' ORDER BY privilege))
  FROM granted WHERE grantee <> 'yagura_owner'::regrole GROUP BY grantee, object ORDER BY 1)";

constexpr char kRoles[] = R"(
  SELECT format('role %s:%s%s%s%s', rolname, CASE WHEN rolsuper THEN ' superuser' END, CASE WHEN rolcreaterole THEN ' createrole' END,
                CASE WHEN rolbypassrls THEN ' bypasses row security' END,
                CASE WHEN EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid) THEN ' is member' END)
  FROM pg_roles WHERE rolname LIKE 'yagura%' ORDER BY rolname)";

constexpr char kExpectedFile[] = YAGURA_RIGHTS_FILE;

std::string ReadText(const char* path) {
  const std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class RightsTest : public testing::MigratedPostgresTest {};

/// With YAGURA_WRITE_EXPECTED set, the test writes tests/storage/rights.txt anew: read the
/// difference before it is committed.
TEST_F(RightsTest, AreThoseWrittenDown) {
  ASSERT_EQ(
      Ask("SELECT ensure_clip_partitions('2027-06-15', '2027-06-17', 'Asia/Tokyo')", "yagura_keep"),
      "2");
  const std::string actual = Ask(kRoles) + "\n" + Ask(kRights) + "\n";
  if (std::getenv("YAGURA_WRITE_EXPECTED") != nullptr) std::ofstream(kExpectedFile) << actual;
  EXPECT_EQ(actual, ReadText(kExpectedFile));
}

TEST_F(RightsTest, LetNobodyOwnAnythingButTheOwner) {
  EXPECT_EQ(Ask("SELECT relname, pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = "
                "'public'::regnamespace"
                " AND relowner <> 'yagura_owner'::regrole"),
            "");
}

TEST_F(RightsTest, LetNoServiceMakeObjects) {
  for (const std::string role :
       {"yagura_record", "yagura_keep", "yagura_api", "yagura_media", "yagura_admin"}) {
    EXPECT_EQ(Ask("CREATE TABLE mine (x int)", role),
              "permission_denied: sqlstate 42501: permission denied for schema public");
  }
}

/// Whatever the cluster logs: slow statements, and those that fail, without their parameters.
TEST(ServerLogTest, HoldsNoParameterOfAnyService) {
  const auto cluster = testing::PostgresCluster::Create(
      {.durable = false,
       .settings = {"log_min_duration_statement = 0", "log_parameter_max_length_on_error = -1",
                    "log_min_error_statement = error"}});
  ASSERT_TRUE(cluster.has_value()) << ToString(cluster.error());
  for (const std::string role : {"yagura_owner", "yagura_record", "yagura_keep", "yagura_api",
                                 "yagura_media", "yagura_admin"}) {
    pg::Pool pool((*cluster)->ConnectAs(role), 1);
    const auto run = [&](const std::string& sql) {
      return pool.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
        transaction.exec_params(sql, "a secret of " + role);
        return {};
      });
    };
    EXPECT_TRUE(run("SELECT length($1), '" + role + "'").has_value());
    EXPECT_FALSE(run("SELECT 1 / (length($1) - length($1)), '" + role + "'").has_value());
  }
  const std::string log = ReadText(((*cluster)->host() + "/log").c_str());
  EXPECT_THAT(log, ::testing::HasSubstr("SELECT length($1), 'yagura_api'"));
  EXPECT_THAT(log, ::testing::HasSubstr("division by zero"));
  EXPECT_THAT(log, ::testing::Not(::testing::HasSubstr("a secret of")));
}

}  // namespace
}  // namespace yagura::storage
