# A script: cmake -D OUTPUT=FILE.cc -D FOLDER=FOLDER -D "NAMES=a.js b.css" -P embed_files.cmake
# writes a source that defines page_files() of console/serve/page_files.h.
set(arrays "")
set(entries "")
set(index 0)
string(REPLACE " " ";" names "${NAMES}")
foreach(name IN LISTS names)
    file(READ ${FOLDER}/${name} hex HEX)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
    string(REGEX REPLACE "((,?'[^']*'){16})" "\\1\n" bytes "${bytes}")
    string(APPEND arrays "constexpr char kFile${index}[] = {\n${bytes}};\n")
    string(APPEND entries
        "    PageFile{\"${name}\", std::string_view(kFile${index}, sizeof kFile${index})},\n")
    math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT}.new "// Made by cmake/embed_files.cmake.
#include \"console/serve/page_files.h\"

#include <array>

namespace mapferry::cli {

namespace {

${arrays}
constexpr std::array kFiles = {
${entries}};

}  // namespace

std::span<const PageFile> page_files() {
    return kFiles;
}

}  // namespace mapferry::cli
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
