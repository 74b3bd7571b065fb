# yagura_fuzz_targets(ROOM LINK library SOURCES files): of each <name>_fuzz.cc, with seeds in corpus/<name> beside it,
# - a test over its seeds and the same mutations of them, with any compiler;
# - with the preset fuzz, <room>_<name>_fuzz: libFuzzer's program, which tests/fuzz/run runs.
if(YAGURA_SANITIZE STREQUAL "fuzz")
  add_custom_target(fuzz_targets)
endif()

function(yagura_fuzz_targets ROOM)
  cmake_parse_arguments(F "" "LINK" "SOURCES" ${ARGN})
  foreach(source ${F_SOURCES})
    string(REPLACE "_fuzz.cc" "" name ${source})
    if(YAGURA_SANITIZE STREQUAL "fuzz")
      add_executable(${ROOM}_${name}_fuzz EXCLUDE_FROM_ALL ${source})
      target_link_libraries(${ROOM}_${name}_fuzz PRIVATE ${F_LINK})
      target_link_options(${ROOM}_${name}_fuzz PRIVATE -fsanitize=fuzzer)
      set_target_properties(${ROOM}_${name}_fuzz PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/targets)
      add_dependencies(fuzz_targets ${ROOM}_${name}_fuzz)
    else()
      add_executable(${ROOM}_${name}_fuzz_regression ${source})
      target_link_libraries(${ROOM}_${name}_fuzz_regression PRIVATE ${F_LINK} yagura_fuzz_regression_main)
      add_test(NAME ${ROOM}_fuzz_regression_${name}
               COMMAND ${ROOM}_${name}_fuzz_regression ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
      set_tests_properties(${ROOM}_fuzz_regression_${name} PROPERTIES TIMEOUT 180)
    endif()
  endforeach()
endfunction()
