#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "ingest/video_track.h"
#include "tests/ingest/h264_stream.h"
#include "tests/ingest/recording_sink.h"

namespace yagura::ingest {

using testing::Bytes;
using testing::MakePps;
using testing::MakeSlice;
using testing::MakeSps;
using testing::RecordingSink;
using testing::RtpWriter;
using testing::SpsFields;
using namespace std::chrono_literals;

inline const WallTime kStart{1'800'000'000s};

/// A camera of 10 frames a second, its packets handed to a track.
class VideoTrackTest : public ::testing::Test {
 protected:
  explicit VideoTrackTest(Codec codec = Codec::kH264)
      : codec_(codec), rtp_(65'530, 0x1234'5678, codec) {
    Join({});
  }

  void Join(const std::vector<Bytes>& sdp_parameter_sets) {
    track_.emplace(
        RecordedTrack{.codec = codec_, .payload_type = 96, .parameter_sets = sdp_parameter_sets},
        delivery_);
  }
  /// Sends one picture and lets its time pass. `shown`: its place in presentation order, where that
  /// isn't the next.
  void Send(const std::vector<Bytes>& nals, std::optional<int> shown = {},
            std::chrono::milliseconds late = {}) {
    const auto time = static_cast<std::uint32_t>(1'000 + shown.value_or(sent_) * 9'000);
    SendPackets(rtp_.Picture(nals, time), late);
  }
  void SendPackets(const std::vector<Bytes>& packets, std::chrono::milliseconds late = {}) {
    const Instant now{MonoTime(1'000s + sent_ * 100ms + late),
                      kStart + sent_ * 100ms + late + clock_step_};
    for (const Bytes& packet : packets) track_->OnRtp(packet, now);
    ++sent_;
  }
  void SendIdr() { Send({MakeSps(sps_), MakePps(), MakeSlice(true, 900, Fill())}); }
  void SendFrame(std::optional<int> shown = {}) { Send({MakeSlice(false, 300, Fill())}, shown); }
  std::uint32_t Fill() const { return static_cast<std::uint32_t>(sent_); }
  WallTime Sent(int frame) const { return kStart + frame * 100ms; }

  const Codec codec_;
  SpsFields sps_{.reorder_frames = 0};
  RtpWriter rtp_;
  RecordingSink sink_;
  Delivery delivery_{sink_, kStart};
  std::optional<VideoTrack> track_;
  microseconds clock_step_{};
  int sent_ = 0;
};

}  // namespace yagura::ingest
