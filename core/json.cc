#include "core/json.h"

#include <nlohmann/json.hpp>
#include <set>

namespace yagura {
namespace {

using Inner = nlohmann::ordered_json;

/// Refuses what nlohmann would silently accept: nesting without end and members named twice.
class StrictCallback {
 public:
  explicit StrictCallback(int depth_max) : depth_max_(depth_max) {}

  bool operator()(int depth, Inner::parse_event_t event, Inner& parsed) {
    if (depth > depth_max_) problem_ = "nested too deeply";
    if (event == Inner::parse_event_t::object_start) names_.emplace_back();
    if (event == Inner::parse_event_t::key && !names_.empty() &&
        !names_.back().insert(parsed.get<std::string>()).second) {
      problem_ = "a member named twice";
    }
    if (event == Inner::parse_event_t::object_end && !names_.empty()) names_.pop_back();
    return true;
  }
  [[nodiscard]] const char* problem() const { return problem_; }

 private:
  int depth_max_;
  std::vector<std::set<std::string>> names_;
  const char* problem_ = nullptr;
};

}  // namespace

struct Json::Value {
  Inner json;
};

Json::Json() : value_(std::make_unique<Value>()) {}
Json::Json(std::unique_ptr<Value> value) : value_(std::move(value)) {}
Json::Json(std::nullptr_t) : Json() {}
Json::Json(bool value) : Json() { value_->json = value; }
Json::Json(int value) : Json() { value_->json = value; }
Json::Json(std::int64_t value) : Json() { value_->json = value; }
Json::Json(std::uint64_t value) : Json() { value_->json = value; }
Json::Json(std::uint32_t value) : Json() { value_->json = value; }
Json::Json(double value) : Json() { value_->json = value; }
Json::Json(const char* value) : Json() { value_->json = value; }
Json::Json(std::string_view value) : Json() { value_->json = value; }
Json::Json(std::string value) : Json() { value_->json = std::move(value); }
Json::Json(const Json& other) : value_(std::make_unique<Value>(*other.value_)) {}
Json::Json(Json&& other) noexcept
    : value_(std::exchange(other.value_, std::make_unique<Value>())) {}
Json& Json::operator=(const Json& other) {
  if (this != &other) *value_ = *other.value_;
  return *this;
}
Json& Json::operator=(Json&& other) noexcept {
  std::swap(value_, other.value_);
  return *this;
}
Json::~Json() = default;

Json Json::Object(std::initializer_list<std::pair<std::string_view, Json>> members) {
  Json object;
  object.value_->json = Inner::object();
  for (const auto& [name, value] : members) object.Set(name, value);
  return object;
}

Json Json::Array(std::initializer_list<Json> items) {
  Json array;
  array.value_->json = Inner::array();
  for (const Json& item : items) array.Push(item);
  return array;
}

Result<Json> Json::Parse(std::string_view text, int depth_max) {
  StrictCallback strict(depth_max);
  Inner parsed =
      Inner::parse(text.begin(), text.end(), std::ref(strict), /*allow_exceptions=*/false);
  if (parsed.is_discarded()) return Failure(ErrorCode::kInvalidArgument, "not valid JSON");
  if (strict.problem() != nullptr) {
    return Failure(ErrorCode::kInvalidArgument, std::string("JSON with ") + strict.problem());
  }
  auto value = std::make_unique<Value>();
  value->json = std::move(parsed);
  return Json(std::move(value));
}

std::string Json::Dump(int indent) const {
  return value_->json.dump(indent > 0 ? indent : -1, ' ', false, Inner::error_handler_t::replace);
}

bool Json::is_null() const { return value_->json.is_null(); }
bool Json::is_object() const { return value_->json.is_object(); }
bool Json::is_array() const { return value_->json.is_array(); }

std::optional<bool> Json::AsBool() const {
  if (!value_->json.is_boolean()) return std::nullopt;
  return value_->json.get<bool>();
}
std::optional<std::int64_t> Json::AsInt() const {
  const Inner& json = value_->json;
  if (!json.is_number_integer()) return std::nullopt;
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  return json.get<std::int64_t>();
}
std::optional<double> Json::AsDouble() const {
  if (!value_->json.is_number()) return std::nullopt;
  return value_->json.get<double>();
}
std::optional<std::string> Json::AsString() const {
  if (!value_->json.is_string()) return std::nullopt;
  return value_->json.get<std::string>();
}

Json Json::Get(std::string_view member) const {
  if (!value_->json.is_object()) return {};
  const auto found = value_->json.find(std::string(member));
  if (found == value_->json.end()) return {};
  auto value = std::make_unique<Value>();
  value->json = *found;
  return Json(std::move(value));
}

bool Json::Has(std::string_view member) const {
  return value_->json.is_object() && value_->json.contains(std::string(member));
}

std::vector<std::string> Json::members() const {
  std::vector<std::string> names;
  if (!value_->json.is_object()) return names;
  for (const auto& item : value_->json.items()) names.push_back(item.key());
  return names;
}

std::vector<Json> Json::items() const {
  std::vector<Json> items;
  if (!value_->json.is_array()) return items;
  items.reserve(value_->json.size());
  for (const Inner& item : value_->json) {
    auto value = std::make_unique<Value>();
    value->json = item;
    items.push_back(Json(std::move(value)));
  }
  return items;
}

std::size_t Json::size() const { return value_->json.is_structured() ? value_->json.size() : 0; }

Json& Json::Set(std::string_view member, Json value) {
  value_->json[std::string(member)] = std::move(value.value_->json);
  return *this;
}

Json& Json::Push(Json item) {
  value_->json.push_back(std::move(item.value_->json));
  return *this;
}

}  // namespace yagura
