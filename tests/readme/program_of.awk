# Copies the program number `wanted` in `language` (cpp, c, python) of README.md to the file `to`,
# with a section's name of the test's own.
/^```/ {
    inside = ($0 == "```" language && ++count == wanted)
    if (inside) print (language == "python" ? "import os" : "#include <stdlib.h>") >to
    next
}
inside {
    if (language == "python") {
        gsub(/"camera"/, "os.environ[\"MAPFERRY_TEST_NAME\"]")
        gsub(/"report"/, "os.environ[\"MAPFERRY_TEST_NAME\"] + \"-report\"")
    } else {
        gsub(/"camera"|"greeting"/, "getenv(\"MAPFERRY_TEST_NAME\")")
    }
    print >to
}
