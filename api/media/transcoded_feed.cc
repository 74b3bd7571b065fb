#include "api/media/transcoded_feed.h"

#include <algorithm>

#include "core/log.h"

namespace yagura::api {
namespace {

/// More frames than any camera reorders: what was sent before them never came out.
constexpr std::size_t kSentMax = 64;

}  // namespace

TranscodedFeed::TranscodedFeed(std::shared_ptr<ViewerQueue> source, std::shared_ptr<LiveFeed> to,
                               Transcoders::Place place, pictures::Transcode::Options worker)
    : source_(std::move(source)),
      to_(std::move(to)),
      place_(std::move(place)),
      worker_options_(std::move(worker)) {
  source_->OnReady([this] {
    {
      const std::scoped_lock lock(mutex_);
      woken_ = true;
    }
    wake_.notify_one();
  });
  thread_ = std::thread([this] { Run(); });
}

TranscodedFeed::~TranscodedFeed() {
  source_->OnReady({});
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void TranscodedFeed::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    woken_ = false;
    lock.unlock();
    const auto unit = source_->Take();
    if (unit) Pass(*unit);
    lock.lock();
    if (!unit) wake_.wait(lock, [this] { return woken_ || stopping_; });
  }
}

void TranscodedFeed::Pass(const AccessUnit& unit) {
  if (unit.format->codec == Codec::kH264) return to_->OnAccessUnit(unit);
  if (skips_to_keyframe_ && !unit.keyframe) return;
  const auto done = Transcode(unit);
  skips_to_keyframe_ = !done.has_value();
  if (done.has_value()) return;
  log::Warning("a live stream that is transcoded breaks", {{"error", done.error()}});
  worker_ = nullptr;
  source_format_ = nullptr;
  to_->OnLost();
}

Result<void> TranscodedFeed::Transcode(const AccessUnit& unit) {
  const bool goes_on = source_format_ != nullptr && unit.timeline == timeline_ &&
                       (source_format_ == unit.format || *source_format_ == *unit.format);
  if (!goes_on) {
    RETURN_IF_ERROR(BeginWith(unit));
  }
  if (sent_.size() == kSentMax) sent_.pop_front();
  sent_.push_back({unit.pts, unit.wall});
  ASSIGN_OR_RETURN(const auto frames, worker_->Add(unit.pts, unit.data));
  for (const auto& frame : frames) GiveOut(frame);
  return {};
}

/// A stream of another format, or on another axis of time.
Result<void> TranscodedFeed::BeginWith(const AccessUnit& unit) {
  if (worker_ == nullptr) {
    ASSIGN_OR_RETURN(worker_, pictures::Transcode::Start(worker_options_));
  }
  ASSIGN_OR_RETURN(StreamFormat begun, worker_->Begin(SourceOf(*unit.format)));
  sent_.clear();
  source_format_ = unit.format;
  timeline_ = unit.timeline;
  format_ = std::make_shared<const StreamFormat>(std::move(begun));
  return {};
}

void TranscodedFeed::GiveOut(const pictures::TranscodedFrame& frame) {
  const auto sent = std::find_if(sent_.begin(), sent_.end(),
                                 [&](const Sent& one) { return one.pts == frame.pts; });
  if (sent == sent_.end()) return;  // nobody can say when it was recorded
  AccessUnit unit;
  unit.data = frame.data;
  unit.pts = unit.dts = frame.pts;
  unit.keyframe = frame.keyframe;
  unit.wall = sent->wall;
  unit.format = format_;
  unit.timeline = timeline_;
  to_->OnAccessUnit(std::move(unit));
}

}  // namespace yagura::api
