#include "api/coverage.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>

#include "api/coverage_pg.h"
#include "api/json_bodies.h"
#include "api/parameters.h"
#include "storage/clip_queries_pg.h"

namespace yagura::api {
namespace {

using Kind = CoverageItem::Kind;

constexpr std::chrono::hours kRangeMax{24 * 31};
constexpr std::uint32_t kGapsMax = 20'000;
/// Shorter overlaps are no time lived twice: sessions are dated anew, each from its own arrivals.
constexpr microseconds kLeastLivedTwice{500'000};

std::string_view ToString(Kind kind) {
  switch (kind) {
    case Kind::kRecorded:
      return "recorded";
    case Kind::kGap:
      return "gap";
    case Kind::kNoFootage:
      return "no_footage";
  }
  return "";
}

/// Adds `item` where time is not taken yet; `taken_to` is how far it is.
void Append(std::vector<CoverageItem>& items, CoverageItem item) {
  if (item.range.from >= item.range.to) return;
  if (!items.empty() && items.back().kind == item.kind && items.back().reason == item.reason &&
      items.back().copies == item.copies) {
    items.back().range.to = item.range.to;
  } else {
    items.push_back(item);
  }
}

/// [from, to) is not recorded: gaps where there are any, in order, else nothing that can be told.
void AppendUnrecorded(std::vector<CoverageItem>& items, const std::vector<VisibleGap>& gaps,
                      WallRange range) {
  auto gap = std::find_if(gaps.begin(), gaps.end(),
                          [&](const VisibleGap& one) { return one.range.to > range.from; });
  for (; gap != gaps.end() && gap->range.from < range.to; ++gap) {
    const WallTime from = std::max(gap->range.from, range.from);
    Append(items, {Kind::kNoFootage, {range.from, from}, {}});
    const WallTime to = std::max(from, std::min(gap->range.to, range.to));
    Append(items, {Kind::kGap, {from, to}, gap->reason});
    range.from = std::max(range.from, to);
  }
  Append(items, {Kind::kNoFootage, range, {}});
}

struct Copies {
  WallRange range;
  int count = 0;
};

/// How often each stretch is recorded, by time; what isn't at all is left out.
std::vector<Copies> CopiesOf(const std::vector<WallRange>& recorded) {
  std::map<WallTime, int> steps;
  for (const WallRange& one : recorded) {
    ++steps[one.from];
    --steps[one.to];
  }
  std::vector<Copies> copies;
  int count = 0;
  for (auto step = steps.begin(); step != steps.end(); ++step) {
    count += step->second;
    const auto next = std::next(step);
    if (count == 0 || next == steps.end()) continue;
    const bool noticeable = next->first - step->first >= kLeastLivedTwice;
    copies.push_back({{step->first, next->first}, noticeable ? count : 1});
  }
  return copies;
}

template <class T, class RangeOf>
void SortByStart(std::vector<T>& all, RangeOf range_of) {
  std::sort(all.begin(), all.end(),
            [&](const T& a, const T& b) { return range_of(a).from < range_of(b).from; });
}

Json ItemJson(const CoverageItem& item) {
  Json json = Json::Object({{"kind", ToString(item.kind)},
                            {"start", FormatRfc3339(item.range.from)},
                            {"end", FormatRfc3339(item.range.to)}});
  if (item.reason) json.Set("reason", yagura::ToString(*item.reason));
  if (item.copies > 1) json.Set("copies", item.copies);
  return json;
}

/// Nothing where there are more than kGapsMax.
std::optional<std::vector<VisibleGap>> GapsOf(const access_control::Permit& permit, CameraId camera,
                                              WallRange range) {
  std::vector<VisibleGap> visible;
  const WallTime until = std::min(range.to, permit.now());
  const auto gaps = storage::GapsOverlapping(permit.transaction(), camera, storage::Stream::kMain,
                                             range, kGapsMax + 1);
  if (gaps.size() > kGapsMax) return std::nullopt;
  for (const auto& gap : gaps) {
    const WallRange gap_range{gap.start, gap.end.value_or(until)};
    if (permit.Allows({camera, gap.owner.unit, gap_range}))
      visible.push_back({gap_range, gap.reason});
  }
  return visible;
}

}  // namespace

std::vector<CoverageItem> DescribeTime(const std::vector<WallRange>& recorded,
                                       std::vector<VisibleGap> gaps, WallRange range) {
  SortByStart(gaps, [](const VisibleGap& one) { return one.range; });
  std::vector<CoverageItem> items;
  WallTime reached = range.from;
  for (const Copies& stretch : CopiesOf(recorded)) {
    const WallTime from = std::clamp(stretch.range.from, reached, range.to);
    const WallTime to = std::clamp(stretch.range.to, reached, range.to);
    if (from >= to) continue;
    AppendUnrecorded(items, gaps, {reached, from});
    Append(items, {Kind::kRecorded, {from, to}, {}, stretch.count});
    reached = to;
  }
  AppendUnrecorded(items, gaps, {reached, range.to});
  return items;
}

Result<Response> ShowCoverage(const Call& call, const access_control::Permit& permit) {
  ASSIGN_OR_RETURN(const WallRange range, RequireRange(call, kRangeMax));
  const CameraId camera = std::get<CameraId>(permit.resource());
  std::vector<WallRange> recorded;
  for (const auto& footage : RecordedFootage(permit.transaction(), camera, range)) {
    if (permit.Allows(footage)) recorded.push_back(footage.range);
  }
  auto gaps = GapsOf(permit, camera, range);
  if (!gaps) return RangeTooFull();
  Json items = Json::Array();
  for (const auto& item : DescribeTime(recorded, *std::move(gaps), range))
    items.Push(ItemJson(item));
  return JsonResponse(ListOf(std::move(items), std::nullopt));
}

}  // namespace yagura::api
