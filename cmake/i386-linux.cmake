# Toolchain: Linux on 32-bit x86, with the host's own compiler and its 32-bit libraries. Programs
# use SSE2: every processor since 2004 has it, and without it 64-bit atomics would go through the
# x87 unit.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_CXX_COMPILER g++)
set(CMAKE_C_COMPILER gcc)
# The kernel's headers (asm/) are the same for both, and lie in the 64-bit folder alone: the package
# that links them into /usr/include conflicts with the cross compilers for Arm.
set(I386_FLAGS "-m32 -msse2 -mfpmath=sse -idirafter /usr/include/x86_64-linux-gnu")
set(CMAKE_CXX_FLAGS_INIT ${I386_FLAGS})
set(CMAKE_C_FLAGS_INIT ${I386_FLAGS})

# Most 64-bit kernels run the tests themselves; under others QEMU does.
set(CMAKE_CROSSCOMPILING_EMULATOR
    ${CMAKE_CURRENT_LIST_DIR}/../scripts/with_emulator.sh i386-linux-gnu)
