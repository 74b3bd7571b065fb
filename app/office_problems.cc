#include "app/office_problems.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "app/names.h"

namespace yagura::app {
namespace {

/// In the order of office::Fault.
constexpr std::array kReasons{
    MessageKey("fault.file_missing"),
    MessageKey("fault.file_too_large"),
    MessageKey("fault.file_unknown"),
    MessageKey("fault.utf16"),
    MessageKey("fault.encoding"),
    MessageKey("fault.no_header"),
    MessageKey("fault.column_missing"),
    MessageKey("fault.column_twice"),
    MessageKey("fault.column_unknown"),
    MessageKey("fault.stray_quote"),
    MessageKey("fault.after_quote"),
    MessageKey("fault.unclosed_quote"),
    MessageKey("fault.bare_return"),
    MessageKey("fault.field_too_long"),
    MessageKey("fault.too_many_fields"),
    MessageKey("fault.too_many_records"),
    MessageKey("fault.field_count"),
    MessageKey("fault.empty"),
    MessageKey("fault.bad_code"),
    MessageKey("fault.bad_place"),
    MessageKey("fault.bad_username"),
    MessageKey("fault.bad_name"),
    MessageKey("fault.bad_number"),
    MessageKey("fault.bad_instant"),
    MessageKey("fault.bad_url"),
    MessageKey("fault.url_credentials"),
    MessageKey("fault.bad_post"),
    MessageKey("fault.bad_state"),
    MessageKey("fault.bad_transport"),
    MessageKey("fault.bad_yes_no"),
    MessageKey("fault.unwanted"),
    MessageKey("fault.no_sub_stream"),
    MessageKey("fault.twice"),
    MessageKey("fault.stored"),
    MessageKey("fault.unknown"),
    MessageKey("fault.not_a_floor"),
    MessageKey("fault.reversed"),
    MessageKey("fault.overlap"),
    MessageKey("fault.below_itself"),
    MessageKey("fault.outside_unit"),
    MessageKey("fault.no_end"),
    MessageKey("fault.no_successor"),
    MessageKey("fault.stateless"),
    MessageKey("fault.bad_step"),
    MessageKey("fault.unplaced"),
    MessageKey("fault.retired"),
    MessageKey("fault.gone"),
    MessageKey("fault.fixed"),
    MessageKey("fault.past"),
    MessageKey("fault.too_early"),
};
static_assert(kReasons.size() == office::kFaultCount, "each fault has its text");

std::size_t OrderOf(const std::string& file) {
  const auto* found = std::ranges::find(office::kAllSheets, file, [](office::Sheet sheet) {
    return std::string(office::FormOf(sheet).file);
  });
  return static_cast<std::size_t>(found - office::kAllSheets.begin());
}

/// What is to be done in place of taking a line out is another thing in each file.
MessageKey ReasonOf(const office::Problem& problem) {
  if (problem.fault == office::Fault::kGone) {
    const auto is_of = [&](office::Sheet sheet) {
      return problem.file == office::FormOf(sheet).file;
    };
    if (is_of(office::Sheet::kPlaces) || is_of(office::Sheet::kPhases)) return "fault.gone_stays";
    if (is_of(office::Sheet::kPeople)) return "fault.gone_person";
    if (is_of(office::Sheet::kCameras)) return "fault.gone_camera";
  }
  return kReasons[static_cast<std::size_t>(problem.fault)];
}

/// "2026-10-01 – ", as a unit's time is given: from then on.
std::string ShownRange(const std::string& range, const Messages& say) {
  constexpr std::string_view kTo = " – ";
  if (range.ends_with(kTo))
    return say("range.from", {{"at", range.substr(0, range.size() - kTo.size())}});
  if (range.starts_with(kTo)) return say("range.until", {{"at", range.substr(kTo.size())}});
  return range;
}

std::string ShownOther(const office::Problem& problem, const Messages& say) {
  if (problem.fault == office::Fault::kBadStep) return NameOfState(problem.other, say);
  if (problem.fault == office::Fault::kOutsideUnit) return ShownRange(problem.other, say);
  return problem.other;
}

std::string TellProblem(const office::Problem& problem, const Messages& say) {
  std::string place = problem.file;
  if (problem.line > 0) place += ":" + std::to_string(problem.line);
  if (!problem.column.empty()) place += ": " + problem.column;
  const bool states = problem.fault == office::Fault::kBadStep;
  return place + ": " +
         say(ReasonOf(problem),
             {{"given", states ? NameOfState(problem.given, say) : problem.given},
              {"other", ShownOther(problem, say)}});
}

}  // namespace

std::string TellProblems(office::Problems problems, const Messages& say, std::size_t lines_max) {
  std::ranges::stable_sort(problems, {}, [](const office::Problem& problem) {
    return std::tuple(OrderOf(problem.file), problem.file, problem.line);
  });
  std::string text;
  for (std::size_t i = 0; i < problems.size() && i < lines_max; ++i) {
    text += "\n  " + TellProblem(problems[i], say);
  }
  if (problems.size() <= lines_max) return text;
  const std::string more = std::to_string(problems.size() - lines_max);
  return text + "\n  " + say("office.more_problems", {{"count", more}});
}

}  // namespace yagura::app
