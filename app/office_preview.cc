#include "app/office_preview.h"

namespace yagura::app {
namespace {

using office::FormOf;

constexpr std::size_t kCamerasShownMax = 12;

std::string CellsOf(const office::Row& row) {
  std::string text;
  for (const std::string& cell : row.cells) {
    if (cell.empty()) continue;
    text += (text.empty() ? "" : ", ") + cell;
  }
  return text;
}

std::string Shown(const std::string& cell) { return cell.empty() ? "-" : cell; }

std::string_view NameOfColumn(office::Sheet sheet, std::size_t column, const Messages& say) {
  const office::Column& form = FormOf(sheet).columns[column];
  return say.language() == Language::kJapanese ? form.japanese : form.name;
}

void TellChanged(const office::RowChange& change, const Messages& say,
                 std::vector<std::string>& lines) {
  for (const std::size_t column : change.columns) {
    lines.push_back(say("office.row.changed", {{"file", FormOf(change.sheet).file},
                                               {"row", TitleOf(change.sheet, change.after)},
                                               {"column", NameOfColumn(change.sheet, column, say)},
                                               {"before", Shown(change.before->cells[column])},
                                               {"after", Shown(change.after.cells[column])}}));
  }
}

std::string CamerasOf(const office::ReachChange& change, const Messages& say) {
  std::string text;
  for (std::size_t i = 0; i < change.cameras.size() && i < kCamerasShownMax; ++i) {
    text += (i == 0 ? "" : ", ") + change.cameras[i];
  }
  if (change.cameras.size() <= kCamerasShownMax) return text;
  const std::string more = std::to_string(change.cameras.size() - kCamerasShownMax);
  return text + ", " + say("office.and_more", {{"count", more}});
}

}  // namespace

std::vector<std::string> TellComparison(const office::Comparison& comparison, const Messages& say) {
  std::vector<std::string> lines;
  for (const office::RowChange& change : comparison.changes) {
    if (change.before) {
      TellChanged(change, say, lines);
    } else {
      lines.push_back(say("office.row.added",
                          {{"file", FormOf(change.sheet).file}, {"row", CellsOf(change.after)}}));
    }
  }
  for (const auto& [sheet, row] : comparison.gone) {
    lines.push_back(say("office.row.gone", {{"file", FormOf(sheet).file}, {"row", CellsOf(row)}}));
  }
  return lines;
}

std::vector<std::string> TellForgetting(const std::vector<std::string>& cameras,
                                        const Messages& say) {
  std::vector<std::string> lines;
  for (const std::string& camera : cameras)
    lines.push_back(say("office.forgets", {{"camera", camera}}));
  return lines;
}

std::vector<std::string> TellReach(const std::vector<office::ReachChange>& changes,
                                   const OfficeCalendar& calendar, const Messages& say) {
  if (changes.empty()) return {say("office.nobody")};
  std::vector<std::string> lines;
  for (const office::ReachChange& change : changes) {
    const std::string at = calendar.Rfc3339(change.from);
    const std::string cameras = CamerasOf(change, say);
    const std::string count = std::to_string(change.cameras.size());
    const FillIns values{{"person", change.person},
                         {"at", at},
                         {"cameras", cameras},
                         {"count", count},
                         {"unit", change.past_of}};
    if (change.past_of.empty()) {
      lines.push_back(change.gains ? say("office.gains", values) : say("office.loses", values));
    } else {
      lines.push_back(change.gains ? say("office.gains_past", values)
                                   : say("office.loses_past", values));
    }
  }
  return lines;
}

}  // namespace yagura::app
