# The libraries that mapferry uses, all from the distribution. A native build finds them in the
# usual way. A cross build uses the same header-only packages, through a folder of links that shows
# the compiler these headers and nothing else of the host.
#
# Provides: MAPFERRY_XXHASH_INCLUDE, MAPFERRY_STB_INCLUDE, mapferry_find_program_libraries(),
# mapferry_find_test_library(), mapferry_find_opencv(), mapferry_find_engines(),
# mapferry_find_page_libraries().
if(CMAKE_CROSSCOMPILING)
    set(MAPFERRY_HOST_INCLUDE /usr/include CACHE PATH
        "Where the host keeps the headers of xxHash, stb, CLI11, fmt and nlohmann-json")
    set(MAPFERRY_LINKED_INCLUDE ${PROJECT_BINARY_DIR}/host_headers)
    file(MAKE_DIRECTORY ${MAPFERRY_LINKED_INCLUDE})
    foreach(header xxhash.h xxh3.h stb CLI fmt nlohmann)
        if(NOT EXISTS ${MAPFERRY_HOST_INCLUDE}/${header})
            message(FATAL_ERROR "${MAPFERRY_HOST_INCLUDE}/${header} is missing")
        endif()
        file(CREATE_LINK ${MAPFERRY_HOST_INCLUDE}/${header} ${MAPFERRY_LINKED_INCLUDE}/${header}
            SYMBOLIC)
    endforeach()
    set(MAPFERRY_XXHASH_INCLUDE ${MAPFERRY_LINKED_INCLUDE})
    set(MAPFERRY_STB_INCLUDE ${MAPFERRY_LINKED_INCLUDE})
else()
    find_path(MAPFERRY_XXHASH_INCLUDE xxhash.h REQUIRED)
    find_path(MAPFERRY_STB_INCLUDE stb/stb_image.h REQUIRED)
endif()

# mapferry_find_header_library(<target> <package>): provides a header-only library.
macro(mapferry_find_header_library target package)
    if(NOT CMAKE_CROSSCOMPILING)
        find_package(${package} REQUIRED)
    elseif(NOT TARGET ${target})
        add_library(${target} INTERFACE IMPORTED GLOBAL)
        target_include_directories(${target} SYSTEM INTERFACE ${MAPFERRY_LINKED_INCLUDE})
    endif()
endmacro()

# Provides mapferry_fmt: the library fmt, part of each program. A file that uses its header-only
# form takes twice as long to compile (4 s more), and Debian has no static library. So what is not
# in the headers of fmt 9 is compiled here, once. Other versions are used as headers only.
macro(mapferry_find_fmt)
    mapferry_find_header_library(fmt::fmt-header-only fmt)
    if(CMAKE_CROSSCOMPILING)
        set(mapferry_fmt_include ${MAPFERRY_LINKED_INCLUDE})
    else()
        get_target_property(mapferry_fmt_include fmt::fmt-header-only
            INTERFACE_INCLUDE_DIRECTORIES)
    endif()
    set(version_line "")
    if(EXISTS ${mapferry_fmt_include}/fmt/core.h)
        file(STRINGS ${mapferry_fmt_include}/fmt/core.h version_line REGEX "define FMT_VERSION 9")
    endif()
    if(TARGET mapferry_fmt)
    elseif(version_line)
        add_library(mapferry_fmt STATIC ${PROJECT_SOURCE_DIR}/cmake/fmt_9.cc)
        target_include_directories(mapferry_fmt SYSTEM PUBLIC ${mapferry_fmt_include})
    else()
        add_library(mapferry_fmt INTERFACE)
        target_compile_definitions(mapferry_fmt INTERFACE FMT_HEADER_ONLY=1)
        target_link_libraries(mapferry_fmt INTERFACE fmt::fmt-header-only)
    endif()
endmacro()

# Provides CLI11::CLI11, mapferry_fmt, nlohmann_json::nlohmann_json.
macro(mapferry_find_program_libraries)
    mapferry_find_header_library(CLI11::CLI11 CLI11)
    mapferry_find_header_library(nlohmann_json::nlohmann_json nlohmann_json)
    mapferry_find_fmt()
endmacro()

# Provides GTest::gtest, GTest::gtest_main; GTest_FOUND. A cross build compiles the distribution's
# sources, and so does a build with another C++ library than the distribution's.
option(MAPFERRY_TEST_LIBRARY_SOURCE "Compile GoogleTest instead of using the installed library" OFF)
macro(mapferry_find_test_library)
    set(MAPFERRY_GTEST_SOURCE /usr/src/googletest/googletest)
    if(NOT CMAKE_CROSSCOMPILING AND NOT MAPFERRY_TEST_LIBRARY_SOURCE)
        find_package(GTest)
    elseif(EXISTS ${MAPFERRY_GTEST_SOURCE}/CMakeLists.txt)
        set(INSTALL_GTEST OFF)
        add_subdirectory(${MAPFERRY_GTEST_SOURCE} ${PROJECT_BINARY_DIR}/googletest
            EXCLUDE_FROM_ALL SYSTEM)
        target_compile_options(gtest PRIVATE -O0)
        if(NOT TARGET GTest::gtest)
            add_library(GTest::gtest ALIAS gtest)
            add_library(GTest::gtest_main ALIAS gtest_main)
        endif()
        set(GTest_FOUND TRUE)
    endif()
endmacro()

