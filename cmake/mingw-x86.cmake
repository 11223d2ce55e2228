# Toolchain: Windows on 32-bit x86, with the distribution's mingw-w64. It uses SSE2: every processor
# that runs a supported Windows has it, and without it 64-bit atomics would go through the x87 unit.
set(CMAKE_SYSTEM_PROCESSOR i686)
set(MINGW_TRIPLE i686-w64-mingw32)
set(CMAKE_CXX_FLAGS_INIT "-msse2 -mfpmath=sse -mstackrealign")
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
