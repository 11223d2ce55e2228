# mapferry.dll needs no DLLs except those of the system. Its functions have no decoration, also on
# 32-bit x86, where they are __stdcall: the linker matches the plain names of mapferry.def with
# theirs. Two import libraries: libmapferry.dll.a for GNU ld, mapferry.lib for Microsoft's linker.
# On 32-bit x86 both are made of the decorated names, because compilers call these.
set_target_properties(mapferry_c PROPERTIES PREFIX "" RUNTIME_OUTPUT_NAME mapferry
    LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/mapferry.def)
target_link_options(mapferry_c PRIVATE -static ${CMAKE_CURRENT_SOURCE_DIR}/mapferry.def
    -Wl,--enable-stdcall-fixup)
