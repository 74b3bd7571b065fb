#include "ingest/parsing_note.h"

#include <gmock/gmock.h>

#include "ingest/noted_reader.h"
#include "tests/ingest/h264_stream.h"

namespace yagura::ingest {
namespace {

using testing::Bytes;
using ::testing::Each;
using ::testing::SizeIs;
using namespace std::chrono_literals;

TEST(ParsingNoteTest, NamesTheStreamOnlyWhileItsBytesAreParsed) {
  ParsingNote note;
  EXPECT_EQ(note.Read(), std::nullopt);
  const CameraStream main{NewId<CameraId>(), Stream::kMain};
  const CameraStream sub{NewId<CameraId>(), Stream::kSub};
  {
    const ParsingNote::Scope scope(note, main);
    EXPECT_EQ(note.Read(), main);
    {
      const ParsingNote::Scope within(note, sub);
      EXPECT_EQ(note.Read(), sub);
    }
    EXPECT_EQ(note.Read(), main);
  }
  EXPECT_EQ(note.Read(), std::nullopt);
}

/// Whom the note named whenever it was called.
class NamingSink final : public AccessUnitSink {
 public:
  explicit NamingSink(const ParsingNote& note) : note_(note) {}
  void OnAccessUnit(AccessUnit) override { of_units.push_back(note_.Read()); }
  void OnInterruption(GapReason, WallTime) override { of_interruptions.push_back(note_.Read()); }

  std::vector<std::optional<CameraStream>> of_units;
  std::vector<std::optional<CameraStream>> of_interruptions;

 private:
  const ParsingNote& note_;
};

class NotedReaderTest : public ::testing::Test {
 protected:
  NotedReaderTest() {
    reader_->BeginPulling({CameraTransport::kUdp, "rtsp://192.0.2.1/live", "", ""}, now_);
    Receive(PullKind::kDescription, "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n");
    Receive(PullKind::kPlaying, "");
  }
  void Receive(PullKind kind, std::string_view text) {
    Bytes payload;
    testing::Append(payload, text);
    Take(testing::Interleaved(static_cast<std::uint8_t>(kind), payload));
  }
  void SendPicture() {
    const std::vector<Bytes> nals = {testing::MakeSps({.reorder_frames = 0}), testing::MakePps(),
                                     testing::MakeSlice(true, 6'000, 1)};
    for (const Bytes& packet : rtp_.Picture(nals, time_ += 6'000))
      Take(testing::Interleaved(static_cast<std::uint8_t>(PullKind::kRtp), packet));
  }
  void Take(const Bytes& bytes) { EXPECT_EQ(reader_->OnBytes(bytes, now_), bytes.size()); }
  void Pass(std::chrono::milliseconds time) {
    now_.mono += time;
    now_.wall += time;
    reader_->OnTime(now_);
  }

  ParsingNote note_;
  NamingSink sink_{note_};
  const CameraStream of_{NewId<CameraId>(), Stream::kSub};
  Instant now_{MonoTime(1'000s), WallTime(1'800'000'000s)};
  NotedReader reader_{note_, of_, sink_, now_.wall};
  testing::RtpWriter rtp_;
  std::uint32_t time_ = 0;
};

TEST_F(NotedReaderTest, WhatArrivesIsParsedUnderTheNote) {
  SendPicture();
  EXPECT_THAT(sink_.of_units, SizeIs(1));
  EXPECT_THAT(sink_.of_units, Each(of_));
  EXPECT_EQ(note_.Read(), std::nullopt);
}

TEST_F(NotedReaderTest, SoIsWhatWasHeldBackUntilItsTimeCame) {
  SendPicture();
  rtp_.Skip(1);
  SendPicture();
  SendPicture();
  EXPECT_THAT(sink_.of_units, SizeIs(1)) << "what is missing may have been overtaken";
  Pass(RtpReorder::kMaxWait);
  EXPECT_THAT(sink_.of_units, SizeIs(2));
  reader_->End(GapReason::kCameraSilent, now_);
  reader_.Renew(sink_, now_.wall);
  EXPECT_THAT(sink_.of_units, Each(of_));
  EXPECT_THAT(sink_.of_interruptions, Each(of_));
  EXPECT_EQ(note_.Read(), std::nullopt);
}

}  // namespace
}  // namespace yagura::ingest
