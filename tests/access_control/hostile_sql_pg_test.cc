#include <gmock/gmock.h>

#include <pqxx/pqxx>

#include "core/pg/values.h"
#include "tests/access_control/office.h"
#include "tests/access_control/stored_office.h"

// What someone who gets the api or media process to run SQL of his own can reach: what the person
// whose request it is may see anyway.

namespace yagura::access_control {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

WallTime RealNow() { return std::chrono::floor<microseconds>(SystemClock().Now()); }

class HostileSqlTest : public ::testing::Test {
 protected:
  HostileSqlTest() {
    const UnitId root = office_.AddUnit();
    ours_ = office_.AddUnit(root);
    theirs_ = office_.AddUnit(root);
    const WallRange long_ago_on{now_ - std::chrono::hours(48), WallTime::max()};
    our_camera_ = office_.AddCamera(ours_, long_ago_on);
    their_camera_ = office_.AddCamera(theirs_, long_ago_on);
    const FloorId floor = office_.AddFloor();
    const FloorId their_floor = office_.AddFloor();
    office_.Place(our_camera_, floor, long_ago_on);
    office_.Place(their_camera_, their_floor, long_ago_on);
    office_.SetState(their_camera_, CameraState::kInService, long_ago_on);
    head_ = office_.AddHolder(Post::kDepartmentHead, ours_);
    their_head_ = office_.AddHolder(Post::kDepartmentHead, theirs_);
    operations_ = office_.AddHolder(Post::kOperations, root);
    former_head_ = office_.AddHolder(Post::kDepartmentHead, ours_,
                                     {WallTime::min(), now_ - std::chrono::minutes(5)});
    const WallRange minute{now_ - std::chrono::hours(1),
                           now_ - std::chrono::hours(1) + std::chrono::minutes(1)};
    store_.Store(office_.set(),
                 {ClipOf({our_camera_, ours_, minute}, floor),
                  ClipOf({their_camera_, theirs_, minute}, their_floor)},
                 {{NewId<GapId>(), {their_camera_, theirs_, minute}, their_floor}});
    caller_ = store_.StartSession(head_);
  }

  /// SQL as it would run inside a request of `caller`; a row a line, or the error.
  std::string Inject(const std::string& sql, const Caller& caller,
                     const std::string& role = "yagura_api") {
    const auto answer = database_->As(role).RunFor<std::string>(
        [&](pqxx::transaction_base& transaction) -> Result<std::string> {
          transaction.exec_params("SELECT request_enter($1, $2)", caller.token,
                                  pg::TimeParameter(RealNow()));
          std::string text;
          for (const auto& row : transaction.exec(sql)) {
            for (const auto& field : row) text += std::string(field.c_str()) + "|";
          }
          return text;
        });
    return answer.has_value() ? *answer : ToString(answer.error());
  }
  std::string Inject(const std::string& sql) { return Inject(sql, caller_); }
  /// The same without any session.
  std::string Ask(const std::string& sql, const std::string& role) {
    return database_->Ask(sql, role);
  }

