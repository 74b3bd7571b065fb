# Small camera loops made by ffmpeg at build time. Tests that link yagura_test_loops find the folder in YAGURA_TEST_LOOPS.
set(YAGURA_TEST_LOOPS_DIR ${PROJECT_BINARY_DIR}/loops)
set(loop_files main.h264 aud.h264 high_b.h264 gop_half.h264 gop_10.h264 gop_300.h264 slices.h264)
list(TRANSFORM loop_files PREPEND ${YAGURA_TEST_LOOPS_DIR}/)
add_custom_command(
  OUTPUT ${loop_files}
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/make-test-loops ${YAGURA_TEST_LOOPS_DIR}
  DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/make-test-loops
  COMMENT "Making camera loops for tests"
  VERBATIM)
add_custom_target(yagura_test_loop_files DEPENDS ${loop_files})

add_library(yagura_test_loops INTERFACE)
target_compile_definitions(yagura_test_loops INTERFACE YAGURA_TEST_LOOPS="${YAGURA_TEST_LOOPS_DIR}")
add_dependencies(yagura_test_loops yagura_test_loop_files)
