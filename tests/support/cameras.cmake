# What tests of cameras and their clients share: a camera that plays a script, a simple client, and a camera that isn't ours.
add_library(yagura_test_cameras STATIC
  rtsp_watcher_posix.cc
  scripted_camera.cc
  scripted_camera_posix.cc)
target_link_libraries(yagura_test_cameras PUBLIC yagura_simulate)

yagura_test(scripted_camera_test
  SOURCES scripted_camera_test.cc
  LINK yagura_test_cameras)
