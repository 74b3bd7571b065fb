#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "app/verb.h"

namespace yagura::app {
namespace {

std::string NameOf(uid_t user) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  const int failure = getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);
  if (failure != 0 || found == nullptr) return "uid " + std::to_string(user);
  return entry.pw_name;
}

}  // namespace

std::string Actor() {
  const std::string user = NameOf(getuid());
  // Under sudo the person behind root; only said beside it, as anyone who is root could set it.
  const char* behind = std::getenv("SUDO_USER");
  return behind == nullptr || *behind == '\0' ? user : user + " (sudo by " + behind + ")";
}

}  // namespace yagura::app
