# mapferry_test_program(<name> LABEL <label> [SERIAL] [PROGRAMS] [TOGETHER] SOURCES <file>...)
# Adds one executable whose tests ctest lists by their GoogleTest names. PROGRAMS: its tests start
# the programs. SERIAL: its tests need the whole machine (memory, processors or time), so nothing
# else runs beside them. TOGETHER: the compiler may take several of its files at once, because no
# name of an anonymous namespace is in two of them.
function(mapferry_test_program name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL;PROGRAMS;TOGETHER" "LABEL" "SOURCES")
    add_executable(${name} ${arg_SOURCES})
    # Tests also include files behind the public headers, from lib/src.
    target_include_directories(${name} PRIVATE
        ${CMAKE_CURRENT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/lib/src)
    # Compiling the tests takes a third less time so; what they test stays optimised. With mingw-w64
    # the static C++ library then defines std::type_info::operator== a second time.
    target_compile_options(${name} PRIVATE -O0)
    if(WIN32)
        target_link_options(${name} PRIVATE -Wl,--allow-multiple-definition)
    endif()
    # Another third, in programs of several files. Each file still includes what it uses: the
    # presets clang and tidy compile without this.
    if(arg_TOGETHER)
        set_target_properties(${name} PROPERTIES UNITY_BUILD "${MAPFERRY_TOGETHER}")
    endif()
    list(LENGTH arg_SOURCES source_count)
    if(source_count GREATER 8)
        target_precompile_headers(${name} PRIVATE
            <gtest/gtest.h> <algorithm> <array> <chrono> <expected> <filesystem> <functional>
            <memory> <optional> <span> <string> <string_view> <vector>)
    endif()
    target_link_libraries(${name} PRIVATE
        mapferry_test_support mapferry_cli GTest::gtest GTest::gtest_main)
    mapferry_warnings(${name})
    mapferry_utf8(${name})
    if(arg_PROGRAMS)
        target_compile_definitions(${name} PRIVATE
            MAPFERRY_WRITER_PATH="$<TARGET_FILE:mapferry-writer>"
            MAPFERRY_READER_PATH="$<TARGET_FILE:mapferry-reader>"
            MAPFERRY_CONSOLE_PATH="$<TARGET_FILE:mapferry-front>")
        add_dependencies(${name} mapferry-writer mapferry-reader mapferry-front mapferry-make-bmp
            mapferry-example-camera mapferry-example-viewer programs)
    endif()
    set(lock "")
    if(arg_PROGRAMS)
        set(lock ${MAPFERRY_SECTIONS_LOCK})
    endif()
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 30
        PROPERTIES TIMEOUT 120 LABELS ${arg_LABEL} RUN_SERIAL ${arg_SERIAL} ${lock})
endfunction()
