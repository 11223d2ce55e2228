# The programs, and what they need besides their sources.
add_custom_target(programs)

# mapferry_utf8(<executable>)
# Windows: narrow strings, such as paths, are UTF-8 in this executable. Its manifest declares that,
# and Windows 10 1903 or newer obeys it. Elsewhere this does nothing.
if(WIN32)
    enable_language(RC)
    set(MAPFERRY_UTF8_RESOURCE ${PROJECT_BINARY_DIR}/utf8_manifest.rc)
    configure_file(${CMAKE_CURRENT_LIST_DIR}/utf8_manifest.rc.in ${MAPFERRY_UTF8_RESOURCE} @ONLY)
endif()
function(mapferry_utf8 executable)
    if(WIN32)
        target_sources(${executable} PRIVATE ${MAPFERRY_UTF8_RESOURCE})
    endif()
endfunction()

# mapferry_wine_wrapper(<target> <name>)
# Makes a script <build>/wine-bin/<name> that runs the program under Wine, for shells and their
# users.
function(mapferry_wine_wrapper target name)
    file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/wine-bin/${name}
        CONTENT "#!/bin/sh
exec '${PROJECT_SOURCE_DIR}/scripts/wine.sh' '$<TARGET_FILE:${target}>' \"$@\"
"
        FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
            GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endfunction()

# mapferry_program(<name> [INSTALL] [DYNAMIC] [OUTPUT <file>] LIBRARIES <target>... SOURCES
# <file>...)
# Adds a program in <build>/bin that is part of the target `programs`. INSTALL also installs it.
# DYNAMIC: it needs shared libraries, also where the other programs are static.
# OUTPUT names its file, where that differs from the target.
function(mapferry_program name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "INSTALL;DYNAMIC" "OUTPUT" "LIBRARIES;SOURCES")
    if(NOT arg_OUTPUT)
        set(arg_OUTPUT ${name})
    endif()
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE ${arg_LIBRARIES})
    mapferry_warnings(${name})
    mapferry_utf8(${name})
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${arg_OUTPUT}
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
    if(MAPFERRY_STATIC_PROGRAMS AND CMAKE_SYSTEM_NAME STREQUAL Linux AND NOT arg_DYNAMIC)
        target_link_options(${name} PRIVATE -static)
    endif()
    add_dependencies(programs ${name})
    if(WIN32 AND CMAKE_CROSSCOMPILING)
        mapferry_wine_wrapper(${name} ${arg_OUTPUT})
    endif()
    if(arg_INSTALL)
        install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endfunction()
