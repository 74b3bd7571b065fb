#include "simulate/fault_script.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

namespace yagura::simulate {
namespace {

constexpr double kLongestS = 30.0 * 24 * 3600;
constexpr std::int64_t kFarthestStepS = std::int64_t{100} * 366 * 24 * 3600;
constexpr std::int64_t kTicksMax = std::int64_t{1} << 32;
constexpr std::uint32_t kPacketsMax = 1'000'000;

/// What a fault's line must name, and may.
struct Form {
  std::string_view word;
  FaultKind kind;
  std::vector<std::string_view> must;
  std::vector<std::string_view> may;
};

const std::vector<Form>& Forms() {
  static const std::vector<Form> kForms{
      {"reset", FaultKind::kReset, {}, {}},
      {"half-open", FaultKind::kHalfOpen, {"for"}, {}},
      {"reboot", FaultKind::kReboot, {"for"}, {}},
      {"credentials", FaultKind::kCredentials, {"for"}, {}},
      {"answer", FaultKind::kAnswer, {"for", "status"}, {"method"}},
      {"clock", FaultKind::kClock, {"step"}, {}},
      {"timestamps", FaultKind::kTimestamps, {"ticks"}, {}},
      {"footage", FaultKind::kFootage, {"for", "loop"}, {}},
      {"drop", FaultKind::kDrop, {"packets"}, {}},
      {"duplicate", FaultKind::kDuplicate, {"packets"}, {}},
      {"reorder", FaultKind::kReorder, {"packets"}, {}},
      {"malform", FaultKind::kMalform, {"packets", "as"}, {}},
  };
  return kForms;
}

constexpr std::array<std::pair<std::string_view, Malformation>, 4> kMalformations{{
    {"truncated-fragment", Malformation::kTruncatedFragment},
    {"wrong-aggregate", Malformation::kWrongAggregate},
    {"oversize", Malformation::kOversize},
    {"short-header", Malformation::kShortHeader},
}};

tl::unexpected<Error> Wrong(const std::string& what) {
  return Failure(ErrorCode::kInvalidArgument, what);
}

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

template <class T>
std::optional<T> Number(std::string_view text, T least, T most) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!(number >= least && number <= most)) return std::nullopt;
  return number;
}

Result<milliseconds> Seconds(std::string_view text) {
  const auto seconds = Number<double>(text, 0, kLongestS);
  if (!seconds) return Wrong(Quoted(text) + " is no number of seconds from 0 on");
  return milliseconds(std::llround(*seconds * 1000));
}

/// "7", "7-9"; from 1 to `most`.
Result<PacketNumbers::Range> RangeOf(std::string_view text, std::uint32_t most) {
  const std::size_t dash = text.find('-');
  const auto first = Number<std::uint32_t>(text.substr(0, dash), 1, most);
  const auto last = dash == std::string_view::npos
                        ? first
                        : Number<std::uint32_t>(text.substr(dash + 1), 1, most);
  if (!first || !last || *first > *last) {
    return Wrong(Quoted(text) + " is neither a number nor a range within 1-" +
                 std::to_string(most));
  }
  return PacketNumbers::Range{*first, *last};
}

Result<PacketNumbers> Packets(std::string_view text) {
  PacketNumbers packets;
  while (true) {
    const std::size_t comma = text.find(',');
    ASSIGN_OR_RETURN(const auto range, RangeOf(text.substr(0, comma), kPacketsMax));
    if (range.first <= packets.last()) return Wrong("packet numbers must rise");
    packets.ranges.push_back(range);
    if (comma == std::string_view::npos) return packets;
    text.remove_prefix(comma + 1);
  }
}

