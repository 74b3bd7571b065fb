// `yagura audit check` on a log that somebody with a superuser's power has changed.
#include <filesystem>

#include "app/audit_sealer.h"
#include "storage/files_posix.h"
#include "tests/app/office_fixture.h"

namespace yagura::app {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kWriteChainAnew =
    "DO $$ DECLARE r record; last bytea := decode(repeat('00', 32), 'hex'); BEGIN "
    "FOR r IN SELECT * FROM audit_record WHERE writer = 'yagura_admin' ORDER BY counter LOOP "
    "last := sha256(last || audit_canonical(r.writer, r.counter, r.at, r.event, r.body)); "
    "UPDATE audit_record SET chain = last WHERE writer = r.writer AND counter = r.counter; "
    "END LOOP; "
    "UPDATE audit_writer SET chain = last, counter = (SELECT max(counter) FROM audit_record WHERE "
    "writer = 'yagura_admin') WHERE writer = 'yagura_admin'; END $$;";

class AuditCheckTest : public OfficeTest {
 protected:
  void SetUp() override {
    OfficeTest::SetUp();
    std::filesystem::create_directory(state_.folder());
    std::ostringstream text;
    text << std::ifstream(Path()).rdbuf();
    std::string configuration = text.str();
    const std::string standard = "/var/lib/yagura";
    configuration.replace(configuration.find(standard), standard.size(), state_.folder().string());
    std::ofstream(Path()) << configuration;
    LoadOffice();  // seven records of yagura_admin
    sealer_ = std::make_unique<AuditSealer>(database_->As("yagura_keep"), files_, state_, clock_);
    Seal();
  }
  void Seal() {
    const auto done = sealer_->Seal();
    ASSERT_TRUE(done.has_value()) << ToString(done.error());
  }
  void AddUnit(const std::string& code) {
    Done({"department", "add", "--code", code, "--name", "課", "--parent", "WARD"});
  }
  /// As someone with a superuser's power would.
  void Tamper(const std::string& sql) {
    const std::string answer = Ask("SET LOCAL session_replication_role = replica; " + sql);
    EXPECT_THAT(answer, Not(HasSubstr("sqlstate")));
  }
  std::string CheckFails() {
    const Said said = Yagura({"audit", "check"});
    EXPECT_EQ(said.code, 1) << said.out << said.err;
    EXPECT_THAT(said.out, HasSubstr("the audit log does not hold\n"));
    return said.out;
  }

  StateFiles state_{folder_.path() / "state"};
  storage::PosixFiles files_;
  std::unique_ptr<AuditSealer> sealer_;
};

TEST_F(AuditCheckTest, WhatNobodyTouchedHolds) {
  AddUnit("A");
  Seal();
  AddUnit("B");
  EXPECT_EQ(Done({"audit", "check"}),
            "9 records of 1 writers were checked\n2 seals, the last of "
            "2027-06-15T03:00:00.000000Z\nthe audit log holds\n");
  EXPECT_THAT(Done({"audit", "check", "--language", "ja"}), HasSubstr("監査記録は整合しています"));
  const Json json = Json::Parse(Done({"audit", "check", "--json"})).value();
  EXPECT_EQ(json.Get("holds").AsBool(), true);
  EXPECT_EQ(json.Get("records").AsInt(), 9);
}

TEST_F(AuditCheckTest, AnAlteredRecordIsNamed) {
  Tamper("UPDATE audit_record SET body = '{}' WHERE counter = 3");
  EXPECT_THAT(CheckFails(), HasSubstr("yagura_admin: record 3 is altered\n"));
  EXPECT_THAT(Yagura({"audit", "check", "--language", "ja"}).out,
              HasSubstr("yagura_admin: 記録 3 が改ざんされています\n"));
}

TEST_F(AuditCheckTest, ARecordTakenOutOfTheMiddleIsNamed) {
  Tamper("DELETE FROM audit_record WHERE counter = 4");
  EXPECT_THAT(CheckFails(), HasSubstr("yagura_admin: record 4 is missing\n"));
  const Json json = Json::Parse(Yagura({"audit", "check", "--json"}).out).value();
  EXPECT_EQ(json.Get("faults").items()[0].Get("kind").AsString(), "missing");
}

TEST_F(AuditCheckTest, AnEndThatWasCutOffWithoutATraceInTheDatabaseIsFoundByTheSeals) {
  Tamper(std::string("DELETE FROM audit_record WHERE counter > 5;") + kWriteChainAnew);
  EXPECT_THAT(CheckFails(),
              HasSubstr("yagura_admin: record 6 and all that followed it are missing\n"));
  AddUnit("A");
  AddUnit("B");  // as many as there were
  EXPECT_THAT(CheckFails(), HasSubstr("yagura_admin: of records 1 to 7 not all are"));
}

TEST_F(AuditCheckTest, AChainWrittenAnewIsFoundByTheSeals) {
  AddUnit("A");
  Seal();
  AddUnit("B");
  AddUnit("C");
  Seal();
  Tamper(std::string("UPDATE audit_record SET body = '{}' WHERE counter = 9;") + kWriteChainAnew);
  EXPECT_THAT(CheckFails(), HasSubstr("of records 9 to 10 not all are those that were sealed"));
}

TEST_F(AuditCheckTest, AWholeWriterTakenOutIsFoundByTheSeals) {
  Tamper("DELETE FROM audit_record; DELETE FROM audit_writer");
  EXPECT_THAT(CheckFails(),
              HasSubstr("yagura_admin: record 1 and all that followed it are missing\n"));
}

TEST_F(AuditCheckTest, NothingMoreIsSealedWhereWhatWasSealedIsGone) {
  Tamper(std::string("DELETE FROM audit_record WHERE counter > 5;") + kWriteChainAnew);
  AddUnit("A");
  const auto done = sealer_->Seal();
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code(), ErrorCode::kDataLoss);
  EXPECT_THAT(CheckFails(), HasSubstr("1 seals"));
}

TEST_F(AuditCheckTest, AlteredAndMissingSealsAreFound) {
  AddUnit("A");
  Seal();
  const std::string copy = (folder_.path() / "copy").string();
  std::filesystem::copy(state_.seals(), copy);
  std::fstream(state_.seals(), std::ios::in | std::ios::out).seekp(30).put('9');
  EXPECT_THAT(CheckFails(), HasSubstr("line 1 of " + state_.seals() + " is not as it was signed"));
  EXPECT_THAT(Done({"audit", "check", "--seals", copy}), HasSubstr("2 seals"));
  std::filesystem::remove(state_.seals());
  EXPECT_THAT(CheckFails(), AllOf(HasSubstr("no seals in "), Not(HasSubstr("yagura_admin:"))));
}

TEST_F(AuditCheckTest, ASecondLifeGoesOnWhereALineWasCutShort) {
  std::ofstream(state_.seals(), std::ios::app) << "yagura-audit-seal-1 2027-06";
  EXPECT_THAT(Done({"audit", "check"}), HasSubstr("1 seals"));
  sealer_ = std::make_unique<AuditSealer>(database_->As("yagura_keep"), files_, state_, clock_);
  AddUnit("A");
  Seal();
  EXPECT_THAT(Done({"audit", "check"}), HasSubstr("2 seals"));
}

TEST_F(AuditCheckTest, WhereNothingHappenedNothingIsSealed) {
  Seal();
  EXPECT_THAT(Done({"audit", "check"}), HasSubstr("1 seals"));
  EXPECT_EQ(std::filesystem::status(state_.seal_key()).permissions() & std::filesystem::perms(0777),
            std::filesystem::perms(0600));
}

}  // namespace
}  // namespace yagura::app
