#include "storage/direct_writer_posix.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/check.h"

namespace yagura::storage {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kHugePageBytes = 2 * 1024 * 1024;

/// The upper half of our descriptors is for cameras and files that can't do without.
bool IsScarce(int fd) {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) != 0 || static_cast<rlim_t>(fd) >= limit.rlim_cur / 2;
}

}  // namespace

bool DiskPace::keeps_up(Time now) const {
  const std::scoped_lock lock(mutex_);
  return now >= rests_until_;
}

void DiskPace::Note(Time begun, Time ended) {
  const std::scoped_lock lock(mutex_);
  if (begun - std::exchange(last_ended_, ended) >= kSpan) {
    span_begun_ = begun;
    waited_ = {};
  }
  waited_ += ended - begun;
  if (ended - span_begun_ < kSpan) return;
  if (waited_ > (ended - span_begun_) / 2) rests_until_ = ended + kRest;
  span_begun_ = ended;
  waited_ = {};
}

DirectStage::DirectStage()
    : memory_(::mmap(nullptr, 2 * kHugePageBytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
  CHECK(memory_ != MAP_FAILED);
  void* aligned = memory_;
  std::size_t room = 2 * kHugePageBytes;
  CHECK(std::align(kHugePageBytes, kHugePageBytes, aligned, room) != nullptr);
  (void)::madvise(aligned, kHugePageBytes, MADV_HUGEPAGE);  // dearer without, not wrong
  bytes_ = static_cast<std::uint8_t*>(aligned);
}

DirectStage::~DirectStage() { (void)::munmap(memory_, 2 * kHugePageBytes); }

DirectWriter::DirectWriter(std::shared_ptr<DirectStage> stage, std::string path)
    : stage_(std::move(stage)), path_(std::move(path)) {}

DirectWriter::~DirectWriter() {
  if (fd_ >= 0) ::close(fd_);
}

bool DirectWriter::IsOpen() {
  if (fd_ < 0 && !is_refused_) {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_DIRECT | O_CLOEXEC | O_NOFOLLOW);
    if (fd_ >= 0 && IsScarce(fd_)) ::close(std::exchange(fd_, -1));
    is_refused_ = fd_ < 0;
  }
  return fd_ >= 0;
}

std::size_t DirectWriter::Write(std::uint64_t offset, std::span<const iovec> parts) {
  if (!stage_->pace.keeps_up(steady_clock::now()) || !IsOpen()) return 0;
  const std::scoped_lock lock(stage_->mutex);
  const std::span<std::uint8_t> stage = stage_->bytes();
  std::size_t written = 0;
  std::size_t staged = 0;
  for (const iovec& part : parts) {
    std::span rest(static_cast<const std::uint8_t*>(part.iov_base), part.iov_len);
    while (!rest.empty()) {
      const std::size_t bytes = std::min(rest.size(), stage.size() - staged);
      std::memcpy(stage.data() + staged, rest.data(), bytes);
      staged += bytes;
      rest = rest.subspan(bytes);
      if (staged < stage.size()) continue;
      if (!Flush(offset + written, staged)) return written;
      written += std::exchange(staged, 0);
    }
  }
  if (staged > 0 && Flush(offset + written, staged)) written += staged;
  return written;
}

/// A part of a page can't be written on, so that what was taken in part counts as not taken: the
/// caller writes it again.
bool DirectWriter::Flush(std::uint64_t offset, std::size_t bytes) {
  const auto begun = steady_clock::now();
  const ssize_t done = ::pwrite(fd_, stage_->bytes().data(), bytes, static_cast<off_t>(offset));
  stage_->pace.Note(begun, steady_clock::now());
  if (done == static_cast<ssize_t>(bytes)) return true;
  is_refused_ = true;
  ::close(std::exchange(fd_, -1));
  return false;
}

}  // namespace yagura::storage
