#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/api/openapi_lines.h"

namespace yagura::api {

/// A line of matrix/operations.csv: an operation, the id among its parameters that is varied ("":
/// none), and which lines of matrix/answers.csv tell the answers. `with`: "span" (from and to),
/// "at" or "", which are asked besides.
struct MatrixOperation {
  std::string operation;  // "GET /v1/cameras/{id}"
  std::string parameter;
  std::string answers;
  std::string with;
};
/// A line of matrix/answers.csv: what everybody is answered about something of one relation to the
/// department of the posts: own, below, above, sibling, other_controller, before (the department's,
/// once), staged, unknown, malformed; "none": no id.
struct MatrixAnswers {
  std::string answers;
  std::string relation;
  std::map<std::string, std::string> cells;  // by post, "nobody" or "no_post": "200", "no_footage"
};

[[nodiscard]] std::vector<MatrixOperation> ReadMatrixOperations();
[[nodiscard]] std::vector<MatrixAnswers> ReadMatrixAnswers();

/// What has no line: an operation as such, an id that it takes, answers that are named; and lines
/// of something that isn't there.
[[nodiscard]] std::vector<std::string> MissingLines(
    const std::map<std::string, DescribedOperation>& described,
    const std::vector<MatrixOperation>& operations, const std::vector<MatrixAnswers>& answers);

}  // namespace yagura::api
