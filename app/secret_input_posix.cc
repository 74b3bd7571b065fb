#include "app/secret_input_posix.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace yagura::app {
namespace {

/// Keeps a terminal from showing what is typed.
class HiddenTyping {
 public:
  HiddenTyping() {
    hidden_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!hidden_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    hidden_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~HiddenTyping() {
    if (!hidden_) return;
    (void)::tcsetattr(STDIN_FILENO, TCSAFLUSH,
                      &before_);  // nothing more can be done for the terminal
    std::cerr << "\n";
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

 private:
  termios before_{};
  bool hidden_ = false;
};

Result<std::string> ReadLine(std::istream& in) {
  std::string line;
  if (!std::getline(in, line) || line.empty()) {
    return Failure(ErrorCode::kInvalidArgument, "nothing came on standard input");
  }
  if (line.ends_with('\r')) line.pop_back();
  if (line.size() > kSecretSizeMax) {
    return Failure(ErrorCode::kInvalidArgument, "a line of more than 1024 bytes on standard input");
  }
  return line;
}

}  // namespace

Result<std::string> ReadSecretLine(std::istream& in, const std::string& prompt) {
  const bool terminal = &in == &std::cin && ::isatty(STDIN_FILENO) == 1;
  if (!terminal) return ReadLine(in);
  std::cerr << prompt << std::flush;
  const HiddenTyping hidden;
  return ReadLine(in);
}

}  // namespace yagura::app
