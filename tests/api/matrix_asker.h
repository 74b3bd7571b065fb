#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/api/matrix_table.h"
#include "tests/api/matrix_world.h"

namespace yagura::api {

/// What is asked: an operation with or without an id.
struct Question {
  const MatrixOperation& about;
  std::string method;
  std::string target;
};

inline std::string StatusIn(const Answer& answer) {
  const bool is_no_footage = answer.body.find("\"no_footage\"") != std::string::npos;
  return answer.status == 404 && is_no_footage ? "no_footage" : std::to_string(answer.status);
}

/// Asks everything of everything, and looks that no answer has a foreign name or id in it.
class MatrixAsker : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!world_) world_ = new MatrixWorld();
  }
  static MatrixWorld& world() { return *world_; }

  static std::vector<std::string> IdsOf(const MatrixOperation& one, const std::string& relation) {
    if (relation == "none") return {""};
    const bool is_clip = one.operation.find("/clips/{id}") != std::string::npos;
    if (relation == "unknown") return {ToString(NewId<CameraId>()) + (is_clip ? ".0" : "")};
    if (relation == "malformed") return MalformedIds(one.operation.find('{') == std::string::npos);
    const auto& thing = world().thing(relation);
    if (is_clip) return {thing.clip};
    if (one.operation.find("/runs/{id}") != std::string::npos) return {thing.run};
    if (one.operation.find("/holds/{id}") != std::string::npos) return {thing.hold};
    if (one.parameter == "floor") return {thing.floor};
    if (one.parameter == "department") return {thing.department};
    return {thing.camera};
  }
  static std::vector<std::string> MalformedIds(bool in_query) {
    std::string upper = world().thing("own").camera;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    std::vector<std::string> ids = {"x", "0", upper, world().thing("own").camera + "0",
                                    std::string(300, 'a')};
    if (in_query) ids.insert(ids.end(), {"", "%27%20OR%20true--", "%E9%87%91"});
    return ids;
  }

  static Question Ask(const MatrixOperation& one, const std::string& id) {
    std::string target = one.operation.substr(one.operation.find(' ') + 1);
    char before = '?';
    const auto add = [&](const std::string& parameter) {
      target += before + parameter;
      before = '&';
    };
    if (const auto place = target.find("{id}"); place != std::string::npos)
      target.replace(place, 4, id);
    else if (!one.parameter.empty())
      add(one.parameter + "=" + id);
    if (one.with == "span") add(Span(world().From(), world().To()).substr(1));
    if (one.with == "stretch") add("first=0&last=999999999");
    if (one.with == "at") add("at=" + FormatRfc3339(world().From()));
    return {one, one.operation.substr(0, one.operation.find(' ')), target};
  }

  /// What shows now isn't being recorded here: of that only heads can be had.
  static std::string MethodFor(const Question& question, const std::string& expected) {
    return question.about.answers == "live" && expected == "200" ? "HEAD" : question.method;
  }

  Answer Send(const Question& question, const std::string& method, const std::string& column) {
    const bool ends = question.about.answers == "sign_out";
    if (ends || tokens_[column].empty()) tokens_[column] = world().NewToken(column);
    const std::string token = tokens_[column];
    if (ends) tokens_[column].clear();
    const std::string body =
        question.method == "POST" ? R"({"username":")" + column + R"(","password":"x"})" : "";
    ++asked_;
    Answer answer = world().served().Ask(question.target, token, {}, method, body);
    Look(answer, question, column);
    return answer;
  }

  /// What a caller is given holds nobody else's names and ids; some of his own it should.
  void Look(const Answer& answer, const Question& question, const std::string& column) {
    const std::string text = answer.head + answer.body;
    for (const std::string& mark : world().ForeignMarks(column)) {
      if (text.find(mark) != std::string::npos)
        ADD_FAILURE() << column << " reads " << mark << " in " << question.target << ": " << text;
    }
    for (const std::string& mark : world().OwnMarks(column)) {
      if (text.find(mark) != std::string::npos) seen_[column].insert(mark);
    }
  }

  inline static MatrixWorld* world_ = nullptr;  // ends with the program
  std::map<std::string, std::string> tokens_;
  std::map<std::string, std::set<std::string>> seen_;  // own marks, by column
  int asked_ = 0;
};

}  // namespace yagura::api