  Office office_;
  WallTime now_ = RealNow();
  UnitId ours_, theirs_;
  CameraId our_camera_, their_camera_;
  PersonId head_, their_head_, operations_, former_head_;
  std::unique_ptr<testing::MigratedPostgres> database_ = StoredOffice::NewDatabase();
  StoredOffice store_{*database_};
  Caller caller_;
};

TEST_F(HostileSqlTest, ARequestSeesItsOwnAndNothingElse) {
  EXPECT_EQ(Inject("SELECT count(*) FROM clip"), "1|");
  EXPECT_EQ(Inject("SELECT camera_id FROM clip"), ToString(our_camera_) + "|");
  EXPECT_EQ(Inject("SELECT id FROM camera"), ToString(our_camera_) + "|");
  EXPECT_EQ(Inject("SELECT count(*) FROM unit"), "1|");
  EXPECT_EQ(Inject("SELECT count(*) FROM floor"), "1|");
  EXPECT_EQ(Inject("SELECT count(*) FROM gap"), "0|");
  EXPECT_EQ(Inject("SELECT count(*) FROM person"), "1|");
  EXPECT_EQ(Inject("SELECT count(*) FROM camera_state"), "0|");
}

TEST_F(HostileSqlTest, WithoutASessionThereIsNothing) {
  for (const std::string role : {"yagura_api", "yagura_media"}) {
    for (const std::string table :
         {"clip", "run", "gap", "charge", "camera", "placement", "camera_state", "floor",
          "building", "site", "unit", "person", "assignment"}) {
      EXPECT_EQ(Ask("SELECT count(*) FROM (SELECT FROM " + table + ") AS rows", role), "0")
          << table << " as " << role;
    }
    EXPECT_EQ(Ask("SELECT count(*) FROM recorded_stretches('" + ToString(our_camera_) +
                      "', '-infinity', 'infinity')",
                  role),
              "0");
  }
}

TEST_F(HostileSqlTest, OperationsReadsMetadataOfAllAndOpensNoPicture) {
  const Caller operations = store_.StartSession(operations_);
  EXPECT_EQ(Inject("SELECT count(*) FROM camera", operations), "2|");
  EXPECT_EQ(Inject("SELECT count(*) FROM gap", operations), "1|");
  EXPECT_EQ(Inject("SELECT count(*) FROM recorded_stretches('" + ToString(their_camera_) +
                       "', '-infinity', 'infinity')",
                   operations),
            "1|");
  EXPECT_EQ(Inject("SELECT count(*) FROM clip", operations), "0|");
  EXPECT_EQ(Inject("SELECT count(*) FROM run", operations), "0|");
}

TEST_F(HostileSqlTest, NobodyBecomesAnotherByAnySetting) {
  store_.StartSession(their_head_);
  const std::string clips = "SELECT count(*) FROM clip";
  for (const std::string setting :
       {"set_config('yagura.session_token', '', true)",
        "set_config('yagura.session_token', 'guessed', true)",
        "set_config('yagura.session_token', (SELECT string_agg(id::text, '') FROM facts_person), "
        "true)",
        "set_config('role', 'yagura_keep', true)", "set_config('role', 'yagura_owner', true)",
        "set_config('session_authorization', 'yagura_keep', true)",
        "set_config('row_security', 'off', true)"}) {
    const std::string after = Inject("SELECT " + setting + "; " + clips);
    EXPECT_THAT(after, AnyOf("0|", HasSubstr("sqlstate"))) << setting;
  }
  // The sessions table, where a token's hash could be had, isn't readable, and a hash is no token.
  EXPECT_THAT(Inject("SELECT token_sha256 FROM session"), StartsWith("permission_denied"));
}

TEST_F(HostileSqlTest, AnotherInstantGivesNoFormerRights) {
  const Caller former = store_.StartSession(former_head_);
  EXPECT_EQ(Inject("SELECT count(*) FROM clip", former), "0|");
  for (const std::string instant :
       {"now() - interval '6 minutes'", "'-infinity'::timestamptz", "now() + interval '1 day'"}) {
    EXPECT_EQ(Inject("SELECT set_config('yagura.as_of', (" + instant +
                         ")::text, true); SELECT count(*) FROM clip",
                     former),
              "0|");
  }
}

TEST_F(HostileSqlTest, EndedIdleOverdueAndDisabledSessionsSeeNothing) {
  EXPECT_EQ(Inject("SELECT count(*) FROM clip"), "1|");
  const std::string mine = " WHERE person_id = '" + ToString(head_) + "'";
  for (const auto& [worse, better] : std::vector<std::pair<std::string, std::string>>{
           {"ended_at = now()", "ended_at = NULL"},
           {"last_used_at = now() - interval '30 minutes'", "last_used_at = now()"},
           {"expires_at = now()", "expires_at = now() + interval '1 hour'"}}) {
    store_.Run("UPDATE session SET " + worse + mine);
    EXPECT_EQ(Inject("SELECT count(*) FROM clip"), "0|") << worse;
    store_.Run("UPDATE session SET " + better + mine);
    EXPECT_EQ(Inject("SELECT count(*) FROM clip"), "1|") << better;
  }
  store_.Run("UPDATE person SET disabled_at = now() WHERE id = '" + ToString(head_) + "'");
  EXPECT_EQ(Inject("SELECT count(*) FROM clip"), "0|");
}

TEST_F(HostileSqlTest, PartitionsAndStatisticsAreNoWayAround) {
  const std::string partition = store_.Run("SELECT tableoid::regclass FROM clip LIMIT 1");
  EXPECT_THAT(Inject("SELECT count(*) FROM " + partition), StartsWith("permission_denied"));
  store_.Run("ANALYZE");
  EXPECT_EQ(Inject("SELECT count(*) FROM pg_stats WHERE schemaname = 'public' AND (tablename LIKE "
                   "'clip%' OR tablename IN"
                   " ('camera', 'unit', 'charge', 'person', 'run', 'gap', 'floor', 'session', "
                   "'audit_record'))"),
            "0|");
  EXPECT_THAT(Inject("SELECT * FROM pg_statistic"), StartsWith("permission_denied"));
}

TEST_F(HostileSqlTest, AQualifierOfOnesOwnIsNotRunBeforeThePolicy) {
  // A leaky expression would show hidden names in its error; the policy comes first.
  EXPECT_EQ(Inject("SELECT count(*) FROM camera WHERE 1 / (CASE WHEN id = '" +
                   ToString(their_camera_) + "' THEN 0 ELSE 1 END) = 1"),
            "1|");
  EXPECT_EQ(Inject("SELECT count(*) FROM clip WHERE 1 / (CASE WHEN camera_id = '" +
                   ToString(their_camera_) + "' THEN 0 ELSE 1 END) = 1"),
            "1|");
}

TEST_F(HostileSqlTest, NothingOfThisKindIsAllowed) {
  for (const std::string statement : {
           "SELECT password_hash FROM person",
           "SELECT * FROM person",
           "SELECT * FROM session",
           "SELECT * FROM sign_in_attempt",
           "SELECT * FROM guess_bucket",
           "SELECT * FROM sign_in_secret",
           "SELECT * FROM second_factor",
           "SELECT * FROM guess",
           "SELECT * FROM known_terminal",
           "DELETE FROM guess",
           "DELETE FROM known_terminal",
           "INSERT INTO known_terminal SELECT id, '10.9.9.9' FROM facts_person",
           "SELECT * FROM audit_record",
           "SELECT * FROM audit_writer",
           "SELECT * FROM viewing",
           "SELECT * FROM viewing_delivery",
           "SELECT * FROM camera_stream",
           "SELECT * FROM recorder_key",
           "COPY clip TO '/tmp/clips'",
           "COPY clip TO PROGRAM 'cat'",
           "COPY camera FROM PROGRAM 'echo'",
           "TRUNCATE clip",
           "DELETE FROM clip",
           "DELETE FROM camera",
           "UPDATE clip SET unit_id = unit_id",
           "UPDATE charge SET valid_to = now()",
           "INSERT INTO assignment SELECT gen_random_uuid(), id, 'crisis_management', (SELECT id "
           "FROM facts_unit LIMIT 1), now() FROM facts_person",
           "UPDATE person SET password_hash = 'x'",
           "UPDATE facts_epoch SET epoch = 0",
           "INSERT INTO audit_record VALUES ('x', 1, now(), 'denied', '{}', '')",
           "DELETE FROM audit_record",
           "UPDATE session SET expires_at = 'infinity'",
           "SELECT * FROM session_of('x')",
           "SELECT * FROM take_guess('x', 1, '1 s')",
           "SELECT give_guesses_back('x', 'y')",
           "SELECT guess_account('x')",
           "SELECT has_guess_left('x', 'y')",
           "SELECT is_known_terminal(gen_random_uuid(), 'x')",
           "SELECT take_code(gen_random_uuid(), '000000')",
           "SELECT totp_code('12345678901234567890', 1)",
           "SELECT forget_attempts()",
           "SELECT forget_sessions()",
           "SELECT * FROM sessions_end(NULL, NULL)",
           "SELECT end_sessions_of(gen_random_uuid())",
           "SELECT pg_read_file('/etc/passwd')",
           "SELECT lo_import('/etc/passwd')",
           "CREATE TABLE public.mine (x int)",
           "CREATE SCHEMA mine",
           "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
           "ALTER TABLE clip DISABLE ROW LEVEL SECURITY",
           "DROP POLICY pictures ON clip",
           "ALTER ROLE yagura_api BYPASSRLS",
           "SET ROLE yagura_keep",
           "SET SESSION AUTHORIZATION yagura_keep",
           "CREATE EXTENSION dblink",
           "SELECT viewing_open(gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now(), "
           "now(), 'x', '{}', '', "
           "'', '', 1)",
       }) {
    EXPECT_THAT(Inject(statement), AnyOf(StartsWith("permission_denied"), HasSubstr("42501")))
        << statement;
  }
}

TEST_F(HostileSqlTest, FactsForDecisionsHaveNoNames) {
  for (const std::string view :
       {"facts_unit", "facts_camera", "facts_floor", "facts_charge", "facts_camera_state",
        "facts_placement", "facts_person", "facts_assignment", "facts_unit_succession"}) {
    EXPECT_THAT(Ask("SELECT string_agg(rows::text, ' ') FROM " + view + " AS rows", "yagura_api"),
                Not(HasSubstr("canary")))
        << view;
  }
}

TEST_F(HostileSqlTest, NoViewNorFunctionOfTheOwnerIsThereThatNobodyThoughtOf) {
  // Views run as the owner unless they say otherwise, and go around row security.
  EXPECT_EQ(store_.Run("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE "
                       "relkind IN ('v', 'm')"
                       " AND relnamespace = 'public'::regnamespace"
                       " AND has_table_privilege('yagura_api', oid, 'SELECT')"),
            "facts_assignment facts_camera facts_camera_state facts_charge facts_floor "
            "facts_person facts_placement facts_unit facts_unit_succession seen_audit_record "
            "seen_camera_health seen_hold seen_viewing seen_viewing_delivery");
  EXPECT_EQ(
      store_.Run("SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc WHERE prosecdef"
                 " AND has_function_privilege('yagura_api', oid, 'EXECUTE')"),
      "audit_append context_person context_posts growing_stretches hold_place hold_release "
      "holdable_charges "
      "own_units picture_units recorded_stretches "
      "request_enter sees_all_metadata sees_whole_trail"
      " session_end sign_in_answer sign_in_challenge sign_in_withdraw staff_units");
  EXPECT_EQ(
      store_.Run("SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc WHERE prosecdef"
                 " AND has_function_privilege('yagura_media', oid, 'EXECUTE')"),
      "audit_append context_person context_posts growing_stretches own_units picture_units "
      "recorded_stretches "
      "request_enter sees_all_metadata"
      " viewing_deliver viewing_open");
  // Each of the owner's functions finds its tables where it says, and temporary ones last.
  EXPECT_EQ(
      store_.Run(
          "SELECT count(*) FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
          " AND NOT coalesce(proconfig::text LIKE '%search_path=pg_catalog, public, pg_temp%', "
          "false)"),
      "0");
}

TEST_F(HostileSqlTest, PasswordHashesAndSessionsAreReadByNoRole) {
  for (const std::string role :
       {"yagura_api", "yagura_media", "yagura_record", "yagura_keep", "yagura_admin"}) {
    EXPECT_THAT(Ask("SELECT password_hash FROM person", role), StartsWith("permission_denied"))
        << role;
    for (const std::string table : {"session", "sign_in_attempt", "sign_in_secret", "guess_bucket",
                                    "guess", "known_terminal", "second_factor"}) {
      EXPECT_THAT(Ask("SELECT * FROM " + table, role), StartsWith("permission_denied"))
          << role << " " << table;
    }
  }
}

TEST_F(HostileSqlTest, TheRolesAreWhatTheyShouldBe) {
  EXPECT_EQ(store_.Run("SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE "
                       "rolname LIKE 'yagura%' AND rolbypassrls"),
            "yagura_admin yagura_keep yagura_record");
  EXPECT_EQ(store_.Run("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'yagura%' AND (rolsuper "
                       "OR rolcreaterole OR rolcreatedb)"),
            "0");
  EXPECT_EQ(store_.Run("SELECT count(*) FROM pg_auth_members JOIN pg_roles ON pg_roles.oid = "
                       "member WHERE rolname LIKE 'yagura%'"),
            "0");
  EXPECT_EQ(
      store_.Run(
          "SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables WHERE schemaname = 'public'"),
      "yagura_owner");
  // Every table that the api may read is under row security, but those that say nothing about
  // places, people or pictures.
  EXPECT_EQ(store_.Run("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE "
                       "relkind IN ('r', 'p') AND NOT relrowsecurity"
                       " AND relnamespace = 'public'::regnamespace AND "
                       "(has_any_column_privilege('yagura_api', oid, 'SELECT')"
                       " OR has_any_column_privilege('yagura_media', oid, 'SELECT'))"),
            "facts_epoch office_zone schema_version volume");
  EXPECT_EQ(store_.Run("SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace "
                       "= 'public'::regnamespace"
                       " AND (has_table_privilege('yagura_api', oid, 'INSERT, UPDATE, DELETE, "
                       "TRUNCATE, REFERENCES, TRIGGER')"
                       " OR has_table_privilege('yagura_media', oid, 'INSERT, UPDATE, DELETE, "
                       "TRUNCATE, REFERENCES, TRIGGER'))"),
            "0");
}

}  // namespace
}  // namespace yagura::access_control
