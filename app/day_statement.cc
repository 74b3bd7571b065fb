#include "app/day_statement.h"

namespace yagura::app {
namespace {

using storage::ClipCount;

Json ToJson(const ClipCount& count) {
  return Json::Object({{"clips", static_cast<std::int64_t>(count.clips)},
                       {"bytes", static_cast<std::int64_t>(count.bytes)}});
}

/// Reads members, and knows whether all of them were there.
class Reader {
 public:
  explicit Reader(const Json& body) : body_(body) {}
  [[nodiscard]] ClipCount Count(std::string_view member) {
    const Json count = body_.Get(member);
    return {.clips = static_cast<std::uint64_t>(Found(count.Get("clips").AsInt())),
            .bytes = static_cast<std::uint64_t>(Found(count.Get("bytes").AsInt()))};
  }
  [[nodiscard]] WallTime Time(std::string_view member) {
    const auto time = ParseRfc3339(Text(member));
    whole_ = whole_ && time.has_value();
    return time.value_or(WallTime());
  }
  [[nodiscard]] std::string Text(std::string_view member) {
    return Found(body_.Get(member).AsString());
  }
  [[nodiscard]] std::int64_t Integer(std::string_view member) {
    return Found(body_.Get(member).AsInt());
  }
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  template <class T>
  T Found(const std::optional<T>& value) {
    whole_ = whole_ && value.has_value();
    return value.value_or(T());
  }
  const Json& body_;
  bool whole_ = true;
};

}  // namespace

Json ToBody(const DayStatement& statement) {
  return Json::Object({{"day", statement.day},
                       {"from", FormatRfc3339(statement.range.from)},
                       {"to", FormatRfc3339(statement.range.to)},
                       {"version", statement.version},
                       {"left", ToJson(statement.past.left)},
                       {"leaving", ToJson(statement.past.leaving)},
                       {"held", ToJson(statement.past.held)},
                       {"age", ToJson(statement.deleted.by_age)},
                       {"space", ToJson(statement.deleted.for_space)},
                       {"staged", ToJson(statement.deleted.staged)},
                       {"proofs_sha256", statement.deleted.sha256_hex}});
}

Result<DayStatement> ParseBody(const std::string& body) {
  const auto json = Json::Parse(body);
  if (!json.has_value()) return Failure(ErrorCode::kDataLoss, "a statement is no JSON");
  Reader read(*json);
  DayStatement statement{.day = read.Text("day"),
                         .range = {read.Time("from"), read.Time("to")},
                         .version = read.Integer("version"),
                         .past = {.left = read.Count("left"),
                                  .leaving = read.Count("leaving"),
                                  .held = read.Count("held")},
                         .deleted = {.by_age = read.Count("age"),
                                     .for_space = read.Count("space"),
                                     .staged = read.Count("staged"),
                                     .sha256_hex = read.Text("proofs_sha256")}};
  if (!read.whole()) return Failure(ErrorCode::kDataLoss, "a statement lacks a member");
  return statement;
}

}  // namespace yagura::app
