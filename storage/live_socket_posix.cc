#include "storage/live_socket_posix.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace yagura::storage {
namespace {

constexpr int kBacklog = 64;
constexpr mode_t kOwnerAndGroup = 0660;

tl::unexpected<Error> SystemFailure(const std::string& what, const std::string& path) {
  return Failure(ErrorCode::kUnavailable, what + " \"" + path + "\": " + std::strerror(errno));
}

/// An address holds 107 characters; through a descriptor of its folder any path is short enough.
struct ShortAddress {
  OwnedDescriptor folder;
  sockaddr_un address{};
};

Result<ShortAddress> AddressOf(const std::string& path) {
  const std::filesystem::path whole(path);
  ShortAddress made;
  const std::string folder = whole.has_parent_path() ? whole.parent_path().string() : ".";
  made.folder = OwnedDescriptor(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!made.folder.open()) return SystemFailure("can't open the folder of", path);
  const std::string text =
      "/proc/self/fd/" + std::to_string(made.folder.get()) + "/" + whole.filename().string();
  if (text.size() >= sizeof made.address.sun_path)
    return Failure(ErrorCode::kInvalidArgument, "too long a name for a socket: \"" + path + "\"");
  made.address.sun_family = AF_UNIX;
  text.copy(made.address.sun_path, text.size());
  return made;
}

const sockaddr* Generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

OwnedDescriptor NewSocket() {
  return OwnedDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

}  // namespace

int OwnedDescriptor::Release() { return std::exchange(descriptor_, -1); }

void OwnedDescriptor::Reset() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

Result<OwnedDescriptor> ListenForSubscribers(const std::string& path) {
  ASSIGN_OR_RETURN(const ShortAddress at, AddressOf(path));
  OwnedDescriptor made = NewSocket();
  if (!made.open()) return SystemFailure("can't make a socket for", path);
  ::unlink(path.c_str());  // of a life before; the recorder's lock says that nobody else has it
  if (::bind(made.get(), Generic(at.address), sizeof at.address) != 0)
    return SystemFailure("can't bind", path);
  // Between bind and listen nobody can connect, whatever the mode was.
  if (::chmod(path.c_str(), kOwnerAndGroup) != 0)
    return SystemFailure("can't set the mode of", path);
  if (::listen(made.get(), kBacklog) != 0) return SystemFailure("can't listen at", path);
  return made;
}

Result<OwnedDescriptor> ConnectToRelay(const std::string& path) {
  ASSIGN_OR_RETURN(const ShortAddress at, AddressOf(path));
  OwnedDescriptor made = NewSocket();
  if (!made.open()) return SystemFailure("can't make a socket for", path);
  if (::connect(made.get(), Generic(at.address), sizeof at.address) != 0)
    return SystemFailure("can't connect to", path);
  return made;
}

}  // namespace yagura::storage
