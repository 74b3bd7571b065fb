#include "ingest/sdp.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "core/time.h"
#include "ingest/limits.h"
#include "ingest/text.h"

namespace yagura::ingest {
namespace {

constexpr std::size_t kMaxFormatsPerMedia = 16;
constexpr std::size_t kMaxParameterSets = 32;
constexpr std::uint8_t kStaticJpeg = 26;  // RFC 3551, table 5

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
    if (*type == kStaticJpeg) {  // mostly without an rtpmap
      media.formats.back().encoding = "JPEG";
      media.formats.back().clock_rate = kMediaTimescale;
    }
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

void AddParameterSets(std::string_view sprop, RecordedTrack& track) {
  while (!sprop.empty() && track.parameter_sets.size() < kMaxParameterSets) {
    auto bytes = DecodeBase64(Trimmed(CutAt(sprop, ',')));
    if (bytes && !bytes->empty() && bytes->size() <= kMaxParameterSetBytes)
      track.parameter_sets.push_back(*std::move(bytes));
  }
}

tl::unexpected<Error> NotSupported(std::string_view what, std::string_view value) {
  return Failure(ErrorCode::kUnimplemented,
                 std::string(what) + " " + Quoted(value) + " is not supported");
}

Result<void> ReadH264(std::string_view parameters, RecordedTrack& track) {
  const std::string_view mode = Parameter(parameters, "packetization-mode");
  if (mode != "" && mode != "0" && mode != "1") return NotSupported("packetization mode", mode);
  AddParameterSets(Parameter(parameters, "sprop-parameter-sets"), track);
  return {};
}

/// RFC 7798 section 7.1: where one of the first two is over 0, each packet has decoding order
/// numbers, and NAL units may come in another order than they are decoded in.
Result<void> ReadH265(std::string_view parameters, RecordedTrack& track) {
  for (const std::string_view name : {"sprop-max-don-diff", "sprop-depack-buf-nalus"}) {
    const std::string_view value = Parameter(parameters, name);
    if (value != "" && value != "0")
      return NotSupported("H.265 with decoding order numbers: " + std::string(name), value);
  }
  const std::string_view mode = Parameter(parameters, "tx-mode");
  if (mode != "" && !EqualsIgnoringCase(mode, "SRST"))
    return NotSupported("H.265 over several streams: tx-mode", mode);
  for (const std::string_view name : {"sprop-vps", "sprop-sps", "sprop-pps"})
    AddParameterSets(Parameter(parameters, name), track);
  return {};
}

/// RFC 2435 section 3.1: all that there is to know stands in each packet.
Result<void> ReadJpeg(std::string_view, RecordedTrack&) { return {}; }

struct Encoding {
  std::string_view name;
  Codec codec;
  Result<void> (*read)(std::string_view parameters, RecordedTrack& track);
};
constexpr std::array<Encoding, 2> kPreferred = {
    {{"H264", Codec::kH264, ReadH264}, {"H265", Codec::kH265, ReadH265}}};
/// Of a camera that has nothing else: ten times as much to store.
constexpr std::array<Encoding, 1> kLast = {{{"JPEG", Codec::kJpeg, ReadJpeg}}};

const Encoding* FindEncoding(std::string_view name, std::span<const Encoding> encodings) {
  for (const Encoding& encoding : encodings) {
    if (EqualsIgnoringCase(encoding.name, name)) return &encoding;
  }
  return nullptr;
}

Result<RecordedTrack> MakeTrack(const SdpMedia& media, const SdpFormat& format,
                                const Encoding& encoding) {
  if (format.clock_rate != kMediaTimescale) {
    return Failure(ErrorCode::kUnimplemented, "a video clock of " +
                                                  std::to_string(format.clock_rate) +
                                                  " Hz (RFC 6184, 7798 and 2435 know 90000)");
  }
  RecordedTrack track{
      .codec = encoding.codec, .payload_type = format.payload_type, .control = media.control};
  RETURN_IF_ERROR(encoding.read(format.parameters, track));
  return track;
}

/// The first track of one of `encodings`; nothing without one.
std::optional<Result<RecordedTrack>> FindTrack(const Sdp& sdp,
                                               std::span<const Encoding> encodings) {
  for (const SdpMedia& media : sdp.media) {
    if (media.kind != "video") continue;
    for (const SdpFormat& format : media.formats) {
      const Encoding* const encoding = FindEncoding(format.encoding, encodings);
      if (encoding == nullptr) continue;
      auto track = MakeTrack(media, format, *encoding);
      if (track.has_value()) track->media = static_cast<std::size_t>(&media - sdp.media.data());
      return track;
    }
  }
  return std::nullopt;
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

Result<RecordedTrack> FindRecordedTrack(const Sdp& sdp) {
  auto track = FindTrack(sdp, kPreferred);
  if (!track) track = FindTrack(sdp, kLast);
  if (track) return *std::move(track);
  return Failure(ErrorCode::kUnimplemented, "the camera offers no H.264, H.265 or JPEG video");
}

}  // namespace yagura::ingest
