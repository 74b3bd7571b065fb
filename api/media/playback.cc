#include "api/media/playback.h"

#include <algorithm>

#include "api/media/clip_times.h"
#include "api/media/coding.h"
#include "api/media/growing_clip.h"
#include "api/media/playlist.h"
#include "api/media/sent_parts.h"
#include "api/media/transcoded_segment.h"
#include "api/media/volumes_pg.h"
#include "api/parameters.h"
#include "storage/clip_queries_pg.h"
#include "storage/hex.h"

namespace yagura::api {
namespace {

using access_control::Permit;
using storage::ClipRow;

constexpr std::chrono::hours kPlaylistMax{24};
/// A run has up to 1,500 clips, and each begins with its init segment: the first nearly always will
/// do, and only where it doesn't are the others looked for.
constexpr std::uint32_t kFirstClips = 4;
constexpr std::string_view kVideo = "video/mp4";
constexpr std::string_view kJpegCodec = "mp4v.6C";

ByteTimeline TimelineOf(const ClipRow& clip) {
  std::vector<ByteTimeline::Mark> marks{{clip.fragments_offset, clip.start}};
  for (const auto& keyframe : clip.keyframes) {
    if (keyframe.offset_bytes > clip.fragments_offset)
      marks.push_back({keyframe.offset_bytes, WallAt(clip, keyframe.media_time)});
  }
  marks.push_back({clip.trailer_offset.value_or(clip.bytes), clip.end});
  return ByteTimeline(std::move(marks));
}

/// A stretch of one clip, under an open viewing.
class ClipSource final : public ByteSource {
 public:
  ClipSource(std::shared_ptr<OpenViewing> open, std::unique_ptr<ClipStretch> stretch,
             const ByteRange& range)
      : open_(std::move(open)), stretch_(std::move(stretch)), range_(range), at_(range.first) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return range_.size_bytes(); }
  [[nodiscard]] bool may_go_on() const override { return !open_->is_cut(); }
  [[nodiscard]] Result<std::optional<Piece>> Next() override { return stretch_->Next(); }
  void OnSent(std::uint64_t bytes) override {
    open_->AddDelivered(open_->clip()->timeline.TimeOf(at_, at_ + bytes), bytes);
    at_ += bytes;
  }

 private:
  std::shared_ptr<OpenViewing> open_;
  std::unique_ptr<ClipStretch> stretch_;
  ByteRange range_;
  std::uint64_t at_ = 0;
};

/// Where these bytes lie, once it is known that the clip has them. Fragments say themselves whether
/// they are as they were written; what lies before and behind them is read anew each time: a
/// viewing lasts, and files may be damaged meanwhile.
Result<std::shared_ptr<const ClipLayout::Places>> PlacesOf(const ServedClip& clip,
                                                           const ByteRange& range,
                                                           const ClipFolder& folder) {
  const ClipRow& row = clip.row;
  ASSIGN_OR_RETURN(auto places, clip.layout->Known(folder, clip.place, row));
  if (places->Hold(range.first, range.last + 1)) return places;
  ASSIGN_OR_RETURN(const auto init, folder.ReadInit(clip.place, row, clip.init_sha256));
  ASSIGN_OR_RETURN(places, clip.layout->Read(folder, clip.place, row));
  if (range.last >= (places->has_trailer ? row.bytes : places->fragments_end))
    return Failure(ErrorCode::kDataLoss, "clip " + ToString(row.id) + ": cut short or damaged");
  return places;
}

/// These bytes, once it is known that the frames among them are as they were written.
Result<std::unique_ptr<ClipStretch>> CheckedStretch(const ServedClip& clip, const ByteRange& range,
                                                    const ClipFolder& folder) {
  ASSIGN_OR_RETURN(const auto places, PlacesOf(clip, range, folder));
  RETURN_IF_ERROR(
      folder.Check(clip.place, clip.row, places->fragments, range.first, range.last + 1));
  return folder.Stretch(clip.place, clip.row, places->fragments, range.first, range.last + 1);
}

Result<Response> SendClip(const Call& call, const std::shared_ptr<OpenViewing>& open,
                          const ClipFolder& folder) {
  const ServedClip& clip = *open->clip();
  PartAnswer answer = AnswerPart(call, clip.row.bytes, clip.etag, std::string(kVideo));
  if (!answer.has_body) return std::move(answer.response);
  ASSIGN_OR_RETURN(auto stretch, CheckedStretch(clip, answer.range, folder));
  answer.response.body = std::make_unique<ClipSource>(open, std::move(stretch), answer.range);
  return std::move(answer.response);
}

struct EnteredClip {
  ServedClip clip;
  access_control::Footage footage;
  std::optional<access_control::Viewing> viewing;  // none for a HEAD
};

Result<ServedClip> DescribeClip(const Call& call, const Permit& permit, const ClipFolder& folder) {
  const auto volume_paths = VolumePaths(permit.transaction());
  const auto& growing = call.named.growing_clip;
  const auto row = growing ? AsFarAsWritten(*growing, volume_paths, folder) : call.named.clip;
  if (!row) return Failure(ErrorCode::kNotFound, "nothing of the clip is written yet");
  ASSIGN_OR_RETURN(ClipPlace place, folder.PlaceOf(volume_paths, *row));
  return ServedClip{*row,
                    growing.has_value(),
                    call.named.run.value().init_sha256,
                    std::move(place),
                    "\"" + storage::ToHex(row->sha256) + "\"",
                    TimelineOf(*row),
                    std::make_shared<ClipLayout>()};
}

/// The last byte that a call names, in its Range or in its address; 0 where it names none.
std::uint64_t LastByteOf(const Call& call) {
  const RangeAnswer part = SelectRange(call.request.headers, UINT64_MAX, "");
  if (part.kind == RangeAnswer::Kind::kPart) return part.range.last;
  return NumberIn(call, "last").value_or(std::nullopt).value_or(0);
}

bool HasJpeg(const FootagePlan& plan) {
  return std::any_of(plan.sequences.begin(), plan.sequences.end(),
                     [](const ClipSequence& one) { return one.codec == kJpegCodec; });
}

tl::unexpected<Error> NoPlayerHasJpeg() {
  return Failure(Error(ErrorCode::kUnimplemented, "HLS of JPEG")
                     .WithPublicMessage("this camera sends JPEG pictures, which no HLS player "
                                        "shows: ask with codec=h264, or for video.mp4"));
}

bool AnyIsTranscoded(const FootagePlan& plan) {
  return std::any_of(plan.sequences.begin(), plan.sequences.end(),
                     [](const ClipSequence& one) { return !IsH264(one.codec); });
}

}  // namespace

