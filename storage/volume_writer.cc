#include "storage/volume_writer.h"

#include <algorithm>
#include <utility>

#include "storage/stream_route.h"

namespace yagura::storage {

VolumeWriter::VolumeWriter(Files& files, std::unique_ptr<Volume> volume, const Clock& clock,
                           const OfficeCalendar& calendar, Journal& journal, OtherVolumes& others)
    : clock_(clock),
      volume_(std::move(volume)),
      clips_(files, *volume_, calendar, journal),
      runs_(*volume_, clock, journal, clips_, others) {}

VolumeWriter::FragmentPointer VolumeWriter::Hold(const Account& account, Fragment fragment) {
  const std::uint64_t bytes = fragment.size_bytes;
  if (account->held_bytes + bytes > kStreamHeldBytesMax || *held_bytes_ + bytes > HeldBytesMax()) {
    ++account->fragments_dropped;
    return nullptr;
  }
  account->held_bytes += bytes;
  *held_bytes_ += bytes;
  const auto release = [account, total = held_bytes_, bytes](const Fragment* done) {
    account->held_bytes -= bytes;
    *total -= bytes;
    delete done;
  };
  return {new Fragment(std::move(fragment)), release};
}

std::uint64_t VolumeWriter::HeldBytesMax() const {
  return std::max(kVolumeHeldBytesMax, streams_ * kVolumeHeldBytesPerStream);
}

void VolumeWriter::Enqueue(VolumeCommand command) {
  command.queued_at = clock_.Monotonic();
  bool was_empty = false;
  {
    const std::scoped_lock lock(mutex_);
    was_empty = queue_.empty();
    if (was_empty) queued_since_ = command.queued_at.time_since_epoch().count();
    queue_.push_back(std::move(command));
  }
  if (was_empty) queued_.notify_one();
}

void VolumeWriter::ProcessQueue() {
  runs_.LookAtSpace();
  std::deque<VolumeCommand> commands;
  {
    const std::scoped_lock lock(mutex_);
    commands.swap(queue_);
    queued_since_ = 0;
  }
  while (!commands.empty()) {
    writing_since_ = commands.front().queued_at.time_since_epoch().count();
    Process(commands.front());
    commands.pop_front();
    streams_ = runs_.streams();
  }
  writing_since_ = 0;
}

bool VolumeWriter::is_behind() const {
  const MonoTime limit = clock_.Monotonic() - kKeepsUpWithin;
  const auto waits = [limit](MonoTime::rep since) {
    return since != 0 && since < limit.time_since_epoch().count();
  };
  return waits(queued_since_) || waits(writing_since_) || waits(syncing_since_);
}

void VolumeWriter::Process(const VolumeCommand& command) {
  if (const auto* fragment = std::get_if<FragmentPointer>(&command.what)) {
    runs_.OnFragment(command.account, *fragment);
  } else if (const auto* pending = std::get_if<PendingInterruption>(&command.what)) {
    runs_.OnInterruption(command.account, pending->ordinal, pending->interruption);
  } else if (const auto* end = std::get_if<EndOfStream>(&command.what)) {
    runs_.OnEnd(command.account, *end);
  } else if (const auto* leave = std::get_if<LeaveVolume>(&command.what)) {
    runs_.OnLeave(command.account, leave->reason, leave->next_media_start, leave->next_start);
    if (const auto route = leave->route.lock()) route->Arrive(*leave->next);
  } else if (const auto* clip = std::get_if<VolumeCommand::FailedClip>(&command.what)) {
    runs_.OnCondemned(*clip);
  } else if (const auto* rescued = std::get_if<RescuedClip>(&command.what)) {
    runs_.OnRescued(*rescued);
  }
}

void VolumeWriter::WaitForWork(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  queued_.wait_for(lock, timeout, [this] { return !queue_.empty(); });
}

void VolumeWriter::SyncRound() {
  syncing_since_ = clock_.Monotonic().time_since_epoch().count();
  volume_->CheckSpace();
  volume_->CheckPresence();
  for (const auto& clip : clips_.SyncRound()) Enqueue({nullptr, clip});
  syncing_since_ = 0;
}

}  // namespace yagura::storage
