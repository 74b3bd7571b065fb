#include "app/picture_checks.h"

#include <optional>
#include <utility>

#include "core/check.h"
#include "core/log.h"
#include "storage/codec_boxes.h"

namespace yagura::app {
namespace {

using pictures::PictureFault;
using pictures::PictureQuestion;

constexpr std::chrono::milliseconds kLookEach{500};

pictures::PictureOrder OrderOf(const PictureQuestion& question) {
  pictures::PictureOrder order;
  order.codec = question.format->codec;
  order.configuration = storage::DecoderConfiguration(*question.format);
  if (question.is_about_both()) order.frames.push_back(question.earlier);
  order.frames.push_back(question.later);
  return order;
}

}  // namespace

/// One camera's watch on the way of its access units. Ingest's thread and the looking one meet
/// here, for a few steps at a time.
class WatchedPictures final : public AccessUnitSink {
 public:
  explicit WatchedPictures(std::shared_ptr<AccessUnitSink> next) : next_(std::move(next)) {}

  void OnAccessUnit(AccessUnit unit) override {
    {
      const std::scoped_lock lock(mutex_);
      watch_.OnUnit(unit);
    }
    next_->OnAccessUnit(std::move(unit));
  }
  void OnInterruption(GapReason reason, WallTime from) override {
    {
      const std::scoped_lock lock(mutex_);
      watch_.OnInterruption();
    }
    next_->OnInterruption(reason, from);
  }
  [[nodiscard]] bool wants_look() {
    const std::scoped_lock lock(mutex_);
    return watch_.wants_look();
  }
  void AllowLook() {
    const std::scoped_lock lock(mutex_);
    watch_.AllowLook();
  }
  std::optional<PictureQuestion> TakeQuestion() {
    const std::scoped_lock lock(mutex_);
    return watch_.TakeQuestion();
  }
  /// Gives the fault that there is now.
  std::pair<PictureFault, WallTime> Answer(const PictureQuestion& question,
                                           const Result<pictures::PictureSigns>& signs) {
    const std::scoped_lock lock(mutex_);
    if (signs.has_value()) {
      watch_.OnAnswer(question, *signs);
    } else {
      watch_.Unanswered();
    }
    return {watch_.fault(), watch_.since()};
  }

 private:
  const std::shared_ptr<AccessUnitSink> next_;
  std::mutex mutex_;
  pictures::PictureWatch watch_;
};

PictureChecks::PictureChecks(std::string program, pg::Pool& pool)
    : comparer_(std::move(program)), pool_(pool) {}

PictureChecks::~PictureChecks() { Stop(); }

std::shared_ptr<AccessUnitSink> PictureChecks::Watch(CameraId camera,
                                                     std::shared_ptr<AccessUnitSink> sink) {
  auto pictures = std::make_shared<WatchedPictures>(std::move(sink));
  const std::scoped_lock lock(mutex_);
  watched_[camera] = pictures;
  return pictures;
}

void PictureChecks::Forget(CameraId camera) {
  const std::scoped_lock lock(mutex_);
  watched_.erase(camera);
}

void PictureChecks::Start() {
  CHECK(!thread_.joinable());
  thread_ = std::thread([this] { Loop(); });
}

void PictureChecks::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void PictureChecks::Loop() {
  do {
    const auto watched = Watched();
    AllowLooks(watched);
    for (const auto& [camera, pictures] : watched) LookAt(camera, *pictures);
    Tell();
  } while (Wait());
}

bool PictureChecks::Wait() {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, kLookEach, [this] { return stopping_; });
}

std::map<CameraId, PictureChecks::Pictures> PictureChecks::Watched() {
  const std::scoped_lock lock(mutex_);
  return stopping_ ? std::map<CameraId, Pictures>{} : watched_;
}

/// The budget's, in turn.
void PictureChecks::AllowLooks(const std::map<CameraId, Pictures>& watched) {
  budget_.Refill(std::chrono::steady_clock::now(), watched.size());
  auto next = watched.upper_bound(last_allowed_);
  for (std::size_t asked = 0; asked < watched.size(); ++asked, ++next) {
    if (next == watched.end()) next = watched.begin();
    if (!next->second->wants_look()) continue;
    if (!budget_.Take()) return;
    next->second->AllowLook();
    last_allowed_ = next->first;
  }
}

void PictureChecks::LookAt(CameraId camera, WatchedPictures& pictures) {
  const auto question = pictures.TakeQuestion();
  if (!question) return;
  const auto signs = comparer_.Compare(OrderOf(*question));
  const auto [fault, since] = pictures.Answer(*question, signs);
  Note(camera, {fault, since});
}

PictureChecks::Faults PictureChecks::faults() {
  const std::scoped_lock lock(mutex_);
  return faults_;
}

void PictureChecks::SetFault(CameraId camera, const Fault& now) {
  const std::scoped_lock lock(mutex_);
  if (now.fault == PictureFault::kNone) {
    faults_.erase(camera);
  } else {
    faults_[camera] = now;
  }
}

void PictureChecks::DropFaultsButOf(const std::set<CameraId>& cameras) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(faults_, [&](const auto& one) { return !cameras.contains(one.first); });
}

/// Says it in the log, once.
void PictureChecks::Note(CameraId camera, const Fault& now) {
  const auto known = faults_.find(camera);
  const PictureFault before = known == faults_.end() ? PictureFault::kNone : known->second.fault;
  if (before == now.fault) return;
  changed_ = true;
  SetFault(camera, now);
  if (now.fault == PictureFault::kNone) {
    log::Info("camera's picture is back", {{"camera", ToString(camera)}});
    return;
  }
  log::Warning("camera's picture is at fault", {{"camera", ToString(camera)},
                                                {"fault", ToString(now.fault)},
                                                {"since", FormatRfc3339(now.since)}});
}

/// The whole present state, whenever it or the cameras have changed; again in the next round where
/// the database doesn't take it.
void PictureChecks::Tell() {
  std::set<CameraId> cameras;
  for (const auto& [camera, pictures] : Watched()) cameras.insert(camera);
  if (!changed_ && cameras == told_of_) return;
  DropFaultsButOf(cameras);
  std::set<CameraId> about = told_of_;  // those that are watched no more, too
  about.insert(cameras.begin(), cameras.end());
  std::vector<fleet::PictureFaultRow> rows;
  for (const auto& [camera, one] : faults_)
    rows.push_back({camera, std::string(ToString(one.fault)), one.since});
  const std::vector<CameraId> all(about.begin(), about.end());
  const auto told = pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    fleet::StorePictureFaults(transaction, all, rows);
    return {};
  });
  if (!told.has_value()) return;
  changed_ = false;
  told_of_ = std::move(cameras);
}

}  // namespace yagura::app
