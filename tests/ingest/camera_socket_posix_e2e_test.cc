#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "ingest/camera_socket_posix.h"

namespace yagura::ingest {
namespace {

/// As a process has it that another thread starts at that moment.
TEST(CameraSocketTest, ClosedItTellsNothingThoughACopyOfItIsOpen) {
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  int owner = 0;
  CameraSocket socket(epoll, &owner);
  socket.Adopt(ends[0]);
  const int copy = dup(ends[0]);
  epoll_event event{};
  EXPECT_EQ(write(ends[1], "x", 1), 1);
  EXPECT_EQ(epoll_wait(epoll, &event, 1, 0), 1);
  socket.Close();
  EXPECT_EQ(epoll_wait(epoll, &event, 1, 0), 0);
  for (const int fd : {copy, ends[1], epoll}) close(fd);
}

}  // namespace
}  // namespace yagura::ingest
