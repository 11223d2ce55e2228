#!/bin/sh
# install_packages.sh PACKAGE...: installs the packages that the distribution has and this machine
# lacks, and reports what it does. When all are installed, it does nothing and asks for no password.
# For a PACKAGE:ARCHITECTURE it adds the architecture to the machine, if necessary.
set -eu

if [ -n "${MAPFERRY_NO_INSTALL:-}" ]; then exit 0; fi

say() { echo "install_packages: $*" >&2; }

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    say "error: this system has no apt-get"
    say "hint: install what these Debian packages contain, then set MAPFERRY_NO_INSTALL=1: $*"
    exit 69
fi

is_installed() {
    status=$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) || return 1
    [ "$status" = "install ok installed" ]
}

missing=""
for package in "$@"; do
    is_installed "$package" || missing="$missing $package"
done
if [ -z "$missing" ]; then exit 0; fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        say "error: not root, and there is no sudo"
        say "hint: have an administrator run: apt-get install$missing"
        exit 77
    fi
    as_root=sudo
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The needed architectures that dpkg does not know yet.
new_architectures=""
known=$(dpkg --print-architecture && dpkg --print-foreign-architectures)
for package in $missing; do
    case $package in *:*) ;; *) continue ;; esac
    architecture=${package##*:}
    echo "$known" | grep -qx "$architecture" ||
        new_architectures="$new_architectures $architecture"
done

# Waits for another installation to end instead of failing beside it.
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=400 \
        -o Dpkg::Use-Pty=0 "$@" </dev/null >"$log" 2>&1 && return
    cat "$log" >&2
    say "error: apt-get $1 failed"
    for architecture in $new_architectures; do
        $as_root dpkg --remove-architecture "$architecture" || true
    done
    exit 69
}

say "installing from the distribution:$missing"
for architecture in $new_architectures; do
    say "adding the architecture $architecture"
    $as_root dpkg --add-architecture "$architecture"
done
apt update
# The names are passed as separate words on purpose.
# shellcheck disable=SC2086
apt install --no-install-recommends --no-remove $missing
