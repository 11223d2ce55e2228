# Toolchain: Linux on 32-bit Arm (Armv7 with hardware floating point), with the distribution's cross
# compiler.
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(LINUX_TRIPLE arm-linux-gnueabihf)
include(${CMAKE_CURRENT_LIST_DIR}/cross_linux.cmake)
