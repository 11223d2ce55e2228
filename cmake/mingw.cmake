# The common part of the mingw-w64 toolchain files. The file that includes it has set MINGW_TRIPLE.
# The host's /usr/include must never be on the path.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_CXX_COMPILER ${MINGW_TRIPLE}-g++-posix)
set(CMAKE_C_COMPILER ${MINGW_TRIPLE}-gcc-posix)
set(CMAKE_RC_COMPILER ${MINGW_TRIPLE}-windres)

set(CMAKE_FIND_ROOT_PATH /usr/${MINGW_TRIPLE})
include(${CMAKE_CURRENT_LIST_DIR}/cross_search.cmake)

# The programs need no DLLs except those of the system.
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)

# Tests, and programs that the build itself runs, run under Wine.
set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/../scripts/wine.sh)
