# The common part of the toolchain files for Linux on Arm. The file that includes it has set
# LINUX_TRIPLE.
#
# Libraries are searched only in the cross compiler's own folders. The header-only libraries that
# mapferry uses from the host come through cmake/dependencies.cmake.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_CXX_COMPILER ${LINUX_TRIPLE}-g++)
set(CMAKE_C_COMPILER ${LINUX_TRIPLE}-gcc)

set(CMAKE_FIND_ROOT_PATH /usr/${LINUX_TRIPLE})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Tests run under QEMU, and so do the programs that they start.
set(CMAKE_CROSSCOMPILING_EMULATOR
    ${CMAKE_CURRENT_LIST_DIR}/../scripts/with_emulator.sh ${LINUX_TRIPLE})