Result<Response> ShowPlaylist(const Call& call, const Permit& permit, const ClipFolder& folder,
                              Transcoders& transcoders) {
  ASSIGN_OR_RETURN(const WallRange range, RequireRange(call, kPlaylistMax));
  ASSIGN_OR_RETURN(const Stream stream, StreamOf(call));
  ASSIGN_OR_RETURN(const Coding coding, CodingOf(call));
  const CameraStream of{std::get<CameraId>(permit.resource()), stream};
  ASSIGN_OR_RETURN(const FootagePlan plan, PlanFootage(permit, of, range, folder));
  if (plan.too_full) return RangeTooFull();
  if (plan.sequences.empty()) return NoFootage();
  if (coding == Coding::kAsSent && HasJpeg(plan)) return NoPlayerHasJpeg();
  if (coding == Coding::kH264 && AnyIsTranscoded(plan) &&
      !transcoders.PlayerFor(call.caller.token, of).has_value())
    return TranscodesBusy();
  Response response;
  response.headers.Set("Content-Type", "application/vnd.apple.mpegurl");
  response.body = PlaylistText(plan, coding);
  return response;
}

namespace {

Response SendInit(const Call& call, const std::string& name,
                  const std::vector<std::uint8_t>& init) {
  const std::string etag = "\"" + name + "\"";
  PartAnswer answer = AnswerPart(call, init.size(), etag, std::string(kVideo));
  if (answer.has_body) {
    answer.response.body =
        std::string(init.begin() + static_cast<std::ptrdiff_t>(answer.range.first),
                    init.begin() + static_cast<std::ptrdiff_t>(answer.range.last) + 1);
  }
  return std::move(answer.response);
}

/// From the clip of the run that is being written: it may be its first.
Result<std::vector<std::uint8_t>> FindInitOfGrowing(const Permit& permit,
                                                    const storage::RunRow& run,
                                                    const ClipFolder& folder) {
  const auto& footage = std::get<access_control::Footage>(permit.resource());
  const WallRange since{footage.range.from, std::max(footage.range.to, permit.now())};
  const auto volume_paths = VolumePaths(permit.transaction());
  for (const ClipRow& clip :
       GrowingClipsOf(permit, {run.camera, run.stream}, since, volume_paths, folder)) {
    if (clip.id.run != run.id) continue;
    ASSIGN_OR_RETURN(const ClipPlace place, folder.PlaceOf(volume_paths, clip));
    return folder.ReadInit(place, clip, run.init_sha256);
  }
  return Failure(ErrorCode::kNotFound, "no clip of this run");
}

/// From the first clip of the run that has it.
Result<std::vector<std::uint8_t>> FindInit(const Permit& permit, const storage::RunRow& run,
                                           const ClipFolder& folder) {
  const auto& footage = std::get<access_control::Footage>(permit.resource());
  std::optional<Error> why;  // of the last clip that doesn't have it
  storage::ClipSearch search;
  search.camera = footage.camera;
  search.stream = run.stream;
  search.range = {footage.range.from, std::max(footage.range.to, permit.now())};
  for (const std::uint32_t limit : {kFirstClips, kLimitMax}) {
    search.limit = limit;
    const auto clips = storage::ClipsOverlapping(permit.transaction(), search);
    for (const ClipRow& clip : clips) {
      if (clip.id.run != run.id ||
          !permit.Allows({clip.camera, clip.owner.unit, {clip.start, clip.end}}))
        continue;
      ASSIGN_OR_RETURN(const ClipPlace place,
                       folder.PlaceOf(VolumePaths(permit.transaction()), clip));
      auto init = folder.ReadInit(place, clip, run.init_sha256);
      if (init.has_value()) return init;
      why = init.error();  // another clip of the run has the same bytes
    }
    if (clips.size() < limit) break;
    search.after = {clips.back().start, clips.back().id};
  }
  if (why) return Failure(*std::move(why));
  return FindInitOfGrowing(permit, run, folder);
}

}  // namespace