# Provides mapferry_opencv, for one example and the tests of opencv.h; mapferry_opencv_FOUND. This
# does not use OpenCV's own package file, because the distribution ships it only with all modules.
macro(mapferry_find_opencv)
    set(mapferry_opencv_FOUND FALSE)
    if(NOT CMAKE_CROSSCOMPILING)
        find_path(MAPFERRY_OPENCV_INCLUDE opencv2/core/mat.hpp PATH_SUFFIXES opencv4)
        find_library(MAPFERRY_OPENCV_CORE opencv_core)
        find_library(MAPFERRY_OPENCV_IMGPROC opencv_imgproc)
        if(MAPFERRY_OPENCV_INCLUDE AND MAPFERRY_OPENCV_CORE AND MAPFERRY_OPENCV_IMGPROC)
            set(mapferry_opencv_FOUND TRUE)
        endif()
    endif()
    if(mapferry_opencv_FOUND AND NOT TARGET mapferry_opencv)
        add_library(mapferry_opencv INTERFACE IMPORTED GLOBAL)
        target_include_directories(mapferry_opencv SYSTEM INTERFACE ${MAPFERRY_OPENCV_INCLUDE})
        target_link_libraries(mapferry_opencv INTERFACE
            ${MAPFERRY_OPENCV_IMGPROC} ${MAPFERRY_OPENCV_CORE})
    endif()
    if(NOT mapferry_opencv_FOUND)
        message(STATUS "OpenCV is not there: neither opencv.h's tests nor its examples")
    endif()
endmacro()

# Provides mapferry_nats, CURL::libcurl and OpenSSL::Crypto, for the program mapferry-bridge;
# mapferry_engines_FOUND. Not on Windows, for which the distribution has no such libraries.
macro(mapferry_find_engines)
    set(mapferry_engines_FOUND OFF)
    if(MAPFERRY_BRIDGE AND NOT CMAKE_CROSSCOMPILING AND NOT WIN32)
        find_path(MAPFERRY_NATS_INCLUDE nats/nats.h)
        find_library(MAPFERRY_NATS_LIBRARY nats)
        find_package(OpenSSL QUIET)
        find_package(CURL 7.85 QUIET)
        if(MAPFERRY_NATS_INCLUDE AND MAPFERRY_NATS_LIBRARY AND OPENSSL_FOUND AND CURL_FOUND)
            set(mapferry_engines_FOUND ON)
        endif()
    endif()
    if(mapferry_engines_FOUND AND NOT TARGET mapferry_nats)
        add_library(mapferry_nats INTERFACE IMPORTED GLOBAL)
        target_include_directories(mapferry_nats SYSTEM INTERFACE ${MAPFERRY_NATS_INCLUDE})
        target_link_libraries(mapferry_nats INTERFACE ${MAPFERRY_NATS_LIBRARY})
    endif()
    if(MAPFERRY_BRIDGE STREQUAL ON AND NOT mapferry_engines_FOUND)
        message(FATAL_ERROR
            "mapferry-bridge needs libnats-dev, libcurl4-openssl-dev and libssl-dev")
    elseif(MAPFERRY_BRIDGE AND NOT mapferry_engines_FOUND)
        message(STATUS "libnats, libcurl or OpenSSL is not there: mapferry-bridge is not built")
    endif()
endmacro()

# Provides mapferry_page_libraries (libmicrohttpd, libturbojpeg, libpng), for the program
# mapferry-serve; mapferry_page_libraries_FOUND. Not on Windows, for which the distribution has no
# such libraries.
macro(mapferry_find_page_libraries)
    set(mapferry_page_libraries_FOUND OFF)
    if(MAPFERRY_SERVE AND NOT CMAKE_CROSSCOMPILING AND NOT WIN32)
        find_path(MAPFERRY_MICROHTTPD_INCLUDE microhttpd.h)
        find_library(MAPFERRY_MICROHTTPD_LIBRARY microhttpd)
        find_path(MAPFERRY_TURBOJPEG_INCLUDE turbojpeg.h)
        find_library(MAPFERRY_TURBOJPEG_LIBRARY turbojpeg)
        find_package(PNG 1.6 QUIET)
        if(MAPFERRY_MICROHTTPD_INCLUDE AND MAPFERRY_MICROHTTPD_LIBRARY AND
                MAPFERRY_TURBOJPEG_INCLUDE AND MAPFERRY_TURBOJPEG_LIBRARY AND PNG_FOUND)
            set(mapferry_page_libraries_FOUND ON)
        endif()
    endif()
    if(mapferry_page_libraries_FOUND AND NOT TARGET mapferry_page_libraries)
        add_library(mapferry_page_libraries INTERFACE IMPORTED GLOBAL)
        target_include_directories(mapferry_page_libraries SYSTEM INTERFACE
            ${MAPFERRY_MICROHTTPD_INCLUDE} ${MAPFERRY_TURBOJPEG_INCLUDE})
        target_link_libraries(mapferry_page_libraries INTERFACE
            ${MAPFERRY_MICROHTTPD_LIBRARY} ${MAPFERRY_TURBOJPEG_LIBRARY} PNG::PNG)
    endif()
    if(MAPFERRY_SERVE STREQUAL ON AND NOT mapferry_page_libraries_FOUND)
        message(FATAL_ERROR
            "mapferry-serve needs libmicrohttpd-dev, libturbojpeg0-dev and libpng-dev")
    elseif(MAPFERRY_SERVE AND NOT mapferry_page_libraries_FOUND)
        message(STATUS
            "libmicrohttpd, libturbojpeg or libpng is not there: mapferry-serve is not built")
    endif()
endmacro()
