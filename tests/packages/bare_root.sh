#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bare_root.sh DIST WORK: installs the Debian packages of the folder DIST into a new root of
# Debian 12, uses them there as users do, and removes them again: see in_root.sh, which runs there
# without a network and among no other processes. WORK keeps the root as an archive, so that the
# next run needs no download. As root; ends with 125 where the kernel allows no namespaces.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
dist=$(cd "$1" && pwd)
mkdir -p "$2"
work=$(cd "$2" && pwd)
if ! unshare --mount --pid --fork --net --ipc true 2>/dev/null; then
    echo "bare_root.sh: this machine allows no namespaces" >&2
    exit 125
fi

# What the packages need is installed before, and what their users work with.
tools=g++,cmake,ninja-build,pkg-config,python3-numpy,man-db,bash-completion,zsh,fish
tools=$tools,fp-compiler,fp-units-rtl,fp-units-fcl,libnats3.4,libcurl4,nats-server
tools=$tools,gstreamer1.0-tools,gstreamer1.0-plugins-base
tools=$tools,libmicrohttpd12,libturbojpeg0,libpng16-16
archive=$work/bare_root_$(printf '%s' "$tools" | cksum | cut -d ' ' -f 1).tar
if [ ! -f "$archive" ]; then
    echo "bare_root.sh: a new root of Debian 12, which takes some minutes" >&2
    mmdebstrap --quiet --format=tar --variant=minbase --include="$tools" bookworm "$archive.new"
    mv "$archive.new" "$archive"
fi

root=$(mktemp -d "$work/root.XXXXXX")
# The mounts are those of the namespace, so none is left when it ends.
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
tar xf "$archive" -C "$root"
mkdir "$root/packages" "$root/user"
cp "$dist"/*_"$(dpkg --print-architecture)".deb "$dist"/*_all.deb "$root/packages"
rm -f "$root"/packages/*-dbgsym_*
cp "$here"/user/* "$here/check.sh" "$here/in_root.sh" "$here/../c/installed.c" \
    "$here/../languages/pascaltest.pas" "$root/user"

# shellcheck disable=SC2016
timeout 580 unshare --mount --pid --fork --net --ipc --kill-child sh -c '
    set -eu
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    mount --make-rslave "$1/dev"
    mount -t tmpfs tmpfs "$1/dev/shm"
    mount -t tmpfs tmpfs "$1/tmp"
    ip link set lo up
    exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8 \
        TERM=dumb sh /user/in_root.sh' sh "$root"