Result<Response> ShowInit(const Call& call, const Permit& permit, const ClipFolder& folder,
                          Transcoders& transcoders) {
  const storage::RunRow& run = call.named.run.value();
  ASSIGN_OR_RETURN(const Coding coding, CodingOf(call));
  ASSIGN_OR_RETURN(const auto init, FindInit(permit, run, folder));
  if (coding == Coding::kAsSent || IsH264(run.codec)) return SendInit(call, ToString(run.id), init);
  const auto player = transcoders.PlayerFor(call.caller.token, {run.camera, run.stream});
  if (!player.has_value()) return TranscodesBusy();
  ASSIGN_OR_RETURN(const auto transcoded, TranscodedInit(init, **player));
  return SendInit(call, ToString(run.id) + "-h264", transcoded);
}

namespace {

Result<Response> FindAndAnswerClip(const Entrance& entrance, Viewings& viewings,
                                   const ClipFolder& folder, const ClipAnswer& answer) {
  const Call& call = entrance.call();
  const auto id = ParseClipId(call.Path("id"));
  if (auto open =
          id && !call.is_head ? viewings.FindClip(call.caller, *id, LastByteOf(call)) : nullptr) {
    if (viewings.Recheck(*open, Viewings::Look::kFresh).has_value())
      return answer.whole(call, open);
  }
  ASSIGN_OR_RETURN(EnteredClip entered,
                   entrance.Enter<EnteredClip>([&](Permit& permit) -> Result<EnteredClip> {
                     auto footage = std::get<access_control::Footage>(permit.resource());
                     ASSIGN_OR_RETURN(ServedClip clip, DescribeClip(call, permit, folder));
                     footage.range = {clip.row.start, clip.row.end};
                     if (call.is_head) return EnteredClip{std::move(clip), footage, std::nullopt};
                     ASSIGN_OR_RETURN(access_control::Viewing viewing, permit.OpenViewing(footage));
                     return EnteredClip{std::move(clip), footage, std::move(viewing)};
                   }));
  if (!entered.viewing) return answer.head_only(call, entered.clip);
  ASSIGN_OR_RETURN(const auto open, viewings.Add(std::make_shared<OpenViewing>(
                                        call.caller, *entered.viewing, std::vector{entered.footage},
                                        std::move(entered.clip))));
  return answer.whole(call, open);
}

}  // namespace

Result<Response> ShowClip(const Entrance& entrance, Viewings& viewings, const ClipFolder& folder) {
  const auto head_only = [](const Call& call, const ServedClip& clip) {
    return AnswerPart(call, clip.row.bytes, clip.etag, std::string(kVideo)).response;
  };
  const auto whole = [&folder](const Call& call, const std::shared_ptr<OpenViewing>& open) {
    return SendClip(call, open, folder);
  };
  return AnswerClip(entrance, viewings, folder, {head_only, whole});
}

Result<Response> AnswerClip(const Entrance& entrance, Viewings& viewings, const ClipFolder& folder,
                            const ClipAnswer& how) {
  auto answer = FindAndAnswerClip(entrance, viewings, folder, how);
  if (answer.has_value() || answer.error().code() != ErrorCode::kDataLoss) return answer;
  // Retention may have taken it since its row was read: then nothing is lost, and there is no clip.
  const auto still = entrance.Enter<ServedClip>(
      [&](Permit& permit) { return DescribeClip(entrance.call(), permit, folder); });
  const bool gone = !still.has_value() && still.error().code() == ErrorCode::kNotFound;
  if (gone) return Failure(still.error());
  return answer;
}

}  // namespace yagura::api
