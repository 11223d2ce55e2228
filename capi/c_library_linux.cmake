# libmapferry.so.0: only mapferry_* is seen from outside.
target_link_options(mapferry_c PRIVATE
    -Wl,--version-script=${CMAKE_CURRENT_SOURCE_DIR}/mapferry.map
    -Wl,--exclude-libs,ALL -Wl,-z,relro,-z,now)
set_target_properties(mapferry_c PROPERTIES
    LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/mapferry.map)
# clang links the runtime of a sanitizer into programs alone.
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
if(NOT "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}}" MATCHES "-fsanitize")
    target_link_options(mapferry_c PRIVATE -Wl,-z,defs)
endif()
# Without its unused parts the C++ library needs glibc 2.35, and not 2.36 (std::random_device).
if(MAPFERRY_C_STATIC_RUNTIME)
    target_link_options(mapferry_c PRIVATE -static-libstdc++ -static-libgcc -Wl,--gc-sections)
endif()
