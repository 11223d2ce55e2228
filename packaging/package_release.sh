#!/bin/sh
# package_release.sh [--twice]: all packages into dist/; with --twice built once more elsewhere, and
# both must be equal.
set -eu
cd "$(dirname "$0")/.."

packaging/package.sh dist build/package/first
if [ "${1:-}" != --twice ]; then exit 0; fi
packaging/package.sh build/package/again build/package/again_elsewhere/build
diff dist/SHA256SUMS build/package/again/SHA256SUMS || {
    echo "package_release: two builds differ" >&2
    exit 1
}
echo "two builds are equal: $(grep -c . dist/SHA256SUMS) files"
