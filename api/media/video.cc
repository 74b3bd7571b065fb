#include "api/media/video.h"

#include <algorithm>

#include "api/error_to_http.h"
#include "api/media/file_ranges.h"
#include "api/media/movie_source.h"
#include "api/media/sent_parts.h"
#include "api/parameters.h"

namespace yagura::api {
namespace {

using access_control::Action;
using access_control::Permit;
using access_control::Viewing;

/// So far it is told which files to ask for: as long as a playlist may be.
constexpr std::chrono::hours kAskedMax{24};
/// At the ends of a range, less than this is between two frames.
constexpr std::chrono::seconds kEndGapLeast{1};
/// More don't fit a header; the rest is told by their number and by /coverage.
constexpr std::size_t kGapsListedMax = 32;

struct Entered {
  FootagePlan plan;
  std::vector<ViewingStretch> stretches;
  std::optional<Viewing> viewing;  // opened for the first stretch
};

bool FitsOneFile(const FootagePlan& plan) {
  return HasOneFormat(plan) && plan.range.to - plan.range.from <= kFileMax;
}

Response AskForEach(const FootagePlan& plan) {
  Json ranges = Json::Array();
  for (const WallRange& range : RangesOfFiles(plan)) {
    ranges.Push(
        Json::Object({{"from", FormatRfc3339(range.from)}, {"to", FormatRfc3339(range.to)}}));
  }
  return ToResponse(Problem{409, HasOneFormat(plan) ? "range_too_long" : "range_spans_codec_change",
                            "ask for each of these ranges by itself",
                            Json::Object({{"ranges", std::move(ranges)}})});
}

std::string ListText(const std::vector<WallRange>& ranges) {
  std::string text;
  for (std::size_t i = 0; i < std::min(ranges.size(), kGapsListedMax); ++i) {
    text +=
        (i == 0 ? "" : ", ") + FormatRfc3339(ranges[i].from) + "/" + FormatRfc3339(ranges[i].to);
  }
  return text;
}

/// Between two stretches every gap counts; at the ends of the range, a frame's length is none.
std::vector<WallRange> GapsOf(const Movie& movie, WallRange asked) {
  const WallTime first = movie.shown.front().from;
  const WallTime last =
      std::max_element(movie.shown.begin(), movie.shown.end(), [](const auto& a, const auto& b) {
        return a.to < b.to;
      })->to;
  const WallRange inner{first - asked.from < kEndGapLeast ? first : asked.from,
                        asked.to - last < kEndGapLeast ? last : asked.to};
  return GapsBetween(movie.shown, inner, milliseconds(1));
}

void DescribeContent(Headers& headers, const Movie& movie, WallRange asked) {
  const auto gaps = GapsOf(movie, asked);
  headers.Set("X-Yagura-Start", FormatRfc3339(movie.shown.front().from));
  headers.Set("X-Yagura-End", FormatRfc3339(movie.shown.back().to));
  headers.Set("X-Yagura-Gap-Count", std::to_string(gaps.size()));
  if (!gaps.empty()) headers.Set("X-Yagura-Gaps", ListText(gaps));
  headers.Set("Content-Disposition", "inline; filename=\"video.mp4\"");
}

/// The viewing that an earlier request of the same caller opened for this camera: then entering
/// once more is no record of its own.
std::optional<Viewing> OpenAlready(const Call& call, Viewings& viewings) {
  const auto camera = ParseId<CameraId>(call.Path("id"));
  if (!camera) return std::nullopt;
  const auto open = viewings.FindAny(call.caller, Action::kFootageDownload, *camera);
  if (!open) return std::nullopt;
  return open->viewing();
}

Result<Entered> EnterVideo(const Entrance& entrance, Viewings& viewings, const ClipFolder& folder) {
  const Call& call = entrance.call();
  const auto work = [&](Permit& permit) -> Result<Entered> {
    ASSIGN_OR_RETURN(const WallRange range, RequireRange(call, kAskedMax));
    const CameraId camera = std::get<CameraId>(permit.resource());
    ASSIGN_OR_RETURN(const Stream stream, StreamOf(call));
    ASSIGN_OR_RETURN(FootagePlan plan, PlanFootage(permit, {camera, stream}, range, folder));
    Entered entered{std::move(plan), {}, std::nullopt};
    entered.stretches = StretchesOf(entered.plan);
    const bool hands_out = !entered.stretches.empty() && FitsOneFile(entered.plan) && !call.is_head;
    if (!hands_out ||
        viewings.Find(call.caller, Action::kFootageDownload, camera, entered.stretches.front()))
      return entered;
    ASSIGN_OR_RETURN(entered.viewing, permit.OpenViewing(entered.stretches.front().AsOne(camera)));
    return entered;
  };
  return entrance.Enter<Entered>(work, OpenAlready(call, viewings));
}

Result<Response> Answer(const Call& call, Entered entered, Viewings& viewings,
                        const ClipFolder& folder) {
  if (entered.plan.too_full) return RangeTooFull();
  if (entered.plan.sequences.empty()) return NoFootage();
  if (!FitsOneFile(entered.plan)) return AskForEach(entered.plan);
  // Held until the body has its own share, so that it isn't taken for unused.
  std::shared_ptr<OpenViewing> open;
  if (entered.viewing) {
    ASSIGN_OR_RETURN(
        open, viewings.Add(std::make_shared<OpenViewing>(
                  call.caller, *entered.viewing, entered.stretches.front().footage, std::nullopt)));
  }
  auto movie = BuildMovie(entered.plan, folder);
  if (!movie.has_value() && movie.error().code() == ErrorCode::kNotFound) return NoFootage();
  if (!movie.has_value()) return Failure(movie.error());
  PartAnswer answer = AnswerPart(call, movie->size_bytes, movie->etag, "video/mp4");
  DescribeContent(answer.response.headers, *movie, entered.plan.range);
  if (answer.has_body) {
    auto source =
        std::make_unique<MovieSource>(MovieOrder{*std::move(movie), std::move(entered.plan),
                                                 std::move(entered.stretches), call.caller},
                                      answer.range, viewings, folder);
    RETURN_IF_ERROR(source->CheckFirst());
    answer.response.body = std::move(source);
  }
  return std::move(answer.response);
}

std::vector<ClipId> ClipsOf(const FootagePlan& plan) {
  std::vector<ClipId> clips;
  for (const ClipSequence& sequence : plan.sequences) {
    for (const storage::ClipRow& clip : sequence.clips) clips.push_back(clip.id);
  }
  return clips;
}

}  // namespace

Result<Response> ShowVideo(const Entrance& entrance, Viewings& viewings, const ClipFolder& folder) {
  std::vector<ClipId> damaged;
  for (;;) {
    ASSIGN_OR_RETURN(Entered entered, EnterVideo(entrance, viewings, folder));
    std::vector<ClipId> clips = ClipsOf(entered.plan);
    auto answer = Answer(entrance.call(), std::move(entered), viewings, folder);
    const bool lost = !answer.has_value() && answer.error().code() == ErrorCode::kDataLoss;
    // Retention may have taken a clip since its row was read: then there are fewer now.
    if (!lost || (!damaged.empty() && clips.size() >= damaged.size())) return answer;
    damaged = std::move(clips);
  }
}

}  // namespace yagura::api
