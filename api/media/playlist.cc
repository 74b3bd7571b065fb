#include "api/media/playlist.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "api/media/clip_times.h"

namespace yagura::api {
namespace {

using storage::ClipRow;

/// Starts of GOPs, and of the clip itself where it begins between two keyframes; by time.
std::vector<PlaylistSegment> Boundaries(const ClipRow& clip) {
  std::vector<PlaylistSegment> starts;
  for (const auto& keyframe : clip.keyframes)
    starts.push_back({keyframe.offset_bytes, 0, keyframe.media_time, {}, true});
  std::sort(starts.begin(), starts.end(),
            [](const auto& a, const auto& b) { return a.offset < b.offset; });
  if (starts.empty() || starts.front().offset > clip.fragments_offset) {
    starts.insert(starts.begin(), {clip.fragments_offset, 0, clip.media_start, {}, false});
  }
  return starts;
}

std::string Seconds(MediaTime from, MediaTime to) {
  std::array<char, 32> text{};
  const auto duration = static_cast<double>(to.ticks_90k - from.ticks_90k) / kMediaTimescale;
  const int length = std::snprintf(text.data(), text.size(), "%.6f", duration);
  return {text.data(), static_cast<std::size_t>(length)};
}

struct Line {
  const ClipRow* clip;
  PlaylistSegment segment;
  bool breaks_before;  // nothing decodable runs on from the line before
  bool transcoded;
};

/// Which part of the sequence's `index`-th clip is asked for. Of the clip that leads in, from the
/// keyframe on that does.
std::pair<MediaTime, MediaTime> WindowOf(const FootagePlan& plan, const ClipSequence& sequence,
                                         std::size_t index) {
  const ClipRow& clip = sequence.clips[index];
  MediaTime from = clip.media_start;
  if (plan.range.from > clip.start && plan.range.from < clip.end)
    from = MediaAt(clip, plan.range.from);
  if (index == 0 && sequence.lead_in_clips > 0) from = KeyframeBefore(clip, clip.media_end);
  return {from, plan.range.to >= clip.end ? clip.media_end : MediaAt(clip, plan.range.to)};
}

void AppendLines(std::vector<Line>& lines, const FootagePlan& plan, const ClipSequence& sequence,
                 Coding coding) {
  const std::size_t begin = lines.size();
  const bool transcoded = coding == Coding::kH264 && !IsH264(sequence.codec);
  bool breaks_before = begin > 0;
  for (std::size_t i = 0; i < sequence.clips.size(); ++i) {
    const ClipRow& clip = sequence.clips[i];
    const auto [from, to] = WindowOf(plan, sequence, i);
    for (const PlaylistSegment& segment : SegmentsOf(clip, from, to)) {
      // What hangs on a keyframe that isn't handed out can't be shown; what is transcoded hangs on
      // nothing but itself.
      if ((lines.size() == begin || transcoded) && !segment.starts_with_keyframe) {
        breaks_before = lines.size() > 0;
        continue;
      }
      lines.push_back({&clip, segment, std::exchange(breaks_before, false), transcoded});
    }
  }
}

std::vector<Line> LinesOf(const FootagePlan& plan, Coding coding) {
  std::vector<Line> lines;
  for (const ClipSequence& sequence : plan.sequences) AppendLines(lines, plan, sequence, coding);
  return lines;
}

std::int64_t TargetDuration(const std::vector<Line>& lines) {
  std::int64_t longest = 1;
  for (const Line& line : lines) {
    const std::int64_t ticks = line.segment.to.ticks_90k - line.segment.from.ticks_90k;
    longest = std::max(
        longest, (ticks + kMediaTimescale / 2) / kMediaTimescale);  // rounded (RFC 8216, 4.3.3.1)
  }
  return longest;
}

void AppendLine(std::string& text, const Line& line, const Line* before) {
  const ClipRow& clip = *line.clip;
  if (before == nullptr || before->clip->id.run != clip.id.run) {
    if (before != nullptr) text += "#EXT-X-DISCONTINUITY\n";
    text += "#EXT-X-MAP:URI=\"../../runs/" + ToString(clip.id.run) + "/init.mp4" +
            (line.transcoded ? "?codec=h264" : "") + "\"\n";
  } else if (line.breaks_before) {
    text += "#EXT-X-DISCONTINUITY\n";
  }
  if (before == nullptr || before->clip->id != clip.id) {
    text += "#EXT-X-PROGRAM-DATE-TIME:" + FormatRfc3339(WallAt(clip, line.segment.from)) + "\n";
  }
  text += "#EXTINF:" + Seconds(line.segment.from, line.segment.to) + ",\n";
  const std::string address = "../../clips/" + ToString(clip.id);
  const std::uint64_t first = line.segment.offset;
  if (line.transcoded) {
    text += address + "/h264.m4s?first=" + std::to_string(first) +
            "&last=" + std::to_string(first + line.segment.size_bytes - 1) + "\n";
    return;
  }
  text += "#EXT-X-BYTERANGE:" + std::to_string(line.segment.size_bytes) + "@" +
          std::to_string(first) + "\n";
  text += address + "/media\n";
}

}  // namespace

std::vector<PlaylistSegment> SegmentsOf(const ClipRow& clip, MediaTime window_from,
                                        MediaTime window_to) {
  const auto starts = Boundaries(clip);
  std::vector<PlaylistSegment> segments;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    PlaylistSegment gop = starts[i];
    const bool is_last = i + 1 == starts.size();
    gop.to = is_last ? clip.media_end : starts[i + 1].from;
    gop.size_bytes =
        (is_last ? clip.trailer_offset.value_or(clip.bytes) : starts[i + 1].offset) - gop.offset;
    if (gop.to <= window_from || gop.from >= window_to || gop.to <= gop.from) continue;
    const bool short_so_far =
        !segments.empty() && Between(segments.back().from, segments.back().to) < kSegmentLeast;
    if (short_so_far) {
      segments.back().to = gop.to;
      segments.back().size_bytes += gop.size_bytes;
    } else {
      segments.push_back(gop);
    }
  }
  return segments;
}

std::string PlaylistText(const FootagePlan& plan, Coding coding) {
  const auto lines = LinesOf(plan, coding);
  std::string text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-PLAYLIST-TYPE:VOD\n";
  text += "#EXT-X-TARGETDURATION:" + std::to_string(TargetDuration(lines)) + "\n";
  if (std::all_of(lines.begin(), lines.end(),
                  [](const Line& line) { return line.segment.starts_with_keyframe; })) {
    text += "#EXT-X-INDEPENDENT-SEGMENTS\n";
  }
  for (std::size_t i = 0; i < lines.size(); ++i)
    AppendLine(text, lines[i], i == 0 ? nullptr : &lines[i - 1]);
  return text + "#EXT-X-ENDLIST\n";
}

}  // namespace yagura::api
