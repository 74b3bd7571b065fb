#include "tests/app/office_fixture.h"

namespace yagura::app {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class OfficeVerbsTest : public OfficeTest {};

TEST_F(OfficeVerbsTest, LoadsAnOfficeAndListsIt) {
  LoadOffice();
  EXPECT_EQ(Done({"place", "list"}), "HQ  本庁舎敷地\n  MAIN  本庁舎\n    1F  1階\n    2F  2階\n");
  EXPECT_EQ(Done({"department", "list"}), "WARD  区役所\n  TAX  税務部\n  WELFARE  福祉部\n");
  const auto places = Json::Parse(Done({"place", "list", "--json"})).value();
  EXPECT_EQ(places.Get("items").items()[0].Get("buildings").items()[0].Get("floors").size(), 2U);
}

TEST_F(OfficeVerbsTest, DoingItAgainIsRefusedUnlessAllowed) {
  LoadOffice();
  const std::vector<std::string> site{"place", "add-site", "--code", "HQ", "--name", "x"};
  EXPECT_EQ(Refused(site),
            "yagura: HQ is there already\nnext: choose another, or give --if-absent where that is "
            "all right\n");
  auto again = site;
  again.push_back("--if-absent");
  EXPECT_EQ(Done(again), "HQ is there already\n");
  EXPECT_EQ(Done({"department", "add", "--code", "TAX", "--name", "x", "--if-absent"}),
            "TAX is there already\n");
  EXPECT_EQ(Ask("SELECT count(*) FROM audit_record WHERE event = 'place_added'"), "4");
  EXPECT_EQ(Done({"migrate"}), "the schema is up to date; migrations applied now: 0\n");
}

TEST_F(OfficeVerbsTest, SaysWhatIsMissingAndWhatHelps) {
  LoadOffice();
  EXPECT_EQ(Refused({"place", "add-floor", "--building", "NONE", "--code", "9F", "--name", "x",
                     "--ordinal", "9"}),
            "yagura: --building: there is no \"NONE\"\nnext: yagura place list\n");
  EXPECT_EQ(Refused({"department", "add", "--code", "X", "--name", "x", "--parent", "NONE"}),
            "yagura: there is no unit \"NONE\"\nnext: yagura department list\n");
  EXPECT_EQ(Refused({"place", "add-site", "--code", "HQ"}),
            "yagura: not given: --name\nnext: yagura place add-site --help\n");
  EXPECT_EQ(Refused({"place", "add-site", "--code", "HQ", "--language", "ja"}),
            "yagura: 指定されていません: --name\n次の手順: yagura place add-site --help\n");
}

TEST_F(OfficeVerbsTest, PeopleGetPasswordsFromStandardInputAlone) {
  LoadOffice();
  const std::vector<std::string> add{"person", "add", "--username", "suzuki.h", "--name", "鈴木"};
  EXPECT_THAT(Done(add, "correct horse\n"), StartsWith("added: suzuki.h\n"));
  EXPECT_THAT(Ask("SELECT password_hash FROM person"), HasSubstr("$argon2id$"));
  EXPECT_THAT(Ask("SELECT body FROM audit_record WHERE event = 'person_added'"),
              Not(HasSubstr("argon2")));
  EXPECT_THAT(Refused(add), HasSubstr("no password came on standard input"));
  EXPECT_THAT(Refused(add, "short\n"), HasSubstr("too short"));
  EXPECT_THAT(Refused(add, "correct horse\n"), HasSubstr("suzuki.h is there already"));
  EXPECT_THAT(Refused({"person", "add", "--username", "Suzuki", "--name", "x"}, "correct horse\n"),
              HasSubstr("can't be a name to sign in with"));
  Done({"person", "disable", "--username", "suzuki.h"});
  EXPECT_NE(Ask("SELECT disabled_at FROM person"), "");
  EXPECT_THAT(Refused({"person", "disable", "--username", "nobody"}),
              HasSubstr("next: yagura person list"));
}

TEST_F(OfficeVerbsTest, PostsAreHeldFromOneInstantToAnother) {
  LoadOffice();
  Done({"person", "add", "--username", "suzuki.h", "--name", "鈴木"}, "correct horse\n");
  std::vector<std::string> add{"assignment",      "add",    "--person", "suzuki.h", "--post",
                               "department_head", "--unit", "TAX"};
  EXPECT_THAT(Done(add), StartsWith("suzuki.h holds the post department_head in TAX\n"));
  add.push_back("--if-absent");
  EXPECT_EQ(Done(add), "suzuki.h holds the post department_head in TAX already\n");
  EXPECT_THAT(Done({"assignment", "list"}),
              AllOf(HasSubstr("department_head"), HasSubstr("2027-06-15T12:00:00+09:00")));
  const auto listed =
      Json::Parse(Done({"assignment", "list", "--json"})).value().Get("items").items();
  ASSERT_EQ(listed.size(), 1U);
  const std::string id = listed[0].Get("id").AsString().value();
  EXPECT_TRUE(listed[0].Get("to").is_null());
  EXPECT_THAT(Done({"assignment", "end", "--id", id, "--at", "2027-07-01"}),
              StartsWith("ended at 2027-07-01T00:00:00+09:00\n"));
  EXPECT_THAT(Refused({"assignment", "end", "--id", id, "--at", "2027-08-01T00:00:00+09:00"}),
              HasSubstr("isn't held at 2027-08-01"));
  EXPECT_THAT(Refused({"assignment", "end", "--id", "7"}),
              HasSubstr("next: yagura assignment list"));
}

TEST_F(OfficeVerbsTest, RefusesPostsAndInstantsThatMakeNoSense) {
  LoadOffice();
  Done({"person", "add", "--username", "suzuki.h", "--name", "鈴木"}, "correct horse\n");
  const auto add = [&](const std::string& post, const std::string& from, const std::string& to) {
    return Refused({"assignment", "add", "--person", "suzuki.h", "--post", post, "--unit", "TAX",
                    "--from", from, "--to", to});
  };
  const std::string now = "2027-06-15T12:00:00+09:00";
  EXPECT_THAT(add("boss", now, now), HasSubstr("next: choose one of department_head|"));
  EXPECT_THAT(add("auditor", "2027-06-15T12:00:00", now),
              HasSubstr("--from: expected a date, or an instant with its zone"));
  EXPECT_THAT(add("auditor", now, now), HasSubstr("--to must come after --from"));
  EXPECT_THAT(Refused({"assignment", "add", "--person", "x", "--post", "auditor", "--unit", "TAX"}),
              HasSubstr("no person \"x\""));
  EXPECT_EQ(Ask("SELECT count(*) FROM assignment"), "0");
}

TEST_F(OfficeVerbsTest, SaysThatTheDatabaseIsAway) {
  WriteConfiguration("/nowhere");
  EXPECT_THAT(Refused({"place", "list"}), HasSubstr("yagura: not available; try again later: "));
  EXPECT_THAT(Refused({"place", "list", "--language", "ja"}), HasSubstr("利用できません"));
}

}  // namespace
}  // namespace yagura::app
