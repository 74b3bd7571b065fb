#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "api/http.h"

namespace yagura::api {

OpenFile::~OpenFile() { close(descriptor_); }

Result<std::shared_ptr<const OpenFile>> OpenFile::Open(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor >= 0) return std::make_shared<const OpenFile>(descriptor);
  const auto code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable;
  return Failure(code, "can't open \"" + path + "\": " + std::strerror(errno));
}

}  // namespace yagura::api
