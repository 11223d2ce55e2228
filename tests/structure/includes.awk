# Reads C++ sources and prints includes that go upward or sideways. See checks/include_direction.sh.

function report(file, line, what) { print file ":" line ": includes " what }

function base(path) { sub(/^.*\//, "", path); return path }

function folder(path) { sub(/\/[^\/]*$/, "", path); return path }

# json/ and the C interface in capi/ include the public headers, json/ and their own folder. Programs
# and their common code include the same, and cli/. The files of console/ itself also include
# writer_program.h and reader_program.h; the folders below console/ do not include each other, except
# that serve/ shows what look/ shows. In bridge/ the engines (nats/, s3/) also include what is common
# to them: kept/ and live/, and all include options/ and record/.
function check_program(header, quoted,    own, other) {
    if (header ~ /^(xxhash|stb)(\/|\.|$)/ || header ~ /\.\./ || known["lib/src/" header])
        return "what belongs to the library"
    if (!quoted || header ~ /^mapferry\//) return ""
    if (top !~ /^(json|capi)$/ && header ~ /^cli\//) return ""
    if (header ~ /^json\//) return ""
    if (header !~ /\//) return known[top "/" header] ? "" : "a header of another folder"
    own = folder(FILENAME)
    other = folder(header)
    if (own == "console" && header ~ /^(writer|reader)\/(writer|reader)_program\.h$/) return ""
    if (other != top && other !~ "^" top "/") return "another program's header"
    if (other ~ /^bridge\/(options|record|kept|live)$/ && own !~ /^bridge\/(options|record)$/) return ""
    if (own == "console/serve" && other == "console/look") return ""
    if (own != other && own != top && other != top) return "a folder beside it: " other
    return ""
}

# The folder below lib/src to which a file of the library belongs. A public header belongs to the
# folder of its implementation, or to the folder in `home`.
function room_of(path, name) {
    if (path ~ /^lib\/src\//) return folder(substr(path, 9))
    name = base(path)
    sub(/\.h$/, "", name)
    return name in home ? home[name] : room_of_source[name]
}

function level_of(room) {
    sub(/\/.*/, "", room)
    return room in level ? level[room] : -1
}

function side_of(room) {
    return room ~ /\/writer$/ ? "writer" : room ~ /\/reader$/ || room == "inspect" ? "reader" : ""
}

# Checks an include from the folder `own` to the folder `other`.
function check_rooms(own, other) {
    if (level_of(own) < 0) return "anything, from a folder without a level: " own
    if (level_of(other) < 0) return "a folder without a level: " other
    if (own == other) return ""
    if (side_of(own) != "" && side_of(other) != "" && side_of(own) != side_of(other))
        return "the other side"
    if (side_of(own) == "" && side_of(other) != "")
        return "one side from what both have in common"
    if (own ~ /^platform/ && other ~ /^platform/) return ""
    if (level_of(other) > level_of(own)) return "a folder above it: " other
    # stream/writer may include stream/, but no other folder of its level.
    if (level_of(other) == level_of(own) && folder(own) != other) return "a folder beside it: " other
    return ""
}

# The headers of the C interface.
function is_for_c(path) {
    return path ~ /^lib\/include\/mapferry\/(c\/.*|mapferry\.h|platform\/c_calls\.h)$/
}

# The headers for C++17, which stand on those for C alone.
function is_for_cpp17(path) {
    return path ~ /^lib\/include\/mapferry\/(cpp17\/.*|mapferry\.hpp)$/
}

function check_library(header, quoted,    path) {
    if (header ~ /^(cli|json|capi|writer|reader|console|bridge|CLI|fmt|nlohmann)\//) return "what belongs to the programs"
    if (header ~ /\.\./) return "a path instead of a name"
    if (header == "xxhash.h" && base(FILENAME) !~ /^hash/) return "xxHash, which only hash* may see"
    if (header ~ /^stb\// && base(FILENAME) !~ /^stb/) return "stb, which only stb* may see"
    if (!quoted) return ""
    if (is_for_cpp17(FILENAME))
        return header ~ /^mapferry\/(cpp17\/.*|mapferry\.h)$/ ? "" : "a header that is not of C or C++17"
    if (is_for_cpp17("lib/include/" header)) return "the C++17 interface, which stands above the library"
    if (is_for_c(FILENAME)) return is_for_c("lib/include/" header) ? "" : "a header that is not C"
    if (is_for_c("lib/include/" header)) return "the C interface, which stands above the library"
    if (FILENAME ~ /^lib\/include\// && header !~ /^mapferry\//)
        return "a private header in a public one"
    path = (header ~ /^mapferry\// ? "lib/include/" : "lib/src/") header
    if (!known[path]) return "a header that the library does not have"
    if (base(FILENAME) == "opencv.h") return ""
    return check_rooms(room_of(FILENAME), room_of(path))
}

BEGIN {
    # The levels of lib/src: a folder includes lower levels and its own files.
    split("base format platform ring section stream frames buffer transfer inspect pixels image", rooms, " ")
    split("0    1      2        3    4       5      5      5      6        6       7      8", levels, " ")
    for (i in rooms) level[rooms[i]] = levels[i]
    # Public headers that have no source of the same name.
    home["frame_notes"] = home["output_options"] = home["payload"] = home["section_info"] = home["workload"] = "format"
    home["digest"] = home["failure"] = home["machine_fact"] = home["native_handle"] = "base"
    home["timeout"] = home["number_text"] = "base"
    home["image_file"] = "image"
    for (i = 1; i < ARGC; ++i) {
        known[ARGV[i]] = 1
        if (ARGV[i] ~ /^lib\/src\/.*\.cc$/) {
            name = base(ARGV[i])
            sub(/\.cc$/, "", name)
            room_of_source[name] = folder(substr(ARGV[i], 9))
        }
    }
}

FNR == 1 { top = FILENAME; sub(/\/.*/, "", top) }

/^[ \t]*#[ \t]*include/ {
    quoted = /"/
    header = $0
    sub(/^[^<"]*[<"]/, "", header)
    sub(/[>"].*$/, "", header)
    fault = ""
    if (top ~ /^(json|capi|writer|reader|console|bridge|cli)$/) fault = check_program(header, quoted)
    if (top == "lib") fault = check_library(header, quoted)
    if (fault != "") report(FILENAME, FNR, "\"" header "\", " fault)
}
