#include "core/sent_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/sent_log_writer.h"
#include "tests/support/fake_clock.h"

namespace yagura {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr WallTime kStart{seconds(1'800'000'000)};

class SentLogTest : public ::testing::Test {
 protected:
  SentLogTest() {
    std::string name = "/tmp/yagura-sent-log-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    log_ = folder_ / "sent.log";
  }
  ~SentLogTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<SentLogWriter> Open() { return SentLogWriter::Open(log_, clock_).value(); }
  SentLog Load() { return LoadSentLog(log_).value(); }
  static SentFrame Frame(std::uint32_t session, std::uint64_t number) {
    return {.session = session,
            .number = number,
            .crc = 0xdeadbeef,
            .rtp_time = 4'294'967'000,
            .keyframe = number % 2 == 0,
            .sent = kStart + seconds(2),
            .captured = kStart + seconds(1),
            .broken = number % 3 == 0};
  }

  testing::FakeClock clock_;
  std::filesystem::path folder_;
  std::filesystem::path log_;
};

TEST_F(SentLogTest, ReadsWhatWasWritten) {
  const SentCamera camera{7, "/camera/7"};
  const SentEpoch epoch{7, 0xfedcba9876543210, kStart};
  SentSession session{0, 7, epoch.epoch, 5'000'000'000, kStart + seconds(1)};
  auto writer = Open();
  writer->Camera(camera);
  writer->Epoch(epoch);
  session.session = writer->Begin(session);
  const SentFrame frame = Frame(session.session, 5'000'000'003);
  writer->Frame(frame);
  const SentSessionEnd end{session.session, SessionEnd::kTeardown, kStart + seconds(9)};
  writer->End(end);
  writer.reset();

  const SentLog log = Load();
  EXPECT_THAT(log.cameras, ElementsAre(camera));
  EXPECT_THAT(log.epochs, ElementsAre(epoch));
  EXPECT_THAT(log.sessions, ElementsAre(session));
  EXPECT_THAT(log.frames, ElementsAre(frame));
  EXPECT_THAT(log.ends, ElementsAre(end));
}

TEST_F(SentLogTest, WritesOutAfterTwoHundredMilliseconds) {
  auto writer = Open();
  const std::uint32_t session = writer->Begin({.camera = 1});
  writer->Frame(Frame(session, 0));
  writer->FlushIfDue();
  EXPECT_THAT(Load().frames, IsEmpty());
  clock_.Advance(milliseconds(200));
  writer->FlushIfDue();
  EXPECT_THAT(Load().frames, SizeIs(1));
}

TEST_F(SentLogTest, ReaderGoesOnWhenATornRecordIsCompleted) {
  auto writer = Open();
  const std::uint32_t session = writer->Begin({.camera = 1});
  writer->Frame(Frame(session, 0));
  writer.reset();
  const auto whole = std::filesystem::file_size(log_);
  std::string bytes(whole, '\0');
  std::ifstream(log_).read(bytes.data(), static_cast<std::streamsize>(whole));
  std::filesystem::resize_file(log_, whole - 1);

  auto reader = SentLogReader::Open(log_).value();
  EXPECT_TRUE(reader.Next().value().has_value());   // the session
  EXPECT_FALSE(reader.Next().value().has_value());  // the torn frame
  std::ofstream(log_, std::ios::app).put(bytes.back());
  EXPECT_TRUE(reader.Next().value().has_value());
  EXPECT_FALSE(reader.Next().value().has_value());
}

TEST_F(SentLogTest, AWriterGoesOnAfterOneThatDied) {
  auto writer = Open();
  const std::uint32_t lost = writer->Begin({.camera = 1});
  writer->Frame(Frame(lost, 0));
  writer.reset();
  std::filesystem::resize_file(log_, std::filesystem::file_size(log_) - 5);

  writer = Open();
  const std::uint32_t next = writer->Begin({.camera = 1});
  writer->Frame(Frame(next, 1));
  writer.reset();

  EXPECT_NE(next, lost);
  const SentLog log = Load();
  EXPECT_THAT(log.frames, ElementsAre(Frame(next, 1)));
  EXPECT_THAT(log.ends, ElementsAre(SentSessionEnd{lost, SessionEnd::kLost, clock_.Now()}));
}

TEST_F(SentLogTest, RefusesOtherFiles) {
  EXPECT_EQ(SentLogReader::Open(log_).error().code(), ErrorCode::kNotFound);
  std::ofstream(log_) << "something else altogether";
  EXPECT_EQ(SentLogReader::Open(log_).error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(SentLogWriter::Open(log_, clock_).error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(SentLogWriter::Open(folder_, clock_).error().code(), ErrorCode::kUnavailable);
}

TEST_F(SentLogTest, ARecordThatMakesNoSenseIsDataLoss) {
  std::ofstream(log_) << "YGSENT1\n" << std::string_view("F\0\x07\0garbage", 11);
  EXPECT_EQ(LoadSentLog(log_).error().code(), ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace yagura
