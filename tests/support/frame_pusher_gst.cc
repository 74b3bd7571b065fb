#include "tests/support/frame_pusher_gst.h"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include <algorithm>
#include <random>

#include "core/frame_stamp.h"
#include "simulate/h264_headers.h"
#include "simulate/h265_headers.h"

namespace yagura::testing {
namespace {

constexpr std::uint32_t kCamera = 1;
constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;

std::uint64_t Random64() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

void AppendNal(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> nal) {
  out.insert(out.end(), {0, 0, 0, 1});
  out.insert(out.end(), nal.begin(), nal.end());
}

/// The payloader sends no access unit delimiters; so they are left out from the start, and from the
/// CRC.
bool IsSent(std::span<const std::uint8_t> nal, Codec codec) {
  if (codec == Codec::kH265) return simulate::H265NalTypeOf(nal) != simulate::kH265NalDelimiter;
  return simulate::NalTypeOf(nal) != simulate::kNalDelimiter;
}

std::uint32_t CrcOf(const simulate::LoopFrame& frame, Codec codec) {
  if (codec == Codec::kJpeg) return UnstampedCrcOf(ParseJpegPicture(frame.nals.front()).value());
  UnstampedCrc crc;
  for (const auto nal : frame.nals) {
    if (IsSent(nal, codec)) crc.Add(nal);
  }
  return crc.value();
}

/// The frame as a byte stream, stamped before its first slice; or as a JPEG file.
std::vector<std::uint8_t> Stamped(const simulate::LoopFrame& frame, Codec codec,
                                  const FrameStamp& stamp) {
  std::vector<std::uint8_t> bytes;
  if (codec == Codec::kJpeg) {  // behind the coded data, before EOI
    bytes.assign(frame.nals.front().begin(), frame.nals.front().end());
    const auto nal = EncodeFrameStamp(stamp, codec);
    bytes.insert(bytes.end() - 2, nal.begin(), nal.end());
    return bytes;
  }
  for (std::size_t i = 0; i < frame.nals.size(); ++i) {
    if (i == frame.first_slice) AppendNal(bytes, EncodeFrameStamp(stamp, codec));
    if (IsSent(frame.nals[i], codec)) AppendNal(bytes, frame.nals[i]);
  }
  return bytes;
}

}  // namespace

FramePusher::FramePusher(const PushedFootage& footage, GstElement* source)
    : footage_(footage), source_(GST_ELEMENT(gst_object_ref(source))), epoch_(Random64()) {
  const auto& frames = footage_.loop->frames;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    crcs_.push_back(CrcOf(frames[i], footage_.loop->codec));
    lag_frames_ = std::max(lag_frames_, static_cast<std::int64_t>(i) - frames[i].presentation);
  }
  footage_.log->With([&](SentLogWriter& log) {
    log.Epoch({.camera = kCamera, .epoch = epoch_, .start = footage_.clock->Now()});
  });
  Push(0);
}

FramePusher::~FramePusher() {
  Stop();
  gst_object_unref(source_);
}

void FramePusher::Play() {
  const std::scoped_lock life(life_);
  if (thread_.joinable() || stopping_) return;
  begin_ = footage_.clock->Monotonic();
  begin_wall_ = footage_.clock->Now();
  footage_.log->With([&](SentLogWriter& log) {
    session_ = log.Begin({.camera = kCamera, .epoch = epoch_, .begin = footage_.clock->Now()});
  });
  Note(0);
  thread_ = std::thread([this] { Run(); });
}

void FramePusher::Stop() {
  const std::scoped_lock life(life_);
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  footage_.log->With([&](SentLogWriter& log) {
    log.End({.session = session_, .at = footage_.clock->Now()});
    (void)log.Flush();  // the reader of the log sees whether it is complete
  });
}

void FramePusher::Run() {
  for (std::uint64_t number = 1;; ++number) {
    const auto due =
        begin_ + std::chrono::nanoseconds(NanosecondsOf(static_cast<std::int64_t>(number)));
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_until(lock, due, [&] { return stopping_; })) return;
    }
    Push(number);
    Note(number);
  }
}

std::int64_t FramePusher::IntervalsUntilShown(std::uint64_t number) const {
  const auto& frames = footage_.loop->frames;
  const auto at = static_cast<std::int64_t>(number % frames.size());
  return frames[number % frames.size()].presentation - at + lag_frames_;
}

std::uint64_t FramePusher::NanosecondsOf(std::int64_t intervals) const {
  return static_cast<std::uint64_t>(intervals) * kNanosecondsPerSecond * footage_.rate.seconds /
         footage_.rate.frames;
}

std::uint64_t FramePusher::PtsOf(std::uint64_t number) const {
  return NanosecondsOf(static_cast<std::int64_t>(number) + IntervalsUntilShown(number));
}

void FramePusher::Push(std::uint64_t number) {
  const auto& frames = footage_.loop->frames;
  const std::size_t at = number % frames.size();
  const FrameStamp stamp = {.camera = kCamera,
                            .epoch = epoch_,
                            .number = number,
                            .presentation = number - at + frames[at].presentation,
                            .crc = crcs_[at]};
  const std::vector<std::uint8_t> bytes = Stamped(frames[at], footage_.loop->codec, stamp);
  GstBuffer* buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
  GST_BUFFER_PTS(buffer) = PtsOf(number);
  GST_BUFFER_DTS(buffer) = NanosecondsOf(static_cast<std::int64_t>(number));
  GST_BUFFER_DURATION(buffer) = NanosecondsOf(1);
  // A pipeline that is being taken down refuses; Stop follows.
  (void)gst_app_src_push_buffer(GST_APP_SRC(source_), buffer);
}

void FramePusher::Note(std::uint64_t number) {
  const auto& frame = footage_.loop->frames[number % footage_.loop->frames.size()];
  const std::int64_t held_back =
      lag_frames_ + footage_.loop->reorder_frames - IntervalsUntilShown(number);
  // As the RTP timestamps have it: a push that comes late changes nothing about when it was due.
  const WallTime due =
      begin_wall_ + microseconds(NanosecondsOf(static_cast<std::int64_t>(number)) / 1000);
  const auto ticks = PtsOf(number) * (kMediaTimescale / 10'000) / (kNanosecondsPerSecond / 10'000);
  footage_.log->With([&](SentLogWriter& log) {
    log.Frame({.session = session_,
               .number = number,
               .crc = crcs_[number % crcs_.size()],
               .rtp_time = kGstTimestampOffset + static_cast<std::uint32_t>(ticks),
               .keyframe = frame.keyframe,
               .sent = footage_.clock->Now(),
               .captured = due - microseconds(NanosecondsOf(held_back) / 1000)});
  });
}

}  // namespace yagura::testing
