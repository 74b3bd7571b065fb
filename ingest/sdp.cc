#include "ingest/sdp.h"

#include <algorithm>

#include "core/time.h"
#include "ingest/limits.h"
#include "ingest/text.h"

namespace yagura::ingest {
namespace {

constexpr std::size_t kMaxFormatsPerMedia = 16;

tl::unexpected<Error> NotSdp(std::string_view line) {
  return Failure(ErrorCode::kInvalidArgument, "expected SDP, got the line " + Quoted(line));
}

tl::unexpected<Error> TooMany(const std::string& what) {
  return Failure(ErrorCode::kResourceExhausted,
                 "the number of " + what + " in the SDP is over the limit");
}

/// "video 0 RTP/AVP 96 97". Formats that are no numbers belong to other protocols and are passed
/// over.
Result<void> AddMedia(std::string_view value, Sdp& sdp) {
  if (sdp.media.size() == kMaxSdpMedia) return TooMany("media");
  SdpMedia media;
  media.kind = std::string(CutAt(value, ' '));
  (void)CutAt(value, ' ');  // the port: RTSP's SETUP decides the transport
  (void)CutAt(value, ' ');  // the profile, likewise
  while (!value.empty()) {
    const auto type = ParseNumber(CutAt(value, ' '), 127);
    if (!type) continue;
    if (media.formats.size() == kMaxFormatsPerMedia) return TooMany("formats");
    media.formats.push_back({.payload_type = static_cast<std::uint8_t>(*type)});
  }
  sdp.media.push_back(std::move(media));
  return {};
}

SdpFormat* FormatNamedFirst(std::string_view& value, SdpMedia& media) {
  const auto type = ParseNumber(CutAt(value, ' '), 127);
  if (!type) return nullptr;
  const auto found =
      std::find_if(media.formats.begin(), media.formats.end(),
                   [&](const SdpFormat& format) { return format.payload_type == *type; });
  return found == media.formats.end() ? nullptr : &*found;
}

/// "96 H264/90000".
void ReadRtpmap(std::string_view value, SdpMedia& media) {
  SdpFormat* format = FormatNamedFirst(value, media);
  if (format == nullptr) return;
  value = Trimmed(value);
  format->encoding = std::string(CutAt(value, '/'));
  format->clock_rate =
      static_cast<std::uint32_t>(ParseNumber(Trimmed(CutAt(value, '/')), UINT32_MAX).value_or(0));
}

void ReadFmtp(std::string_view value, SdpMedia& media) {
  SdpFormat* format = FormatNamedFirst(value, media);
  if (format != nullptr) format->parameters = std::string(Trimmed(value));
}

void ReadAttribute(std::string_view value, Sdp& sdp) {
  const std::string_view name = CutAt(value, ':');
  SdpMedia* media = sdp.media.empty() ? nullptr : &sdp.media.back();
  if (name == "control")
    (media == nullptr ? sdp.control : media->control) = std::string(Trimmed(value));
  if (media == nullptr) return;
  if (name == "rtpmap") ReadRtpmap(value, *media);
  if (name == "fmtp") ReadFmtp(value, *media);
}

/// The value of `name` in "packetization-mode=1;sprop-parameter-sets=Z0...,aM...".
std::string_view Parameter(std::string_view parameters, std::string_view name) {
  while (!parameters.empty()) {
    std::string_view value = Trimmed(CutAt(parameters, ';'));
    if (EqualsIgnoringCase(Trimmed(CutAt(value, '=')), name)) return Trimmed(value);
  }
  return {};
}

std::vector<std::vector<std::uint8_t>> ParameterSets(std::string_view sprop) {
  std::vector<std::vector<std::uint8_t>> sets;
  while (!sprop.empty() && sets.size() < 32) {
    auto bytes = DecodeBase64(Trimmed(CutAt(sprop, ',')));
    if (bytes && !bytes->empty() && bytes->size() <= kMaxParameterSetBytes)
      sets.push_back(*std::move(bytes));
  }
  return sets;
}

Result<H264Track> MakeTrack(const SdpMedia& media, const SdpFormat& format) {
  if (format.clock_rate != kMediaTimescale) {
    return Failure(
        ErrorCode::kUnimplemented,
        "an H.264 clock of " + std::to_string(format.clock_rate) + " Hz (RFC 6184 knows 90000)");
  }
  const std::string_view mode = Parameter(format.parameters, "packetization-mode");
  if (mode != "" && mode != "0" && mode != "1") {
    return Failure(ErrorCode::kUnimplemented,
                   "packetization mode " + Quoted(mode) + " is not supported");
  }
  return H264Track{format.payload_type, media.control,
                   ParameterSets(Parameter(format.parameters, "sprop-parameter-sets"))};
}

}  // namespace

Result<Sdp> ParseSdp(std::string_view text) {
  Sdp sdp;
  std::size_t lines = 0;
  while (!text.empty()) {
    const std::string_view line = Trimmed(CutAt(text, '\n'));
    if (line.empty()) continue;
    if (++lines > kMaxSdpLines) return TooMany("lines");
    if (line.size() < 2 || line[1] != '=' || (lines == 1 && line[0] != 'v')) return NotSdp(line);
    if (line[0] == 'm') RETURN_IF_ERROR(AddMedia(line.substr(2), sdp));
    if (line[0] == 'a') ReadAttribute(line.substr(2), sdp);
  }
  if (lines == 0) return NotSdp("");
  return sdp;
}

Result<H264Track> FindH264Track(const Sdp& sdp) {
  for (const SdpMedia& media : sdp.media) {
    if (media.kind != "video") continue;
    for (const SdpFormat& format : media.formats) {
      if (EqualsIgnoringCase(format.encoding, "H264")) return MakeTrack(media, format);
    }
  }
  return Failure(ErrorCode::kUnimplemented, "the camera offers no H.264 video");
}

}  // namespace yagura::ingest
