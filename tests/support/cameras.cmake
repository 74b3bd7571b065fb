# What tests of cameras and their clients share: a camera that plays a script, a simple client, and a camera that isn't ours.
add_library(yagura_test_cameras STATIC
  rtsp_watcher_posix.cc
  scripted_camera.cc
  scripted_camera_posix.cc)
target_link_libraries(yagura_test_cameras PUBLIC yagura_simulate)

yagura_test(scripted_camera_e2e_test
  SOURCES scripted_camera_e2e_test.cc
  LINK yagura_test_cameras
  LABELS e2e)

pkg_check_modules(YAGURA_GST_RTSP_SERVER REQUIRED IMPORTED_TARGET gstreamer-rtsp-server-1.0 gstreamer-app-1.0)
add_executable(yagura_gst_camera frame_pusher_gst.cc gst_camera_gst.cc gst_camera_main.cc)
target_link_libraries(yagura_gst_camera PRIVATE yagura_simulate PkgConfig::YAGURA_GST_RTSP_SERVER)

yagura_test(gst_camera_e2e_test
  SOURCES gst_camera_e2e_test.cc
  LINK yagura_test_cameras yagura_test_support yagura_test_loops
  LABELS e2e
  TIMEOUT 180)
target_compile_definitions(gst_camera_e2e_test PRIVATE YAGURA_GST_CAMERA="$<TARGET_FILE:yagura_gst_camera>")
add_dependencies(gst_camera_e2e_test yagura_gst_camera)
