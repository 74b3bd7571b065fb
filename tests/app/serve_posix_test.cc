#include "app/serve_posix.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

// The parent of all processes, with shells for children.
namespace yagura::app {
namespace {

using std::chrono::seconds;

class ServeTest : public ::testing::Test {
 protected:
  ServeTest() {
    std::string made = "/tmp/yagura-serve-XXXXXX";
    folder_ = mkdtemp(made.data());
  }
  ~ServeTest() override {
    if (parent_ > 0) {
      kill(parent_, SIGKILL);
      (void)waitpid(parent_, nullptr, 0);
    }
    std::filesystem::remove_all(folder_);
  }
  [[nodiscard]] std::string TextOf(const std::string& name) const {
    std::ifstream file(folder_ + "/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// A shell that writes its pid to a file, then what it is told by SIGHUP.
  [[nodiscard]] ServedProcess Shell(const std::string& name, bool reloads) const {
    const std::string file = folder_ + "/" + name;
    const std::string on_signal = reloads ? "trap 'echo again >>" + file + "' HUP; " : "";
    return {
        name, {"-c", on_signal + "echo $$ >" + file + "; while :; do sleep 0.02; done"}, reloads};
  }
  void Start(const std::vector<ServedProcess>& processes) {
    parent_ = fork();
    if (parent_ == 0) {
      ServeOptions options{.program = "/bin/sh", .processes = processes};
      _exit(Serve(options).has_value() ? 0 : 1);
    }
    for (const ServedProcess& process : processes)
      EXPECT_NE(AwaitLine(process.name, "\n"), "") << process.name;
  }
  /// Until the file has `text`; its content then, or after 10 s.
  [[nodiscard]] std::string AwaitLine(const std::string& name, const std::string& text) const {
    const auto until = std::chrono::steady_clock::now() + seconds(10);
    std::string content;
    while ((content = TextOf(name)).find(text) == std::string::npos &&
           std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(milliseconds(5));
    return content;
  }

  std::string folder_;
  pid_t parent_ = -1;
};

TEST_F(ServeTest, TellsWhoReadsItsConfigurationAgain) {
  Start({Shell("record", true), Shell("api", false)});
  const std::string record = TextOf("record");
  const std::string api = TextOf("api");
  ASSERT_EQ(kill(parent_, SIGHUP), 0);
  EXPECT_EQ(AwaitLine("record", "again"), record + "again\n");
  EXPECT_EQ(waitpid(parent_, nullptr, WNOHANG), 0) << "it goes on";
  EXPECT_EQ(kill(std::stoi(api), 0), 0);
  EXPECT_EQ(TextOf("api"), api) << "it was not started anew";
  ASSERT_EQ(kill(parent_, SIGTERM), 0);
  int status = 0;
  ASSERT_EQ(waitpid(parent_, &status, 0), parent_);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  parent_ = -1;
}

}  // namespace
}  // namespace yagura::app
