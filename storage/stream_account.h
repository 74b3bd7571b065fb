#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

#include "storage/coverage_ledger.h"
#include "storage/journal.h"

namespace yagura::storage {

/// What ingest's thread, the writer of a volume and the recorder's own thread share about one
/// stream: its account of time, and how it fares. Thread-safe.
class StreamAccount {
 public:
  StreamAccount(CameraId camera, Stream stream, OwnerSchedule owners)
      : camera_(camera), stream_(stream), ledger_(camera, stream, std::move(owners)) {}

  /// Lets `change(ledger, records)` change the ledger and adds what it records to `journal`, as one
  /// batch, in the order of the changes.
  template <class Change>
  void Update(Journal& journal, Change&& change) {
    const std::scoped_lock lock(mutex_);
    CoverageLedger::Records records;
    change(ledger_, records);
    journal.Append(records);
  }

  [[nodiscard]] const CameraId& camera() const { return camera_; }
  [[nodiscard]] Stream stream() const { return stream_; }

  /// The newest run whose fragments are refused: ingest's side gives it up and starts another at
  /// the next keyframe.
  std::atomic<std::uint64_t> failed_ordinal = 0;
  /// The newest run of which a fragment was stored. An interruption said before it is history.
  /// Changed inside Update only.
  std::uint64_t started_ordinal = 0;
  /// Bytes of fragments in queues and in memory until their sync.
  std::atomic<std::uint64_t> held_bytes = 0;
  std::atomic<std::uint64_t> fragments_dropped = 0;
  /// Clip files that are not recorded as closed yet.
  std::atomic<std::uint32_t> open_clips = 0;
  /// The writer has dealt with the end of the stream.
  std::atomic<bool> ended = false;

 private:
  const CameraId camera_;
  const Stream stream_;
  std::mutex mutex_;
  CoverageLedger ledger_;
};

}  // namespace yagura::storage
