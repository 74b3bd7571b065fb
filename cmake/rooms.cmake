# yagura_room(NAME [LINK targets] SOURCES files): the static library yagura_NAME, included from the top folder.
function(yagura_room NAME)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(yagura_${NAME} STATIC ${ROOM_SOURCES})
  target_include_directories(yagura_${NAME} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(yagura_${NAME} PUBLIC ${ROOM_LINK} PRIVATE ${ROOM_PRIVATE_LINK})
endfunction()

# yagura_test(NAME SOURCES files [LINK targets] [LABELS labels] [TIMEOUT seconds]): one GoogleTest program = one ctest.
function(yagura_test NAME)
  cmake_parse_arguments(T "" "TIMEOUT;CONFIGURATION" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${NAME} ${T_SOURCES})
  target_link_libraries(${NAME} PRIVATE ${T_LINK} GTest::gmock GTest::gtest_main)
  add_test(NAME ${NAME} COMMAND ${NAME} CONFIGURATIONS ${T_CONFIGURATION})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 180)
  endif()
  set_tests_properties(${NAME} PROPERTIES TIMEOUT ${T_TIMEOUT} LABELS "${T_LABELS}")
endfunction()
