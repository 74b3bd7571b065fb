#include <gmock/gmock.h>

#include "api/service.h"
#include "tests/api/matrix_asker.h"

// Every operation of the description × every post × everything that an id can stand for, over both
// real listeners: the answer that matrix/answers.csv tells; what may not be known, what doesn't
// exist and what is no id are one answer, byte for byte; and no name of somebody else's in any.
namespace yagura::api {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Operations = std::map<std::string, DescribedOperation>;

class MatrixTest : public MatrixAsker {
 protected:
  /// All ids of one relation, asked by one post.
  void Compare(const MatrixOperation& one, const MatrixAnswers& answers,
               const std::string& column) {
    const std::string& expected = answers.cells.at(column);
    for (const std::string& id : IdsOf(one, answers.relation)) {
      const Question question = Ask(one, id);
      for (const std::string& method : {MethodFor(question, expected), std::string("HEAD")}) {
        if (question.method != "GET" && method == "HEAD") continue;
        const Answer answer = Send(question, method, column);
        const std::string where =
            column + ": " + method + " " + question.target + " (" + answers.relation + ")";
        if (method == "HEAD") {
          EXPECT_EQ(std::to_string(answer.status), expected == "no_footage" ? "404" : expected)
              << where;
        } else {
          EXPECT_EQ(StatusIn(answer), expected) << where << " " << answer.body.substr(0, 300);
        }
        if (expected == "404" || expected == "403") ExpectOneFor(method + expected, answer, where);
      }
    }
  }

  /// Denials of one kind are one answer, whatever they are about: ids that may not be known, that
  /// don't exist, that are none; and whatever was asked.
  void ExpectOneFor(const std::string& kind, const Answer& answer, const std::string& where) {
    const auto [first, is_first] = denials_.emplace(kind, answer.comparable());
    EXPECT_TRUE(is_first || answer.comparable() == first->second)
        << where << ": " << answer.comparable() << "\ninstead of " << first->second;
  }

  std::map<std::string, std::string> denials_;  // of one operation and post
};

TEST(MatrixTableTest, HasALineForEveryOperationAndEveryIdOfIt) {
  EXPECT_THAT(
      MissingLines(ReadOperations(OpenApiYaml()), ReadMatrixOperations(), ReadMatrixAnswers()),
      IsEmpty());
}

TEST(MatrixTableTest, MissesWhatIsAddedWithoutLines) {
  std::string yaml(OpenApiYaml());
  yaml.insert(yaml.find("components:\n"), R"(  /v1/secrets/{id}:
    get:
      x-yagura-action: camera.read
      parameters:
        - {$ref: '#/components/parameters/Id'}
        - name: person
          in: query
          schema: {$ref: '#/components/schemas/Id'}
)");
  const auto missing =
      MissingLines(ReadOperations(yaml), ReadMatrixOperations(), ReadMatrixAnswers());
  EXPECT_THAT(missing, Contains(HasSubstr("GET /v1/secrets/{id} id: no line")));
  EXPECT_THAT(missing, Contains(HasSubstr("GET /v1/secrets/{id} person: no line")));
  auto fewer = ReadMatrixOperations();
  fewer.pop_back();
  EXPECT_EQ(MissingLines(ReadOperations(OpenApiYaml()), fewer, ReadMatrixAnswers()).size(), 1U);
}

TEST_F(MatrixTest, EveryCellIsWhatTheTableTells) {
  const auto answers = ReadMatrixAnswers();
  for (const std::string& column : world().columns()) {
    for (const MatrixOperation& one : ReadMatrixOperations()) {
      denials_.clear();
      for (const MatrixAnswers& row : answers) {
        if (row.answers == one.answers && (row.relation == "none") == one.parameter.empty())
          Compare(one, row, column);
      }
    }
  }
  for (const std::string& column : world().columns()) {
    for (const std::string& mark : world().OwnMarks(column))
      EXPECT_THAT(seen_[column], Contains(mark)) << column << " is never told its own";
  }
  std::cout << asked_ << " requests\n";
}

/// An id that may not be known is not found behind one that may.
TEST_F(MatrixTest, AForeignIdBesideOnesOwnIsAnUnknownOne) {
  const Operations described = ReadOperations(OpenApiYaml());
  for (const std::string& column : world().columns()) {
    for (const MatrixOperation& one : ReadMatrixOperations()) {
      if (one.parameter.empty() || one.operation.find('{') != std::string::npos) continue;
      for (const std::string& other : described.at(one.operation).ids) {
        if (other == one.parameter) continue;
        std::set<std::string> told;
        for (const std::string relation : {"other_controller", "unknown", "malformed"}) {
          for (const std::string& id : IdsOf(one, relation)) {
            Question question = Ask(one, id);
            MatrixOperation besides = one;
            besides.parameter = other;
            question.target += "&" + other + "=" + IdsOf(besides, "own").front();
            const bool sees_all = column == "operations" || column == "administrator";
            if (relation != std::string("other_controller") || !sees_all)
              told.insert(Send(question, "GET", column).comparable());
          }
        }
        EXPECT_EQ(told.size(), 1U) << column << ": " << one.operation << " " << one.parameter;
      }
    }
  }
}

}  // namespace
}  // namespace yagura::api
