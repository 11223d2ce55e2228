# mapferry.dll needs no DLLs except those of the system. Its functions have no decoration, also on
# 32-bit x86, where they are __stdcall: the linker matches the plain names of mapferry.def with
# theirs.
#
# Two import libraries: libmapferry.dll.a for GNU ld, and mapferry.lib for Microsoft's linker, where
# LLVM's dlltool is installed. On 32-bit x86 compilers call the decorated names, which the linker's
# own import library lacks. So both are made of the decorated list, and dlltool's -k leaves the
# decoration out of the names that are looked up in the DLL.
set_target_properties(mapferry_c PROPERTIES PREFIX "" IMPORT_PREFIX lib
    LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/mapferry.def)
target_link_options(mapferry_c PRIVATE -static ${CMAKE_CURRENT_SOURCE_DIR}/mapferry.def
    -Wl,--enable-stdcall-fixup)

if(CMAKE_SIZEOF_VOID_P EQUAL 4)
    set(import_list ${CMAKE_CURRENT_SOURCE_DIR}/mapferry_x86.def)
    set(import_machine i386)
else()
    set(import_list ${CMAKE_CURRENT_SOURCE_DIR}/mapferry.def)
    set(import_machine i386:x86-64)
endif()
add_custom_command(TARGET mapferry_c POST_BUILD
    COMMAND ${CMAKE_DLLTOOL} -k -d ${import_list} -l $<TARGET_LINKER_FILE:mapferry_c>
    VERBATIM)

find_program(MAPFERRY_LLVM_DLLTOOL NAMES llvm-dlltool llvm-dlltool-19)
if(MAPFERRY_LLVM_DLLTOOL)
    set(microsoft_library ${CMAKE_CURRENT_BINARY_DIR}/mapferry.lib)
    add_custom_command(TARGET mapferry_c POST_BUILD
        COMMAND ${MAPFERRY_LLVM_DLLTOOL} -k -m ${import_machine} -d ${import_list}
            -l ${microsoft_library}
        BYPRODUCTS ${microsoft_library} VERBATIM)
    install(FILES ${microsoft_library} DESTINATION ${CMAKE_INSTALL_LIBDIR})
else()
    message(STATUS "llvm-dlltool is not there: no mapferry.lib for Microsoft's linker")
endif()
