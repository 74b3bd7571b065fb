#include "api/media/send_file_posix.h"

#include <pthread.h>
#include <signal.h>
#include <sys/sendfile.h>

#include <algorithm>
#include <cerrno>

namespace yagura::api {

SendOutcome SendFromFile(int socket, FilePiece& piece, std::uint64_t bytes_max,
                         std::uint64_t& sent) {
  sent = 0;
  auto offset = static_cast<off_t>(piece.offset);
  const auto wanted = static_cast<std::size_t>(std::min(piece.size_bytes, bytes_max));
  const ssize_t count = sendfile(socket, piece.file->descriptor(), &offset, wanted);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return SendOutcome::kWouldBlock;
  if (count <= 0) return SendOutcome::kBroken;
  sent = static_cast<std::uint64_t>(count);
  piece.offset += sent;
  piece.size_bytes -= sent;
  return SendOutcome::kProgress;
}

void BlockSigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace yagura::api
