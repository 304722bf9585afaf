# Flags every target shares, and one function each for a room and for its tests.

add_library(cidrplan_flags INTERFACE)
target_include_directories(cidrplan_flags INTERFACE "${PROJECT_SOURCE_DIR}")
# -ffp-contract=off: fused multiply-add would make results differ between machines.
target_compile_options(cidrplan_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -ffp-contract=off)
# GCC 12 warns of overlapping copies inside its own std::string::insert (GCC bug 105651, mended in 13).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(cidrplan_flags INTERFACE -Wno-restrict)
endif()
if(CIDRPLAN_WARNINGS_AS_ERRORS)
  target_compile_options(cidrplan_flags INTERFACE -Werror)
endif()
if(CIDRPLAN_SANITIZE)
  target_compile_options(cidrplan_flags INTERFACE
    -fsanitize=${CIDRPLAN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  # GCC takes members of a variant for uninitialised in code that it instruments (GCC bug 80635).
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(cidrplan_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
  target_link_options(cidrplan_flags INTERFACE -fsanitize=${CIDRPLAN_SANITIZE})
endif()
if(CIDRPLAN_FUZZ)
  target_compile_options(cidrplan_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# cidrplan_room(net SOURCES a.cpp … [LINK cidrplan_x …] [PRIVATE_LINK Boost::boost …])
function(cidrplan_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(cidrplan_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(cidrplan_${name} PUBLIC cidrplan_flags ${ROOM_LINK} PRIVATE ${ROOM_PRIVATE_LINK})
endfunction()
