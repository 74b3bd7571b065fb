#include <gmock/gmock.h>

#include "tests/api/live_office.h"
#include "tests/api/matrix_asker.h"

// Both listeners, linked with decisions that allow everything (tests/access_control/allow_all.cc):
// row-level security alone shows nobody a row or a picture of somebody else's.
namespace yagura::api {
namespace {

using access_control::CameraState;
using ::testing::HasSubstr;
using ::testing::Not;

class AllowAllTest : public MatrixAsker {
 protected:
  /// Whether answers of this kind hold pictures, or open one.
  static bool IsAboutPictures(const MatrixOperation& one) {
    return one.answers == "pictures" || one.answers == "live" || one.answers == "footage";
  }
  void Compare(const MatrixOperation& one, const MatrixAnswers& answers,
               const std::string& column) {
    const std::string& expected = answers.cells.at(column);
    for (const std::string& id : IdsOf(one, answers.relation)) {
      const Question question = Ask(one, id);
      // Send looks for foreign names and ids in whatever is answered.
      const Answer answer = Send(question, MethodFor(question, expected), column);
      const std::string where = column + ": " + question.target + " (" + answers.relation + ") " +
                                answer.body.substr(0, 99);
      if (expected == "200") {
        EXPECT_EQ(answer.status, 200) << where;
        shown_ += IsAboutPictures(one) ? 1 : 0;
      } else if (IsAboutPictures(one)) {
        EXPECT_EQ(answer.status, column == "nobody" ? 401 : 404) << where;
        EXPECT_THAT(answer.head, HasSubstr("application/problem+json")) << where;
        ++withheld_;
      } else if (one.answers.starts_with("clips_")) {
        EXPECT_THAT(answer.body, Not(HasSubstr("sha256"))) << where;
        ++withheld_;
      }
    }
  }
  int shown_ = 0;
  int withheld_ = 0;
};

TEST_F(AllowAllTest, RowSecurityAloneShowsNothingForeign) {
  const auto answers = ReadMatrixAnswers();
  for (const std::string& column : world().columns()) {
    for (const MatrixOperation& one : ReadMatrixOperations()) {
      for (const MatrixAnswers& row : answers) {
        if (row.answers == one.answers && (row.relation == "none") == one.parameter.empty())
          Compare(one, row, column);
      }
    }
  }
  EXPECT_GT(shown_, 50);
  std::cout << asked_ << " requests, " << withheld_ << " of them for pictures that stayed hidden, "
            << shown_ << " for pictures that were shown\n";
}

/// The answer to whoever asks for what a camera shows now, up to and with `until`.
std::string Watched(LiveOffice& office, CameraId camera, PersonId person, const char* until) {
  RawClient client(office.served->media_port());
  client.Send("GET " + LiveOffice::PathOf(camera) + " HTTP/1.1\r\nHost: x\r\nAuthorization: " +
              "Bearer " + office.TokenOf(person) + "\r\n\r\n");
  return client.ReadUntil(until);
}

TEST(AllowAllLiveTest, RowSecurityAloneShowsNobodyElsesCameraLive) {
  LiveOffice office;
  const CameraId staged = office.office.AddCamera(office.unit);
  office.office.SetState(staged, CameraState::kStaged);
  const PersonId crisis =
      office.office.AddHolder(access_control::Post::kCrisisManagement, office.root);
  const PersonId administrator =
      office.office.AddHolder(access_control::Post::kAdministrator, office.root);
  const PersonId auditor = office.office.AddHolder(access_control::Post::kAuditor, office.root);
  office.Open();
  const std::map<PersonId, std::set<CameraId>> shown = {
      {office.head, {office.camera}},
      {office.other_head, {office.other_camera}},
      {office.operations, {staged}},
      {crisis, {office.camera, office.other_camera}},
      {administrator, {}},
      {auditor, {}}};
  for (const auto& [person, own] : shown) {
    for (const CameraId camera : {office.camera, office.other_camera, staged}) {
      const bool is_own = own.contains(camera);
      const std::string received = Watched(office, camera, person, is_own ? "made at" : "}\n");
      EXPECT_THAT(received, HasSubstr(is_own ? "video/mp4" : " 404 "));
      EXPECT_EQ(received.find("made at") != std::string::npos, is_own);
    }
  }
}

}  // namespace
}  // namespace yagura::api
