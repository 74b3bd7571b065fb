#include "tests/api/matrix_table.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace yagura::api {
namespace {

/// The lines of a file, each by the names in its first; no cell has a comma in it.
std::vector<std::map<std::string, std::string>> ReadLines(const std::string& name) {
  const auto split = [](const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream text(line + ",");
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    return cells;
  };
  std::ifstream file(YAGURA_SOURCE_DIR "/tests/api/matrix/" + name);
  std::string line;
  std::getline(file, line);
  const auto header = split(line);
  std::vector<std::map<std::string, std::string>> lines;
  while (std::getline(file, line)) {
    const auto cells = split(line);
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (i == 0) lines.emplace_back();
      lines.back()[header[i]] = cells.at(i);
    }
  }
  return lines;
}

}  // namespace

std::vector<MatrixOperation> ReadMatrixOperations() {
  std::vector<MatrixOperation> operations;
  for (auto& line : ReadLines("operations.csv"))
    operations.push_back({line["operation"], line["parameter"], line["answers"], line["with"]});
  return operations;
}

std::vector<MatrixAnswers> ReadMatrixAnswers() {
  std::vector<MatrixAnswers> all;
  for (auto& line : ReadLines("answers.csv")) {
    MatrixAnswers answers{line["answers"], line["relation"], line};
    answers.cells.erase("answers");
    answers.cells.erase("relation");
    all.push_back(std::move(answers));
  }
  return all;
}

std::vector<std::string> MissingLines(const std::map<std::string, DescribedOperation>& described,
                                      const std::vector<MatrixOperation>& operations,
                                      const std::vector<MatrixAnswers>& answers) {
  std::set<std::string> told;
  for (const MatrixOperation& one : operations) told.insert(one.operation + " " + one.parameter);
  std::set<std::string> wanted;
  for (const auto& [operation, description] : described) {
    if (operation.find('{') == std::string::npos) wanted.insert(operation + " ");
    for (const std::string& id : description.ids) wanted.insert(operation + " " + id);
  }
  std::set<std::string> named;
  for (const MatrixOperation& one : operations) named.insert(one.answers);
  std::set<std::string> known;
  for (const MatrixAnswers& one : answers) known.insert(one.answers);

  std::vector<std::string> complaints;
  const auto compare = [&](const std::set<std::string>& some, const std::set<std::string>& others,
                           const std::string& what) {
    for (const std::string& one : some) {
      if (!others.contains(one)) complaints.push_back(one + what);
    }
  };
  compare(wanted, told, ": no line in tests/api/matrix/operations.csv");
  compare(told, wanted, ": a line in tests/api/matrix/operations.csv, and no such operation or id");
  compare(named, known, ": no such answers in tests/api/matrix/answers.csv");
  compare(known, named, ": answers in tests/api/matrix/answers.csv that nothing gives");
  return complaints;
}

}  // namespace yagura::api
