// Terms of retention through the commands.
#include "tests/app/office_fixture.h"
#include "tests/storage/catalogue_office.h"

namespace yagura::app {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class RetentionVerbsTest : public OfficeTest {
 protected:
  void SetUp() override {
    OfficeTest::SetUp();
    LoadOffice();
    Done({"camera", "add", "--code", "1F-01", "--name", "窓口", "--floor", "1F", "--unit", "TAX",
          "--url", "rtsp://10.0.0.1/s"});
    clock_.Advance(std::chrono::seconds(6));
  }
  /// A clip of the camera that began `days` days before now.
  void Store(int days) {
    storage::CatalogueOffice office;
    office.camera = *ParseId<CameraId>(Ask("SELECT id FROM camera"));
    office.floor = *ParseId<FloorId>(Ask("SELECT id FROM floor WHERE code = '1F'"));
    office.unit = *ParseId<UnitId>(Ask("SELECT id FROM unit WHERE code = 'TAX'"));
    ASSERT_EQ("", Ask("INSERT INTO volume (id, path) VALUES ('" + ToString(office.volume) +
                      "', '/" + std::to_string(days) + "')"));
    const auto run = office.Run(clock_.Now() - std::chrono::hours(24 * days), office.camera);
    const auto stored = database_->As("yagura_record").Run([&](auto& transaction) -> Result<void> {
      InsertRecords(transaction, office.RunWithClips(run, 1), storage::CatalogueOffice::Days());
      return {};
    });
    ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
  }
};

TEST_F(RetentionVerbsTest, ATermOfAPlaceIsSetListedAndAudited) {
  EXPECT_EQ(Done({"retention", "set", "--days", "14", "--place", "HQ/MAIN/1F", "--at", "2027-07-01",
                  "--purpose", "窓口の防犯"}),
            "version 2 of the terms: HQ/MAIN/1F 14 days, 7 of them where space is short, from "
            "2027-07-01T00:00:00+09:00\n");
  EXPECT_THAT(Done({"retention", "list"}), AllOf(HasSubstr("30 days, 7 of them"),
                                                 HasSubstr("HQ/MAIN/1F"), HasSubstr("窓口の防犯")));
  EXPECT_EQ(Ask("SELECT body::jsonb ->> 'version', body::jsonb ->> 'days', body::jsonb ->> "
                "'minimum_days', (SELECT code FROM floor WHERE id::text = body::jsonb ->> 'floor') "
                "FROM audit_record WHERE event = 'retention_set'"),
            "2|14|7|1F");
}

TEST_F(RetentionVerbsTest, APlanShowsWhatGoesWhenAndASetTermWarnsOfTheSame) {
  Store(20);
  Store(10);
  EXPECT_EQ(Done({"retention", "plan"}),
            "DAY         CLIPS  BYTES    SOONER BY IT\n"
            "2027-06-25  1      9.8 KiB  0\n"
            "2027-07-05  1      9.8 KiB  0\n"
            "held clips, on no day: 0\n");
  const std::vector<std::string> term{"--days", "14", "--camera", "1F-01", "--at", "2027-06-18"};
  std::vector<std::string> plan{"retention", "plan", "--json"};
  plan.insert(plan.end(), term.begin(), term.end());
  EXPECT_EQ(Done(plan),
            R"({"items":[{"date":"2027-06-18","clips":1,"bytes":10000,"sooner_clips":1},)"
            R"({"date":"2027-06-19","clips":1,"bytes":10000,"sooner_clips":1}],"held_clips":0})"
            "\n");
  EXPECT_EQ(Ask("SELECT count(*) FROM retention_rule"), "1");
  std::vector<std::string> set{"retention", "set", "--purpose", "stairs"};
  set.insert(set.end(), term.begin(), term.end());
  EXPECT_THAT(Done(set), HasSubstr("warning: 2 clips that there are now go sooner by it, the first "
                                   "of them on 2027-06-18; next: "));
}

TEST_F(RetentionVerbsTest, ATermIsSetAlsoWhereWhatGoesSoonerCantBeTold) {
  ASSERT_EQ("", Ask("REVOKE SELECT ON clip FROM yagura_keep"));
  const Said said = Yagura({"retention", "set", "--days", "8", "--purpose", "stairs"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr("version 2 of the terms: the office 8 days"));
  EXPECT_THAT(said.err, HasSubstr("what goes sooner by it can't be told now: "));
}

TEST_F(RetentionVerbsTest, ACameraGoesBackToTheTermOfItsPlace) {
  Done({"retention", "set", "--days", "60", "--camera", "1F-01", "--purpose", "stairs"});
  clock_.Advance(std::chrono::seconds(6));
  EXPECT_THAT(Done({"retention", "set", "--inherit", "--camera", "1F-01", "--purpose", "as 1F"}),
              HasSubstr("version 3 of the terms: 1F-01 no term of its own, from "));
}

TEST_F(RetentionVerbsTest, RefusalsNameTheNextStep) {
  const auto refused = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"retention", "set", "--purpose", "stairs"});
    return Refused(options);
  };
  EXPECT_THAT(refused({"--days", "6"}), AllOf(HasSubstr("--days"), HasSubstr("7")));
  EXPECT_THAT(refused({}), HasSubstr("next: give --days"));
  EXPECT_THAT(refused({"--inherit"}), HasSubstr("next: give --days"));
  EXPECT_THAT(refused({"--days", "8", "--minimum-days", "9"}), HasSubstr("next: "));
  EXPECT_THAT(refused({"--days", "8", "--place", "HQ/1F"}), HasSubstr("next: yagura place list"));
  EXPECT_THAT(refused({"--days", "8", "--camera", "9F-01"}), HasSubstr("next: "));
  EXPECT_THAT(refused({"--days", "8", "--camera", "1F-01", "--place", "HQ"}), HasSubstr("next: "));
  EXPECT_THAT(refused({"--days", "8", "--at", "2027-06-14"}), HasSubstr("next: "));
  EXPECT_EQ(Ask("SELECT count(*) FROM retention_rule"), "1");
}

}  // namespace
}  // namespace yagura::app
