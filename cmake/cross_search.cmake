# For toolchain files: libraries and headers are searched in the folders of CMAKE_FIND_ROOT_PATH,
# the cross compiler's own, and nowhere else. The header-only libraries that mapferry uses
# from the host come through cmake/dependencies.cmake.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
