#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "ingest/interleaved.h"
#include "ingest/pull/pull_pipe.h"

namespace yagura::ingest {
namespace {

constexpr std::size_t kMaxPayloadBytes = 65'535;

/// False: the end.
bool ReadWhole(std::span<std::uint8_t> to) {
  while (!to.empty()) {
    const ssize_t got = ::read(STDIN_FILENO, to.data(), to.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to = to.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

}  // namespace

std::optional<PullOrder> PullPipe::ReadOrder() {
  std::vector<std::uint8_t> frame(4);
  if (!ReadWhole(frame) || frame[0] != kInterleavedMark ||
      frame[1] != static_cast<std::uint8_t>(PullKind::kOrder)) {
    return std::nullopt;
  }
  std::vector<std::uint8_t> payload(static_cast<std::size_t>(frame[2] << 8 | frame[3]));
  if (!ReadWhole(payload)) return std::nullopt;
  auto order = ParsePullOrder(payload);
  return order.has_value() ? std::optional(*std::move(order)) : std::nullopt;
}

void PullPipe::AwaitEnd() {
  std::array<std::uint8_t, 64> nothing{};
  while (ReadWhole(std::span(nothing).first(1))) {
  }
}

void PullPipe::Write(PullKind kind, std::span<const std::uint8_t> payload) {
  if (payload.size() > kMaxPayloadBytes) return;
  const std::array<std::uint8_t, 4> head{kInterleavedMark, static_cast<std::uint8_t>(kind),
                                         static_cast<std::uint8_t>(payload.size() >> 8),
                                         static_cast<std::uint8_t>(payload.size() & 0xff)};
  const std::scoped_lock lock(mutex_);
  if (!failed_) WriteWhole(head, payload);
}

void PullPipe::Fail(const PullFailure& failure) {
  const std::string frame = EncodePullFailure(failure);
  const std::scoped_lock lock(mutex_);
  if (std::exchange(failed_, true)) return;
  WriteWhole({}, {reinterpret_cast<const std::uint8_t*>(frame.data()), frame.size()});
}

/// A recorder that reads no more has gone; the other thread sees that too.
void PullPipe::WriteWhole(std::span<const std::uint8_t> head,
                          std::span<const std::uint8_t> payload) {
  while (!head.empty() || !payload.empty()) {
    const std::array<iovec, 2> parts{
        iovec{const_cast<std::uint8_t*>(head.data()), head.size()},
        iovec{const_cast<std::uint8_t*>(payload.data()), payload.size()}};
    const ssize_t written = ::writev(STDOUT_FILENO, parts.data(), parts.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      failed_ = true;
      return;
    }
    const auto of_head = std::min(head.size(), static_cast<std::size_t>(written));
    head = head.subspan(of_head);
    payload = payload.subspan(static_cast<std::size_t>(written) - of_head);
  }
}

}  // namespace yagura::ingest
