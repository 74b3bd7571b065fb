#include "app/check_report.h"

#include <algorithm>
#include <array>
#include <utility>

#include "app/text_table.h"

namespace yagura::app {
namespace {

constexpr std::size_t kShownMax = 100;           // in JSON
constexpr std::size_t kShownOfEachKindMax = 20;  // in text

struct Kind {
  DisagreementKind kind;
  std::string_view code;
  MessageKey what;
  MessageKey next;
};
constexpr std::array kKinds{
    Kind{DisagreementKind::kFileMissing, "file_missing", "check.file_missing",
         "check.file_missing.next"},
    Kind{DisagreementKind::kFileDiffers, "file_differs", "check.file_differs",
         "check.file_differs.next"},
    Kind{DisagreementKind::kFileUnknown, "file_unknown", "check.file_unknown",
         "check.file_unknown.next"},
    Kind{DisagreementKind::kFileForeign, "file_foreign", "check.file_foreign",
         "check.file_foreign.next"},
    Kind{DisagreementKind::kNotAsWritten, "not_as_written", "check.not_as_written",
         "check.not_as_written.next"},
    Kind{DisagreementKind::kUnexplained, "unexplained", "check.unexplained",
         "check.unexplained.next"},
    Kind{DisagreementKind::kToldTwice, "told_twice", "check.told_twice", "check.told_twice.next"},
    Kind{DisagreementKind::kFrames, "frames", "check.frames", "check.frames.next"},
};

std::int64_t Seconds(microseconds time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

std::size_t CountOf(DisagreementKind kind, const CheckReport& report) {
  return static_cast<std::size_t>(
      std::ranges::count(report.disagreements, kind, &Disagreement::kind));
}

/// What is of this kind, how often, what to do, and the first of them.
std::string TextOf(const Kind& kind, const CheckReport& report, const Messages& say) {
  const std::size_t count = CountOf(kind.kind, report);
  if (count == 0) return "";
  std::string text = "\n" + say(kind.what) + ": " + std::to_string(count) + "\n";
  std::size_t shown = 0;
  for (const Disagreement& one : report.disagreements) {
    if (one.kind != kind.kind || shown == kShownOfEachKindMax) continue;
    text += "  " + one.text + "\n";
    ++shown;
  }
  if (count > shown) {
    text += "  " + say("check.more", {{"count", std::to_string(count - shown)}}) + "\n";
  }
  return text + "  " + say(kind.next) + "\n";
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
  if (report.objects) json.Set("objects", static_cast<std::uint64_t>(*report.objects));
  if (report.checksums) {
    json.Set("clips_read", static_cast<std::uint64_t>(report.checksums->clips));
    json.Set("bytes_read", report.checksums->bytes);
  }
  if (report.with_sent_log) {
    json.Set("frames_sent", report.sent.sent);
    json.Set("frames_stored", report.sent.stored);
    json.Set("frames_in_gaps", report.sent.in_gaps);
    json.Set("frames_unsettled", report.sent.unsettled);
    json.Set("frames_lost", report.sent.lost);
    json.Set("frames_broken", report.sent.broken);
  }
  json.Set("disagreements", static_cast<std::uint64_t>(report.disagreements.size()));
  Json kinds = Json::Object({});
  for (const Kind& kind : kKinds) {
    if (const std::size_t count = CountOf(kind.kind, report); count > 0)
      kinds.Set(std::string(kind.code), static_cast<std::uint64_t>(count));
  }
  json.Set("kinds", kinds);
  Json found = Json::Array();
  for (std::size_t i = 0; i < std::min(kShownMax, report.disagreements.size()); ++i) {
    found.Push(report.disagreements[i].text);
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
  if (report.objects) add(say("check.objects"), *report.objects);
  add_seconds(say("check.due"), report.due);
  add_seconds(part("check.recorded"), report.recorded);
  add_seconds(part("check.in_gaps"), report.in_gaps);
  if (report.checksums) {
    add(say("check.clips_read"), report.checksums->clips);
    add(part("check.megabytes_read"), report.checksums->bytes / 1'000'000);
  }
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
  for (const Kind& kind : kKinds) text += TextOf(kind, report, say);
  return text;
}

}  // namespace yagura::app
