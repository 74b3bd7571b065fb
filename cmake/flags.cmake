# Language, warnings and hardening for every target. Sanitizers come from the presets (YAGURA_SANITIZE).
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(YAGURA_SANITIZE "" CACHE STRING "address (with undefined), thread, fuzz (needs clang), or empty")

include(CheckPIESupported)
check_pie_supported()

# The same object from any clone: builds are reproducible, and a second clone finds what the first one compiled.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
find_program(YAGURA_CCACHE ccache)
if(YAGURA_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${YAGURA_CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
                    -Wimplicit-fallthrough -Wformat=2 -Wcast-align -Wnull-dereference -Werror)
# Clang counts changes of sign as conversions; GCC doesn't in C++.
add_compile_options($<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>)
# GCC 12 reports false positives of these in the standard library when inlining.
add_compile_options(-Wno-error=null-dereference -Wno-null-dereference)

add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection
                    $<$<CXX_COMPILER_ID:GNU>:-ftrivial-auto-var-init=zero>)  # clang 14 has it only behind another flag
add_compile_definitions(_GLIBCXX_ASSERTIONS)
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code)

if(YAGURA_SANITIZE STREQUAL "address")
  # Under this sanitizer GCC 12 takes fmt's temporaries for uninitialized.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(YAGURA_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(YAGURA_SANITIZE STREQUAL "fuzz")
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
else()
  add_compile_options($<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
endif()
