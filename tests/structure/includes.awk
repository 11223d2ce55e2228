# Reads C++ sources and prints includes that go upward or sideways. See checks/include_direction.sh.

function report(file, line, what) { print file ":" line ": includes " what }

function base(path) { sub(/^.*\//, "", path); return path }

function folder(path) { sub(/\/[^\/]*$/, "", path); return path }

# Programs and what they share see the public headers, cli/ and their own folder.
function check_program(header, quoted) {
    if (header ~ /^(xxhash|stb|platform)(\/|\.|$)/ || header ~ /\.\./)
        return "what belongs to the library"
    if (!quoted || header ~ /^mapferry\//) return ""
    if (header ~ /^cli\//) return ""
    if (header ~ /\// && folder(header) != top) return "another program's header"
    if (header !~ /\// && !known[top "/" header]) return "a header of another folder"
    return ""
}

function check_library(header, quoted) {
    if (header ~ /^(cli|writer|reader|CLI|fmt|nlohmann)\//) return "what belongs to the programs"
    if (header ~ /\.\./) return "a path instead of a name"
    if (header == "xxhash.h" && base(FILENAME) !~ /^hash/) return "xxHash, which only hash* may see"
    if (header ~ /^stb\// && base(FILENAME) !~ /^stb/) return "stb, which only stb* may see"
    if (FILENAME ~ /^lib\/include\// && quoted && header !~ /^mapferry\//)
        return "a private header in a public one"
    if (FILENAME ~ /\/platform\// && quoted && header !~ /^(mapferry|platform)\// &&
        !known["lib/src/platform/" header] && !neutral[header])
        return "a header from above the platform"
    return ""
}

BEGIN {
    for (i = 1; i < ARGC; ++i) known[ARGV[i]] = 1
    # Pure helpers that the platform may use: no state, no knowledge of sections.
    neutral["checked_math.h"] = 1
    neutral["stop_flag.h"] = 1
    neutral["timeout.h"] = 1
    # The files of the two sides.
    split("writer send ring_writer", names, " ")
    for (i in names) side[names[i] ".h"] = side[names[i] ".cc"] = "writer"
    split("reader receive verify await_section ring_reader", names, " ")
    for (i in names) side[names[i] ".h"] = side[names[i] ".cc"] = "reader"
}

FNR == 1 { top = FILENAME; sub(/\/.*/, "", top) }

/^[ \t]*#[ \t]*include/ {
    quoted = /"/
    header = $0
    sub(/^[^<"]*[<"]/, "", header)
    sub(/[>"].*$/, "", header)
    fault = ""
    if (top ~ /^(writer|reader|cli)$/) fault = check_program(header, quoted)
    if (top == "lib") {
        fault = check_library(header, quoted)
        name = base(FILENAME)
        links[name] = links[name] " " base(header)
        where[name] = FILENAME
    }
    if (fault != "") report(FILENAME, FNR, "\"" header "\", " fault)
}

# Follows the includes of `name` and reports the first header of the other side.
function follow(start, name, own,    list, count, i) {
    if (seen[start, name]++) return
    count = split(links[name], list, " ")
    for (i = 1; i <= count; ++i) {
        if (list[i] in side && side[list[i]] != own)
            report(where[start], 1, "\"" list[i] "\" of the other side" \
                (name == start ? "" : ", through \"" name "\""))
        else
            follow(start, list[i], own)
    }
}

END {
    for (name in where)
        if (name in side) follow(name, name, side[name])
}
