# Toolchain: Linux on 64-bit Arm, with the distribution's cross compiler.
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(LINUX_TRIPLE aarch64-linux-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/cross_linux.cmake)
