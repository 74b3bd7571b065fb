#include "app/check_report.h"

#include <algorithm>

namespace yagura::app {
namespace {

constexpr std::size_t kShownMax = 100;

std::int64_t Seconds(microseconds time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

std::string Line(const char* name, std::int64_t value, const char* unit = "") {
  std::string line(name);
  line.resize(std::max<std::size_t>(line.size(), 22), ' ');
  return line + std::to_string(value) + unit + "\n";
}

}  // namespace

Json ToJson(const CheckReport& report) {
  Json json =
      Json::Object({{"rows", static_cast<std::uint64_t>(report.counts.rows)},
                    {"files", static_cast<std::uint64_t>(report.counts.files)},
                    {"files_in_journal", static_cast<std::uint64_t>(report.counts.in_journal)},
                    {"due_s", Seconds(report.due)},
                    {"recorded_s", Seconds(report.recorded)},
                    {"in_gaps_s", Seconds(report.in_gaps)}});
  if (report.with_sent_log) {
    json.Set("frames_sent", report.sent.sent);
    json.Set("frames_stored", report.sent.stored);
    json.Set("frames_in_gaps", report.sent.in_gaps);
    json.Set("frames_unsettled", report.sent.unsettled);
    json.Set("frames_lost", report.sent.lost);
  }
  json.Set("disagreements", static_cast<std::uint64_t>(report.disagreements.size()));
  Json found = Json::Array();
  for (std::size_t i = 0; i < std::min(kShownMax, report.disagreements.size()); ++i) {
    found.Push(report.disagreements[i]);
  }
  return json.Set("found", found);
}

std::string ToText(const CheckReport& report) {
  std::string text =
      Line("catalogue rows", static_cast<std::int64_t>(report.counts.rows)) +
      Line("clip files", static_cast<std::int64_t>(report.counts.files)) +
      Line("  not in a row yet", static_cast<std::int64_t>(report.counts.in_journal)) +
      Line("due", Seconds(report.due), " s") + Line("  recorded", Seconds(report.recorded), " s") +
      Line("  in gaps", Seconds(report.in_gaps), " s");
  if (report.with_sent_log) {
    text += Line("frames sent", report.sent.sent) + Line("  stored", report.sent.stored) +
            Line("  in gaps", report.sent.in_gaps) +
            Line("  too new to tell", report.sent.unsettled) + Line("  lost", report.sent.lost);
  }
  text += Line("disagreements", static_cast<std::int64_t>(report.disagreements.size()));
  for (std::size_t i = 0; i < std::min(kShownMax, report.disagreements.size()); ++i) {
    text += "  " + report.disagreements[i] + "\n";
  }
  return text;
}

}  // namespace yagura::app
