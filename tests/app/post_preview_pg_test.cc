// Who gains or loses what by a change of people and posts, told before it is made and with it.
#include "tests/app/office_fixture.h"

namespace yagura::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PostPreviewTest : public OfficeTest {
 protected:
  void SetUp() override {
    OfficeTest::SetUp();
    LoadOffice();
    for (const char* const code : {"1F-01", "1F-02"}) Done(AddCamera(code));
    clock_.Advance(std::chrono::seconds(10));  // the cameras are in service
    for (const std::string name : {"sato", "suzuki"}) {
      Done({"person", "add", "--username", name, "--name", name}, "correct horse\n");
    }
    Done(Head("sato"));
  }
  static std::vector<std::string> Head(const std::string& name,
                                       const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"assignment",      "add",    "--person", name, "--post",
                                   "department_head", "--unit", "TAX"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  /// The id of the person's one post.
  std::string PostOf(const std::string& name) {
    return Ask(
        "SELECT assignment.id FROM assignment JOIN person ON person.id = person_id WHERE "
        "username = '" +
        name + "'");
  }
};

TEST_F(PostPreviewTest, APostIsShownBeforeItIsGiven) {
  EXPECT_EQ(Done(Head("suzuki", {"--from", "2027-07-01", "--preview"})),
            "  suzuki gains 2 cameras at 2027-07-01T00:00:00+09:00: 1F-01, 1F-02\n"
            "nothing was changed\n");
  EXPECT_EQ(PostOf("suzuki"), "");
  EXPECT_EQ(Done(Head("suzuki", {"--from", "2027-07-01"})),
            "suzuki holds the post department_head in TAX\n"
            "  suzuki gains 2 cameras at 2027-07-01T00:00:00+09:00: 1F-01, 1F-02\n");
}

TEST_F(PostPreviewTest, ActingHeadsSeeUntilTheirLastDay) {
  EXPECT_EQ(Done(Head("suzuki", {"--from", "2027-07-01", "--to", "2027-08-01"})),
            "suzuki holds the post department_head in TAX\n"
            "  suzuki gains 2 cameras at 2027-07-01T00:00:00+09:00: 1F-01, 1F-02\n");
  EXPECT_EQ(Ask("SELECT valid_to AT TIME ZONE 'Asia/Tokyo' FROM assignment WHERE valid_to < "
                "'infinity'"),
            "2027-08-01 00:00:00");
}

TEST_F(PostPreviewTest, ATransferIsAtMidnight) {
  EXPECT_EQ(Done({"assignment", "end", "--id", PostOf("sato"), "--at", "2028-04-01", "--preview"}),
            "  sato loses 2 cameras at 2028-04-01T00:00:00+09:00: 1F-01, 1F-02\n"
            "nothing was changed\n");
  EXPECT_EQ(Ask("SELECT valid_to FROM assignment"), "infinity");
  Done({"assignment", "end", "--id", PostOf("sato"), "--at", "2028-04-01"});
  Done(Head("suzuki", {"--from", "2028-04-01"}));
  EXPECT_EQ(Ask("SELECT count(DISTINCT instant) FROM assignment, unnest(ARRAY[valid_from, "
                "valid_to]) AS instant WHERE instant > '2028-01-01' AND instant < 'infinity'"),
            "1");
}

TEST_F(PostPreviewTest, WhoIsDisabledLosesWhatTheySaw) {
  EXPECT_EQ(Done({"person", "disable", "--username", "sato", "--preview"}),
            "  sato loses 2 cameras at 2027-06-15T12:00:10+09:00: 1F-01, 1F-02\n"
            "nothing was changed\n");
  EXPECT_EQ(Ask("SELECT count(*) FROM person WHERE disabled_at IS NOT NULL"), "0");
  EXPECT_THAT(Done({"person", "disable", "--username", "sato"}), HasSubstr("sato loses 2 cameras"));
}

TEST_F(PostPreviewTest, AnAdministratorWithoutASecondFactorIsNamed) {
  Done({"person", "otp-reset", "--username", "sato", "--password-alone"});
  const auto administrator = [&](const std::string& name) {
    return Done(
        {"assignment", "add", "--person", name, "--post", "administrator", "--unit", "WARD"});
  };
  EXPECT_THAT(administrator("sato"),
              HasSubstr("sato has none\nnext: yagura person otp-reset --username sato\n"));
  EXPECT_THAT(administrator("suzuki"), Not(HasSubstr("second factor")));
}

TEST_F(PostPreviewTest, APostWithoutPicturesShowsNone) {
  EXPECT_EQ(Done({"assignment", "add", "--person", "suzuki", "--post", "auditor", "--unit", "WARD",
                  "--preview"}),
            "  nobody gains or loses a camera's pictures\nnothing was changed\n");
}

}  // namespace
}  // namespace yagura::app
