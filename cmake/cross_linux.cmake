# The common part of the toolchain files for Linux on Arm. The file that includes it has set
# LINUX_TRIPLE.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_CXX_COMPILER ${LINUX_TRIPLE}-g++)
set(CMAKE_C_COMPILER ${LINUX_TRIPLE}-gcc)

set(CMAKE_FIND_ROOT_PATH /usr/${LINUX_TRIPLE})
include(${CMAKE_CURRENT_LIST_DIR}/cross_search.cmake)

# Tests run under QEMU, and so do the programs that they start.
set(CMAKE_CROSSCOMPILING_EMULATOR
    ${CMAKE_CURRENT_LIST_DIR}/../scripts/with_emulator.sh ${LINUX_TRIPLE})
