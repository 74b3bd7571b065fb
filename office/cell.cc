#include "office/cell.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <set>
#include <sstream>

#include "access_control/organisation.h"
#include "core/camera_transport.h"
#include "core/plain_text.h"
#include "fleet/camera.h"
#include "fleet/places_pg.h"

namespace yagura::office {
namespace {

using Cell = std::variant<std::string, Fault>;

constexpr std::size_t kUsernameSizeMax = 64;
constexpr std::size_t kNoteSizeMax = 1024;
constexpr std::size_t kPlaceDepthMax = 3;
constexpr int kNumberMax = 1000;

struct Named {
  std::string_view japanese;
  std::string_view name;
};
constexpr std::array<Named, 6> kPosts{{{"部長", "department_head"},
                                       {"統括管理者", "general_manager"},
                                       {"危機管理担当", "crisis_management"},
                                       {"運用担当", "operations"},
                                       {"監査担当", "auditor"},
                                       {"管理者", "administrator"}}};
constexpr std::array<Named, 6> kStates{{{"計画", "planned"},
                                        {"準備", "staged"},
                                        {"検収済", "accepted"},
                                        {"運用中", "in_service"},
                                        {"休止", "suspended"},
                                        {"撤去", "retired"}}};

std::string InEnglish(const std::array<Named, 6>& names, const std::string& text) {
  const auto* found = std::ranges::find(names, text, &Named::japanese);
  return found == names.end() ? text : std::string(found->name);
}

Cell ReadCodes(const std::string& text) {
  const auto codes = CodesIn(text);
  std::string joined;
  for (const std::string& code : std::set(codes.begin(), codes.end())) {
    if (!fleet::CheckCode(code).has_value()) return Fault::kBadCode;
    joined += (joined.empty() ? "" : " ") + code;
  }
  return joined;
}

Cell ReadPlace(const std::string& text) {
  std::size_t depth = 0;
  for (std::size_t from = 0; from <= text.size(); ++depth) {
    const std::size_t end = std::min(text.find('/', from), text.size());
    if (!fleet::CheckCode(text.substr(from, end - from)).has_value()) return Fault::kBadPlace;
    from = end + 1;
  }
  if (depth > kPlaceDepthMax) return Fault::kBadPlace;
  return text;
}

Cell ReadUsername(const std::string& text) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool fits = text.size() <= kUsernameSizeMax && is_plain(text.front()) &&
                    std::ranges::all_of(text, [&](char c) {
                      return is_plain(c) || c == '.' || c == '_' || c == '-';
                    });
  if (!fits) return Fault::kBadUsername;
  return text;
}

Cell ReadNote(const std::string& text) {
  if (text.size() > kNoteSizeMax || !IsPlainText(text)) return Fault::kBadName;
  return text;
}

Cell ReadNumber(const std::string& text) {
  int number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return Fault::kBadNumber;
  if (number < -kNumberMax || number > kNumberMax) return Fault::kBadNumber;
  return std::to_string(number);
}

Cell ReadUrl(const std::string& text) {
  if (text.find('@') != std::string::npos) return Fault::kUrlCredentials;
  if (!fleet::CheckCameraUrl(text).has_value()) return Fault::kBadUrl;
  return text;
}

Cell ReadPost(const std::string& text) {
  std::string post = InEnglish(kPosts, text);
  if (access_control::ParsePost(post) == access_control::Post::kUnknown) return Fault::kBadPost;
  return post;
}

Cell ReadState(const std::string& text) {
  std::string state = InEnglish(kStates, text);
  if (!fleet::ParseCameraState(state)) return Fault::kBadState;
  return state;
}

/// Where a sub stream is, or "-" for none.
Cell ReadSubUrl(const std::string& text) {
  if (text == "-") return text;
  return ReadUrl(text);
}

Cell ReadYesNo(const std::string& text) {
  if (text == "yes" || text == "あり") return std::string("yes");
  if (text == "no" || text == "なし") return std::string("no");
  return Fault::kBadYesNo;
}

Cell ReadTransport(const std::string& text) {
  if (!ParseCameraTransport(text)) return Fault::kBadTransport;
  return text;
}

Cell ReadInstantCell(const std::string& text, const OfficeCalendar& calendar) {
  const auto instant = ReadInstant(text, calendar);
  if (!instant) return Fault::kBadInstant;
  return WriteInstant(*instant, calendar);
}

template <class Check>
Cell Checked(const std::string& text, Check check, Fault fault) {
  if (!check(text).has_value()) return fault;
  return text;
}

}  // namespace

std::vector<std::string> CodesIn(const std::string& cell) {
  std::istringstream text(cell);
  return {std::istream_iterator<std::string>(text), {}};
}

Cell ReadCell(Kind kind, const std::string& text, const OfficeCalendar& calendar) {
  switch (kind) {
    case Kind::kCode:
      return Checked(text, fleet::CheckCode, Fault::kBadCode);
    case Kind::kCodes:
      return ReadCodes(text);
    case Kind::kPlace:
      return ReadPlace(text);
    case Kind::kUsername:
      return ReadUsername(text);
    case Kind::kName:
      return Checked(text, fleet::CheckName, Fault::kBadName);
    case Kind::kNote:
      return ReadNote(text);
    case Kind::kNumber:
      return ReadNumber(text);
    case Kind::kInstant:
      return ReadInstantCell(text, calendar);
    case Kind::kUrl:
      return ReadUrl(text);
    case Kind::kPost:
      return ReadPost(text);
    case Kind::kState:
      return ReadState(text);
    case Kind::kTransport:
      return ReadTransport(text);
    case Kind::kSubUrl:
      return ReadSubUrl(text);
    case Kind::kYesNo:
      return ReadYesNo(text);
  }
  return Fault::kBadName;
}

}  // namespace yagura::office
