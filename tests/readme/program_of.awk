# Copies the C++ program number `wanted` of README.md to the file `to`, with a section's name of the
# test's own.
/^```/ {
    inside = ($0 == "```cpp" && ++count == wanted)
    if (inside) print "#include <cstdlib>" >to
    next
}
inside {
    gsub(/"camera"/, "std::getenv(\"MAPFERRY_TEST_NAME\")")
    print >to
}
