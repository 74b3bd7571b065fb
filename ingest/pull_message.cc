#include "ingest/pull_message.h"

#include <algorithm>

#include "ingest/interleaved.h"
#include "ingest/text.h"

namespace yagura::ingest {
namespace {

constexpr auto kLastKind = static_cast<std::uint8_t>(PullFailure::Kind::kOtherCertificate);

std::string Frame(PullKind kind, std::string_view payload) {
  std::string frame;
  AppendInterleaved(static_cast<std::uint8_t>(kind), payload, frame);
  return frame;
}

std::string_view TextOf(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool IsPulled(CameraTransport transport) {
  return transport == CameraTransport::kUdp || transport == CameraTransport::kMulticast ||
         transport == CameraTransport::kTls || transport == CameraTransport::kHttp;
}

}  // namespace

bool IsFingerprint(std::string_view text) {
  constexpr std::size_t kDigits = 64;
  return text.size() == kDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string EncodePullOrder(const PullOrder& order) {
  return Frame(PullKind::kOrder, std::string(ToString(order.transport)) + '\n' + order.url + '\n' +
                                     order.certificate + '\n' + order.user + '\n' + order.password);
}

Result<PullOrder> ParsePullOrder(std::span<const std::uint8_t> payload) {
  std::string_view rest = TextOf(payload);
  const auto transport = ParseCameraTransport(CutAt(rest, '\n'));
  PullOrder order;
  order.url = std::string(CutAt(rest, '\n'));
  order.certificate = std::string(CutAt(rest, '\n'));
  order.user = std::string(CutAt(rest, '\n'));
  order.password = std::string(rest);
  if (!transport || !IsPulled(*transport) || order.url.empty() ||
      (!order.certificate.empty() && !IsFingerprint(order.certificate)))
    return Failure(ErrorCode::kInvalidArgument, "expected an order to pull a camera");
  order.transport = *transport;
  return order;
}

std::string EncodePullFailure(const PullFailure& failure) {
  std::string payload(1, static_cast<char>(failure.kind));
  payload.append(failure.text, 0, kMaxPullFailureBytes);
  return Frame(PullKind::kFailure, payload);
}

std::optional<PullFailure> ParsePullFailure(std::span<const std::uint8_t> payload) {
  if (payload.empty() || payload[0] > kLastKind) return std::nullopt;
  PullFailure failure{static_cast<PullFailure::Kind>(payload[0]), {}};
  failure.text = std::string(TextOf(payload.subspan(1)).substr(0, kMaxPullFailureBytes));
  std::replace_if(
      failure.text.begin(), failure.text.end(), [](char c) { return c < ' ' || c > '~'; }, '.');
  return failure;
}

GapReason ReasonOf(PullFailure::Kind kind) {
  switch (kind) {
    case PullFailure::Kind::kUnreachable:
      return GapReason::kCameraUnreachable;
    case PullFailure::Kind::kUnauthorised:
      return GapReason::kAuthenticationFailed;
    case PullFailure::Kind::kRefused:
    case PullFailure::Kind::kOtherTransport:
      return GapReason::kCameraRefused;
    case PullFailure::Kind::kOtherCertificate:
      return GapReason::kCertificateChanged;
    case PullFailure::Kind::kUnsupported:
      return GapReason::kUnsupportedStream;
    case PullFailure::Kind::kNotUnderstood:
      return GapReason::kProtocolError;
    case PullFailure::Kind::kWorker:
      break;
  }
  return GapReason::kWorkerFailed;
}

}  // namespace yagura::ingest
