#include "app/check_report.h"

#include <algorithm>
#include <utility>

#include "app/text_table.h"

namespace yagura::app {
namespace {

constexpr std::size_t kShownMax = 100;

std::int64_t Seconds(microseconds time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time).count();
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
    json.Set("frames_broken", report.sent.broken);
  }
  json.Set("disagreements", static_cast<std::uint64_t>(report.disagreements.size()));
  Json found = Json::Array();
  for (std::size_t i = 0; i < std::min(kShownMax, report.disagreements.size()); ++i) {
    found.Push(report.disagreements[i]);
  }
  return json.Set("found", found);
}

std::string ToText(const CheckReport& report, const Messages& say) {
  std::vector<std::vector<std::string>> lines;
  const auto add = [&](std::string name, auto count) {
    lines.push_back({std::move(name), std::to_string(count)});
  };
  const auto add_seconds = [&](std::string name, microseconds time) {
    lines.push_back(
        {std::move(name), say("check.seconds", {{"count", std::to_string(Seconds(time))}})});
  };
  const auto part = [&](MessageKey key) { return "  " + say(key); };
  add(say("check.rows"), report.counts.rows);
  add(say("check.files"), report.counts.files);
  add(part("check.in_journal"), report.counts.in_journal);
  add_seconds(say("check.due"), report.due);
  add_seconds(part("check.recorded"), report.recorded);
  add_seconds(part("check.in_gaps"), report.in_gaps);
  if (report.with_sent_log) {
    add(say("check.frames_sent"), report.sent.sent);
    add(part("check.frames_stored"), report.sent.stored);
    add(part("check.in_gaps"), report.sent.in_gaps);
    add(part("check.frames_unsettled"), report.sent.unsettled);
    add(part("check.frames_lost"), report.sent.lost);
    if (report.sent.broken > 0) add(part("check.frames_broken"), report.sent.broken);
  }
  add(say("check.disagreements"), report.disagreements.size());
  std::string text = TextTable(lines);
  const std::size_t shown = std::min(kShownMax, report.disagreements.size());
  for (std::size_t i = 0; i < shown; ++i) text += "  " + report.disagreements[i] + "\n";
  if (const std::size_t more = report.disagreements.size() - shown; more > 0) {
    text += "  " + say("check.more", {{"count", std::to_string(more)}}) + "\n";
  }
  return text;
}

}  // namespace yagura::app
