#include "app/known_cameras.h"

#include <utility>

#include "core/log.h"
#include "fleet/last_configuration.h"
#include "fleet/recorder_view_pg.h"

namespace yagura::app {
namespace {

/// Cameras whose service ended longer ago have nothing open any more.
constexpr std::chrono::hours kEndedServiceKept{24 * 40};

}  // namespace

void KnownCameras::LoadLast() {
  auto last = fleet::LoadLastConfiguration(files_, file_);
  if (last.has_value()) {
    view_ = *std::move(last);
  } else if (last.error().code() != ErrorCode::kNotFound) {
    log::Error("the cameras known last can't be read", {{"error", last.error()}});
  }
}

bool KnownCameras::Refresh() {
  PublishKey();
  auto changed = ReadChanged();
  if (!changed.has_value()) {
    if (!std::exchange(away_, true)) {
      log::Warning("the database doesn't answer; recording the cameras known last",
                   {{"error", changed.error()}});
    }
    return false;
  }
  if (std::exchange(away_, false)) log::Info("the database answers again");
  if (!changed->has_value()) return false;
  view_ = **std::move(changed);
  read_ = true;
  if (const auto saved = fleet::SaveLastConfiguration(files_, file_, *view_); !saved.has_value()) {
    log::Error("the cameras can't be kept for a start without database",
               {{"error", saved.error()}});
  }
  return true;
}

Result<std::optional<fleet::RecorderView>> KnownCameras::ReadChanged() {
  using Read = std::optional<fleet::RecorderView>;
  return pool_.ReadFor<Read>([&](pqxx::transaction_base& transaction) -> Result<Read> {
    const std::int64_t epoch = fleet::ReadFactsEpoch(transaction);
    if (read_ && view_.has_value() && view_->epoch == epoch) return Read();
    return Read(fleet::ReadRecorderView(transaction, clock_.Now() - kEndedServiceKept));
  });
}

void KnownCameras::PublishKey() {
  if (published_) return;
  const auto done = pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    fleet::PublishRecorderKey(transaction, key_);
    return {};
  });
  published_ = done.has_value();
}

}  // namespace yagura::app
