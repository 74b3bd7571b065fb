#include "app/crash_handler_posix.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <thread>

#include "app/crash_file_posix.h"
#include "storage/files_posix.h"
#include "tests/support/child_process_posix.h"

namespace yagura::app {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

/// Each test lets a process of its own die: a recorder in small, with one thread that parses.
class CrashHandlerTest : public ::testing::Test {
 protected:
  /// How a process ended in which a thread called `work` while it parsed the camera's bytes: the
  /// signal, or 0.
  int EndOf(const std::function<void()>& work) {
    const pid_t pid = fork();
    if (pid == 0) Parse(work);
    int status = 0;
    EXPECT_EQ(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }
  std::vector<CrashEntry> Noted() {
    storage::PosixFiles files;
    return CrashFile(files, Path()).book().Kept();
  }
  std::string Path() const { return (folder_.path() / "crash-book").string(); }

  const CameraId camera_ = NewId<CameraId>();
  ingest::ParsingNote note_;

 private:
  [[noreturn]] void Parse(const std::function<void()>& work) {
    storage::PosixFiles files;
    const CrashFile file(files, Path());
    CrashHandler handler(file.descriptor(), ThisBoot());
    std::thread parser([&] {
      handler.Attach(note_);
      const ingest::ParsingNote::Scope scope(note_, {camera_});
      work();
    });
    parser.join();
    _exit(0);
  }
  testing::TemporaryFolder folder_;
};

/// `volatile`, so that the compiler doesn't know better.
void WriteNowhere() {
  volatile int* volatile nowhere = nullptr;
  *nowhere = 1;
}
void ReadBehindAFile() {
  const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  const auto beyond = static_cast<off_t>(std::filesystem::file_size("/proc/self/exe") + 65'536);
  void* mapped = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE, file, beyond / 4096 * 4096);
  (void)*static_cast<volatile const char*>(mapped);
}
int Overflow(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return depth == 0 ? 0 : Overflow(depth - 1) + frame[0];
}

TEST_F(CrashHandlerTest, EveryKindOfCrashNamesTheCameraAndEndsTheProcessByItsSignal) {
  const std::vector<std::pair<int, std::function<void()>>> crashes{
      {SIGSEGV, WriteNowhere},
      {SIGSEGV, [] { (void)Overflow(1'000'000); }},
      {SIGBUS, ReadBehindAFile},
      {SIGABRT, [] { std::abort(); }},
      {SIGILL, [] { (void)raise(SIGILL); }},
      {SIGFPE, [] { (void)raise(SIGFPE); }},
      {SIGSYS, [] { (void)raise(SIGSYS); }},
      {SIGTRAP, [] { (void)raise(SIGTRAP); }},
  };
  for (const auto& [signal, crash] : crashes) {
    std::filesystem::remove(Path());
    const WallTime before = SystemClock().Now();
    EXPECT_EQ(EndOf(crash), signal);
    const auto noted = Noted();
    ASSERT_EQ(noted.size(), 1U) << signal;
    EXPECT_EQ(noted[0].camera, camera_);
    EXPECT_EQ(noted[0].signal, signal);
    EXPECT_LE(before - std::chrono::hours(1), noted[0].at);
    EXPECT_EQ(noted[0].boot, ThisBoot());
    EXPECT_LE(noted[0].uptime, Uptime());
  }
}

TEST_F(CrashHandlerTest, WhatSomebodySendsNamesNobody) {
  for (const int signal : {SIGKILL, SIGTERM, SIGSEGV, SIGABRT}) {
    const pid_t self = getpid();
    EXPECT_EQ(EndOf([&] {
                // From another process, to the very thread that parses.
                const auto thread = static_cast<pid_t>(syscall(SYS_gettid));
                const pid_t victim = getpid();
                ASSERT_NE(victim, self);
                if (fork() == 0) {
                  (void)syscall(SYS_tgkill, victim, thread, signal);
                  _exit(0);
                }
                pause();
              }),
              signal);
  }
  EXPECT_THAT(Noted(), IsEmpty());
}

TEST_F(CrashHandlerTest, ACrashWhileNothingIsParsedNamesNobody) {
  EXPECT_EQ(EndOf([&] {
              const ingest::ParsingNote::Scope nobody(note_, {});
              std::abort();
            }),
            SIGABRT);
  EXPECT_THAT(Noted(), IsEmpty());
}

TEST_F(CrashHandlerTest, ACrashOfAnotherThreadIsNotTheCamerasThatIsBeingParsed) {
  EXPECT_EQ(EndOf([] { std::thread(WriteNowhere).join(); }), SIGSEGV);
  EXPECT_THAT(Noted(), IsEmpty());
}

TEST_F(CrashHandlerTest, CrashesOfSeveralLivesAddUp) {
  EXPECT_EQ(EndOf(WriteNowhere), SIGSEGV);
  EXPECT_EQ(EndOf([] { std::abort(); }), SIGABRT);
  EXPECT_THAT(Noted(), ElementsAre(Field(&CrashEntry::signal, SIGSEGV),
                                   Field(&CrashEntry::signal, SIGABRT)));
}

TEST_F(CrashHandlerTest, WithItAProcessEndsAsItWould) {
  EXPECT_EQ(EndOf([] {}), 0);
  EXPECT_THAT(Noted(), IsEmpty());
}

}  // namespace
}  // namespace yagura::app
