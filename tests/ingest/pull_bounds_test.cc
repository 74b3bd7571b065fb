#include "ingest/pull/pull_bounds.h"

#include <gtest/gtest.h>

namespace yagura::ingest {
namespace {

using Kind = PullFailure::Kind;

const std::string kOne(64, 'a');
const std::string kOther(64, 'b');

PullBounds BoundsOf(CameraTransport transport, const std::string& certificate = {}) {
  return PullBounds({transport, "rtsp://192.0.2.1:8554/live", "viewer", "secret", certificate});
}
std::optional<Kind> KindOf(const std::optional<PullFailure>& failure) {
  return failure ? std::optional(failure->kind) : std::nullopt;
}

TEST(PullBoundsTest, EveryPortAndPathOfTheCamerasHostIsWithin) {
  const PullBounds bounds = BoundsOf(CameraTransport::kUdp);
  for (const char* location :
       {"rtsp://192.0.2.1:8554/live", "rtsp://192.0.2.1/", "rtsph://192.0.2.1:80/live?x=1"})
    EXPECT_EQ(bounds.WhyNotAsk(location), std::nullopt) << location;
}

TEST(PullBoundsTest, WhatIsOrderedIsWithin) {
  for (const auto transport : {CameraTransport::kUdp, CameraTransport::kMulticast,
                               CameraTransport::kTls, CameraTransport::kHttp}) {
    const PullOrder order{transport, "rtsp://[2001:db8::1]:8554/live", "viewer", "secret"};
    EXPECT_EQ(PullBounds(order).WhyNotConnect(OrderedLocation(order)), std::nullopt)
        << OrderedLocation(order);
  }
}

TEST(PullBoundsTest, AnotherHostIsNot) {
  const PullBounds bounds = BoundsOf(CameraTransport::kHttp);
  for (const char* location :
       {"rtsp://192.0.2.2:8554/live", "rtsp://192.0.2.1#@192.0.2.2/", "", "rtsp://", "192.0.2.1",
        "rtsp://viewer:secret@192.0.2.2/", "rtsp://camera.example/live"})
    EXPECT_EQ(KindOf(bounds.WhyNotConnect(location)), Kind::kRefused) << location;
}

TEST(PullBoundsTest, WhatWasOrderedOverTlsStaysThere) {
  PullBounds bounds = BoundsOf(CameraTransport::kTls);
  for (const char* location :
       {"rtsp://192.0.2.1:8554/live", "rtspt://192.0.2.1/live", "rtsph://192.0.2.1/live",
        "rtspsh://192.0.2.1/live", "rtsps-://192.0.2.1/", "://192.0.2.1/"})
    EXPECT_EQ(KindOf(bounds.WhyNotConnect(location)), Kind::kRefused) << location;
  for (const char* location : {"rtspst://192.0.2.1:8554/live", "RTSPS://192.0.2.1/other"})
    EXPECT_EQ(bounds.WhyNotConnect(location), std::nullopt) << location;
  EXPECT_EQ(bounds.WhyNotTrust(kOne), std::nullopt);
  EXPECT_EQ(KindOf(bounds.WhyNotAsk("rtsp://192.0.2.1:8554/live")), Kind::kRefused)
      << "whatever was trusted before";
}

TEST(PullBoundsTest, OverTlsNothingIsAskedBeforeACertificateWasSeen) {
  for (const std::string& known : {std::string(), kOne}) {
    PullBounds bounds = BoundsOf(CameraTransport::kTls, known);
    EXPECT_EQ(KindOf(bounds.WhyNotAsk("rtspst://192.0.2.1:8554/live")), Kind::kWorker);
    EXPECT_EQ(bounds.WhyNotTrust(kOne), std::nullopt);
    EXPECT_EQ(bounds.WhyNotAsk("rtspst://192.0.2.1:8554/live"), std::nullopt);
  }
}

TEST(PullBoundsTest, AnotherCertificateThanTheOrdersOrTheFirstIsNotTrusted) {
  PullBounds known = BoundsOf(CameraTransport::kTls, kOne);
  EXPECT_EQ(KindOf(known.WhyNotTrust(kOther)), Kind::kOtherCertificate);
  EXPECT_FALSE(known.certificate_seen());
  PullBounds fresh = BoundsOf(CameraTransport::kTls);
  EXPECT_EQ(fresh.WhyNotTrust(kOther), std::nullopt);
  EXPECT_EQ(KindOf(fresh.WhyNotTrust(kOne)), Kind::kOtherCertificate);
}

}  // namespace
}  // namespace yagura::ingest
