# mapferry_sources(<variable> <file>...)
# Puts the listed files of the current folder into the variable. Sources are listed by hand, so that
# a missing or forgotten file is an error and no surprise; with MAPFERRY_PARTIAL, for work on a part
# of the tree, files that do not exist are skipped.
function(mapferry_sources variable)
    set(sources "")
    foreach(file IN LISTS ARGN)
        if(NOT MAPFERRY_PARTIAL OR EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
            list(APPEND sources ${file})
        else()
            message(STATUS "not there yet: ${file}")
        endif()
    endforeach()
    set(${variable} "${sources}" PARENT_SCOPE)
endfunction()