Result<void> SetValue(Fault& fault, std::string_view name, std::string_view value) {
  if (value.empty()) return Wrong(std::string(name) + "= names nothing");
  if (name == "for") {
    ASSIGN_OR_RETURN(fault.length, Seconds(value));
  } else if (name == "packets") {
    ASSIGN_OR_RETURN(fault.packets, Packets(value));
  } else if (name == "method") {
    fault.method = value;
  } else if (name == "loop") {
    fault.loop = value;
  } else if (name == "status") {
    const auto status = Number<unsigned>(value, 400, 599);
    if (!status) return Wrong(Quoted(value) + " is no status from 400 to 599");
    fault.status = *status;
  } else if (name == "step") {
    const auto step = Number<std::int64_t>(value, -kFarthestStepS, kFarthestStepS);
    if (!step) return Wrong(Quoted(value) + " is no whole number of seconds within a century");
    fault.step = std::chrono::seconds(*step);
  } else if (name == "ticks") {
    const auto ticks = Number<std::int64_t>(value, -kTicksMax, kTicksMax);
    if (!ticks) return Wrong(Quoted(value) + " is no number of ticks within 32 bits");
    fault.ticks = *ticks;
  } else {
    const auto found = std::ranges::find(kMalformations, value, [](auto& m) { return m.first; });
    if (found == kMalformations.end()) return Wrong(Quoted(value) + " is no malformation we know");
    fault.malformation = found->second;
  }
  return {};
}

bool Has(const std::vector<std::string_view>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

Result<void> SetValues(Fault& fault, const Form& form, const std::vector<std::string>& words) {
  std::map<std::string, std::string> values;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (equals == std::string::npos || (!Has(form.must, name) && !Has(form.may, name))) {
      return Wrong(Quoted(word) + " doesn't belong to " + std::string(form.word));
    }
    if (!values.emplace(name, word.substr(equals + 1)).second) return Wrong(name + "= twice");
  }
  for (const std::string_view name : form.must) {
    if (!values.contains(std::string(name))) {
      return Wrong(std::string(form.word) + " needs " + std::string(name) + "=");
    }
  }
  for (const auto& [name, value] : values) RETURN_IF_ERROR(SetValue(fault, name, value));
  return {};
}

/// SECONDS CAMERAS FAULT [NAME=VALUE ...]
Result<Fault> ParseLine(const std::vector<std::string>& words, std::uint32_t cameras) {
  if (words.size() < 3) return Wrong("a line is SECONDS CAMERAS FAULT [NAME=VALUE ...]");
  Fault fault;
  ASSIGN_OR_RETURN(fault.at, Seconds(words[0]));
  PacketNumbers::Range range{1, cameras};
  if (words[1] != "all") {
    ASSIGN_OR_RETURN(range, RangeOf(words[1], cameras));
  }
  fault.first_camera = range.first;
  fault.last_camera = range.last;
  const auto form = std::ranges::find(Forms(), words[2], &Form::word);
  if (form == Forms().end()) return Wrong(Quoted(words[2]) + " is no fault we know");
  fault.kind = form->kind;
  RETURN_IF_ERROR(SetValues(fault, *form, {words.begin() + 3, words.end()}));
  return fault;
}

std::vector<std::string> WordsOf(const std::string& line) {
  std::istringstream in(line.substr(0, line.find('#')));
  return {std::istream_iterator<std::string>(in), std::istream_iterator<std::string>()};
}

}  // namespace

bool PacketNumbers::Holds(std::uint32_t number) const {
  return std::ranges::any_of(
      ranges, [number](const Range& r) { return number >= r.first && number <= r.last; });
}

std::string_view ToString(FaultKind kind) {
  return std::ranges::find(Forms(), kind, &Form::kind)->word;
}

Result<std::vector<Fault>> ParseFaultScript(std::string_view text, std::uint32_t cameras) {
  std::vector<Fault> faults;
  std::istringstream lines{std::string(text)};
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::vector<std::string> words = WordsOf(line);
    if (words.empty()) continue;
    auto fault = ParseLine(words, cameras);
    if (!fault) return Wrong("line " + std::to_string(number) + ": " + fault.error().message());
    faults.push_back(std::move(*fault));
  }
  return faults;
}

Result<std::vector<Fault>> ReadFaultScript(const std::filesystem::path& path,
                                           std::uint32_t cameras) {
  std::ifstream file(path);
  if (!file) {
    return Failure(ErrorCode::kNotFound, "can't open fault script \"" + path.string() + "\"");
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto faults = ParseFaultScript(text, cameras);
  if (!faults) return Wrong("fault script \"" + path.string() + "\", " + faults.error().message());
  for (Fault& fault : *faults) {
    if (!fault.loop.empty()) fault.loop = path.parent_path() / fault.loop;
  }
  return faults;
}

}  // namespace yagura::simulate
