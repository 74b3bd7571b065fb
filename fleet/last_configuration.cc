#include "fleet/last_configuration.h"

#include <array>
#include <cstdio>

#include "core/crc32c.h"
#include "core/json.h"
#include "storage/hex.h"

namespace yagura::fleet {
namespace {

constexpr std::int64_t kFormat = 1;
constexpr std::uint64_t kSizeMaxBytes = std::uint64_t{256} << 20;  // some 100,000 cameras
constexpr std::size_t kChecksumLine = 9;                           // eight digits and a line break

std::span<const std::uint8_t> BytesOf(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string ChecksumLine(std::string_view text) {
  std::array<char, kChecksumLine + 1> line{};
  std::snprintf(line.data(), line.size(), "%08x\n", Crc32c(BytesOf(text)));
  return line.data();
}

// Instants are microseconds since 1970, so that "for ever" is a number too.
Json ToJson(WallTime time) { return std::int64_t{time.time_since_epoch().count()}; }
Json ToJson(const WallRange& range) { return Json::Array({ToJson(range.from), ToJson(range.to)}); }
Json ToJson(const storage::OwnerSpan& span) {
  return Json::Object({{"from", ToJson(span.from)},
                       {"unit", ToString(span.unit)},
                       {"floor", ToString(span.floor)}});
}
Json ToJson(const SubStream& sub) {
  Json json = Json::Object({{"url", sub.url},
                            {"transport", ToString(sub.transport)},
                            {"sealed_credentials", storage::ToHex(sub.sealed_credentials)},
                            {"recorded", sub.recorded}});
  if (sub.parking_lifted_at) json.Set("parking_lifted_at", ToJson(*sub.parking_lifted_at));
  return json;
}
Json ToJson(const RecordedCamera& camera);
template <class T>
Json ToJson(const std::vector<T>& values) {
  Json list = Json::Array();
  for (const T& value : values) list.Push(ToJson(value));
  return list;
}
Json ToJson(const RecordedCamera& camera) {
  Json json = Json::Object({{"id", ToString(camera.id)},
                            {"code", camera.code},
                            {"url", camera.url},
                            {"transport", ToString(camera.transport)},
                            {"sealed_credentials", storage::ToHex(camera.sealed_credentials)},
                            {"owners", ToJson(camera.owners)},
                            {"due", ToJson(camera.due)}});
  if (!camera.certificate.empty()) json.Set("certificate", camera.certificate);
  if (camera.certificate_forgotten_at)
    json.Set("certificate_forgotten_at", ToJson(*camera.certificate_forgotten_at));
  if (camera.parking_lifted_at) json.Set("parking_lifted_at", ToJson(*camera.parking_lifted_at));
  if (camera.sub) json.Set("sub", ToJson(*camera.sub));
  return json;
}

std::optional<WallTime> TimeFrom(const Json& json) {
  const auto count = json.AsInt();
  if (!count) return std::nullopt;
  return WallTime(microseconds(*count));
}
std::optional<WallRange> RangeFrom(const Json& json) {
  const auto ends = json.items();
  if (ends.size() != 2) return std::nullopt;
  const auto from = TimeFrom(ends[0]);
  const auto to = TimeFrom(ends[1]);
  if (!from || !to) return std::nullopt;
  return WallRange{*from, *to};
}
std::optional<storage::OwnerSpan> SpanFrom(const Json& json) {
  const auto from = TimeFrom(json.Get("from"));
  const auto unit = ParseId<UnitId>(json.Get("unit").AsString().value_or(""));
  const auto floor = ParseId<FloorId>(json.Get("floor").AsString().value_or(""));
  if (!from || !unit || !floor) return std::nullopt;
  return storage::OwnerSpan{*from, *unit, *floor};
}

/// Reads each item of a list; nothing where one makes no sense.
template <class T, class Read>
std::optional<std::vector<T>> ListFrom(const Json& json, Read read) {
  if (!json.is_array()) return std::nullopt;
  std::vector<T> list;
  for (const Json& item : json.items()) {
    auto value = read(item);
    if (!value) return std::nullopt;
    list.push_back(*std::move(value));
  }
  return list;
}

std::optional<SubStream> SubStreamFrom(const Json& json) {
  const auto url = json.Get("url").AsString();
  const auto transport = ParseCameraTransport(json.Get("transport").AsString().value_or(""));
  const auto credentials =
      storage::ParseHex(json.Get("sealed_credentials").AsString().value_or("-"));
  const auto recorded = json.Get("recorded").AsBool();
  if (!url || !transport || !credentials || !recorded) return std::nullopt;
  return SubStream{.url = *url,
                   .sealed_credentials = *credentials,
                   .transport = *transport,
                   .recorded = *recorded,
                   .parking_lifted_at = TimeFrom(json.Get("parking_lifted_at"))};
}

std::optional<RecordedCamera> CameraFrom(const Json& json) {
  const auto id = ParseId<CameraId>(json.Get("id").AsString().value_or(""));
  const auto code = json.Get("code").AsString();
  const auto url = json.Get("url").AsString();
  const auto credentials =
      storage::ParseHex(json.Get("sealed_credentials").AsString().value_or("-"));
  const auto owners = ListFrom<storage::OwnerSpan>(json.Get("owners"), SpanFrom);
  const auto due = ListFrom<WallRange>(json.Get("due"), RangeFrom);
  if (!id || !code || !url || !credentials || !owners || !due) return std::nullopt;
  // Absent where it never was, and in files of earlier versions.
  const auto transport = ParseCameraTransport(json.Get("transport").AsString().value_or("tcp"));
  if (!transport) return std::nullopt;
  return RecordedCamera{.id = *id,
                        .code = *code,
                        .url = *url,
                        .sealed_credentials = *credentials,
                        .owners = *owners,
                        .due = *due,
                        .parking_lifted_at = TimeFrom(json.Get("parking_lifted_at")),
                        .transport = *transport,
                        .certificate = json.Get("certificate").AsString().value_or(""),
                        .certificate_forgotten_at = TimeFrom(json.Get("certificate_forgotten_at")),
                        // Without one that makes sense the camera is still recorded.
                        .sub = SubStreamFrom(json.Get("sub"))};
}

std::optional<RecorderView> ViewFrom(const Json& json) {
  if (json.Get("format").AsInt() != kFormat) return std::nullopt;
  const auto epoch = json.Get("epoch").AsInt();
  const auto cameras = ListFrom<RecordedCamera>(json.Get("cameras"), CameraFrom);
  if (!epoch || !cameras) return std::nullopt;
  return RecorderView{*epoch, *cameras};
}

}  // namespace

Result<void> SaveLastConfiguration(storage::Files& files, const std::string& path,
                                   const RecorderView& view) {
  const std::string text =
      Json::Object({{"format", kFormat}, {"epoch", view.epoch}, {"cameras", ToJson(view.cameras)}})
          .Dump();
  return storage::ReplaceWhole(files, path, BytesOf(ChecksumLine(text) + text));
}

Result<RecorderView> LoadLastConfiguration(storage::Files& files, const std::string& path) {
  ASSIGN_OR_RETURN(const auto bytes, storage::ReadWhole(files, path, kSizeMaxBytes));
  const std::string_view whole(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string_view text = whole.substr(std::min(whole.size(), kChecksumLine));
  if (whole.substr(0, kChecksumLine) != ChecksumLine(text)) {
    return Failure(ErrorCode::kDataLoss, "\"" + path + "\" is damaged: its checksum doesn't match");
  }
  const auto json = Json::Parse(text);
  const auto view = json.has_value() ? ViewFrom(*json) : std::nullopt;
  if (!view) return Failure(ErrorCode::kDataLoss, "\"" + path + "\" is of another version");
  return *view;
}

}  // namespace yagura::fleet
