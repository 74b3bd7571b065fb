#include "app/found_transports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::IsEmpty;

class FoundTransportsTest : public ::testing::Test {
 protected:
  /// What is said, and then taken.
  FoundTransports::Told Said(const std::vector<ingest::CameraStatus>& cameras) {
    const auto told = transports_.Look(cameras);
    EXPECT_TRUE(told.has_value());
    transports_.Said(told.value_or(FoundTransports::Told{}));
    return told.value_or(FoundTransports::Told{});
  }
  static ingest::CameraStatus Camera(CameraTransport transport, bool is_auto) {
    ingest::CameraStatus camera;
    camera.id = NewId<CameraId>();
    camera.transport = transport;
    camera.transport_is_auto = is_auto;
    camera.state = ingest::CameraState::kStreaming;
    return camera;
  }
  FoundTransports transports_;
};

TEST_F(FoundTransportsTest, OnlyOfCamerasWhoseRecordSaysAuto) {
  const auto found = Camera(CameraTransport::kUdp, true);
  const auto told = Camera(CameraTransport::kUdp, false);
  const auto said = Said({found, told});
  EXPECT_THAT(said.found, ElementsAre(FieldsAre(found.id, CameraTransport::kUdp)));
  EXPECT_THAT(said.told_by_record, ElementsAre(told.id));
}

TEST_F(FoundTransportsTest, ACameraThatHasNotSentYetSaysNothing) {
  auto camera = Camera(CameraTransport::kTcp, true);
  camera.state = ingest::CameraState::kStarting;
  EXPECT_THAT(Said({camera}).found, IsEmpty());
  camera.state = ingest::CameraState::kStreaming;
  EXPECT_THAT(Said({camera}).found, ElementsAre(FieldsAre(camera.id, CameraTransport::kTcp)));
}

TEST_F(FoundTransportsTest, WhatWasFoundStandsWhileTheCameraIsAway) {
  auto camera = Camera(CameraTransport::kUdp, true);
  Said({camera});
  EXPECT_EQ(transports_.Look({camera}), std::nullopt) << "it is said once";
  camera.state = ingest::CameraState::kBackingOff;
  camera.transport = CameraTransport::kTcp;
  EXPECT_EQ(transports_.Look({camera}), std::nullopt);
  camera.state = ingest::CameraState::kStreaming;
  EXPECT_THAT(Said({camera}).found, ElementsAre(FieldsAre(camera.id, CameraTransport::kTcp)));
}

TEST_F(FoundTransportsTest, TheMainStreamSpeaksForTheCamera) {
  const auto camera = Camera(CameraTransport::kUdp, true);
  auto sub = camera;
  sub.stream = Stream::kSub;
  sub.transport = CameraTransport::kTcp;
  EXPECT_THAT(Said(ingest::MainStreams({camera, sub})).found,
              ElementsAre(FieldsAre(camera.id, CameraTransport::kUdp)));
  EXPECT_EQ(transports_.Look({camera}), std::nullopt) << "nobody watches its sub stream any more";
}

TEST_F(FoundTransportsTest, WhatTheDatabaseDidNotTakeIsSaidAgain) {
  const auto camera = Camera(CameraTransport::kUdp, true);
  ASSERT_TRUE(transports_.Look({camera}).has_value());
  EXPECT_TRUE(transports_.Look({camera}).has_value());
}

}  // namespace
}  // namespace yagura::app
