#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/camera_reader.h"
#include "tests/ingest/h264_stream.h"
#include "tests/ingest/recording_sink.h"

namespace yagura::ingest {

inline constexpr WallTime kStart{std::chrono::seconds(1'800'000'000)};

inline std::string Reply(int sequence, const std::string& headers = "",
                         const std::string& body = "") {
  return "RTSP/1.0 200 OK\r\nCSeq: " + std::to_string(sequence) + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// What a camera answers up to PLAY.
inline std::string Replies() {
  return Reply(1, "Public: GET_PARAMETER\r\n") +
         Reply(2, "", "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t\r\n") +
         Reply(3, "Session: 42\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n") + Reply(4);
}

/// A session of a reader with a camera that the test plays.
class CameraReaderTest : public ::testing::Test {
 protected:
  CameraReaderTest() { reader_.Begin(ParseRtspUrl("rtsp://cam/live").value(), {}, now_); }

  void Pass(std::chrono::milliseconds time) {
    now_.mono += time;
    now_.wall += time;
    reader_.OnTime(now_);
  }
  /// Gives it all at once, as a socket with room would.
  void Receive(const testing::Bytes& bytes) {
    EXPECT_EQ(reader_.OnBytes(bytes, now_), bytes.size());
  }
  void Receive(const std::string& text) {
    testing::Bytes bytes;
    testing::Append(bytes, text);
    Receive(bytes);
  }
  testing::Bytes Picture(bool idr) {
    testing::Bytes bytes;
    const std::vector<testing::Bytes> nals = {testing::MakeSps({.reorder_frames = 0}),
                                              testing::MakePps(),
                                              testing::MakeSlice(idr, 2'000, 1)};
    for (const testing::Bytes& packet : rtp_.Picture(nals, time_ += 6'000))
      testing::Append(bytes, testing::Interleaved(0, packet));
    return bytes;
  }

  Instant now_{MonoTime(std::chrono::seconds(1'000)), kStart};
  testing::RecordingSink sink_;
  CameraReader reader_{sink_, kStart - std::chrono::seconds(2)};
  testing::RtpWriter rtp_;
  std::uint32_t time_ = 0;
};

}  // namespace yagura::ingest
