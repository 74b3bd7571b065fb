#include <gmock/gmock.h>

#include "api/server_rest.h"

// The main of tests that start cpprestsdk's listener.
int main(int argc, char** argv) {
  yagura::api::PrepareRestThreads(2);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
