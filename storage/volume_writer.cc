#include "storage/volume_writer.h"

#include <algorithm>
#include <utility>

namespace yagura::storage {

VolumeWriter::VolumeWriter(Files& files, std::unique_ptr<Volume> volume, const Clock& clock,
                           const OfficeCalendar& calendar, Journal& journal)
    : volume_(std::move(volume)),
      clips_(files, *volume_, calendar, journal),
      runs_(*volume_, clock, journal, clips_) {}

bool VolumeWriter::Push(const Account& account, Fragment fragment) {
  const std::uint64_t bytes = fragment.size_bytes;
  if (account->held_bytes + bytes > kStreamHeldBytesMax || *held_bytes_ + bytes > HeldBytesMax()) {
    ++account->fragments_dropped;
    return false;
  }
  account->held_bytes += bytes;
  *held_bytes_ += bytes;
  const auto release = [account, total = held_bytes_, bytes](const Fragment* done) {
    account->held_bytes -= bytes;
    *total -= bytes;
    delete done;
  };
  Enqueue({account, FragmentPointer(new Fragment(std::move(fragment)), release)});
  return true;
}

std::uint64_t VolumeWriter::HeldBytesMax() const {
  return std::max(kVolumeHeldBytesMax, streams_ * kVolumeHeldBytesPerStream);
}

void VolumeWriter::Push(const Account& account, std::uint64_t ordinal,
                        const Interruption& interruption) {
  Enqueue({account, PendingInterruption{ordinal, interruption}});
}

void VolumeWriter::Push(const Account& account, const EndOfStream& end) { Enqueue({account, end}); }

void VolumeWriter::Enqueue(Command command) {
  bool was_empty = false;
  {
    const std::scoped_lock lock(mutex_);
    was_empty = queue_.empty();
    queue_.push_back(std::move(command));
  }
  if (was_empty) queued_.notify_one();
}

void VolumeWriter::ProcessQueue() {
  std::deque<Command> commands;
  {
    const std::scoped_lock lock(mutex_);
    commands.swap(queue_);
  }
  while (!commands.empty()) {
    Process(commands.front());
    commands.pop_front();
    streams_ = runs_.streams();
  }
}

void VolumeWriter::Process(const Command& command) {
  if (const auto* fragment = std::get_if<FragmentPointer>(&command.what)) {
    runs_.OnFragment(command.account, *fragment);
  } else if (const auto* pending = std::get_if<PendingInterruption>(&command.what)) {
    runs_.OnInterruption(command.account, pending->ordinal, pending->interruption);
  } else if (const auto* end = std::get_if<EndOfStream>(&command.what)) {
    runs_.OnEnd(command.account, *end);
  } else if (const auto* clip = std::get_if<FailedClip>(&command.what)) {
    runs_.OnCondemned(*clip);
  }
}

void VolumeWriter::WaitForWork(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  queued_.wait_for(lock, timeout, [this] { return !queue_.empty(); });
}

void VolumeWriter::SyncRound() {
  volume_->CheckSpace();
  for (const FailedClip& clip : clips_.SyncRound()) Enqueue({nullptr, clip});
}

}  // namespace yagura::storage
