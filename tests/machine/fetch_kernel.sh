#!/bin/sh
# fetch_kernel.sh FOLDER: puts a kernel for Arm64 with pages of 16 KiB, vmlinuz, and a static
# busybox into the folder. Both are packages of the distribution, from where this machine gets its
# own, but of a later release: this one has no such kernel. Exit: 69 where there is none.
set -eu

release=trixie
folder=$(mkdir -p "$1" && cd "$1" && pwd)
if [ -f "$folder/vmlinuz" ] && [ -f "$folder/busybox" ]; then exit 0; fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A list of packages of its own, so that the machine's stay as they are.
mkdir "$scratch/lists" "$scratch/cache" "$scratch/root"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
# shellcheck disable=SC2016 # apt-get expands it.
source=$(apt-get indextargets --format '$(SITE)' 'Origin: Debian' | head -n 1)
echo "deb [signed-by=$keys] $source $release main" >"$scratch/sources.list"
cat >"$scratch/apt.conf" <<END
Dir::Etc::sourcelist "$scratch/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$scratch/lists";
Dir::Cache "$scratch/cache";
APT::Architecture "arm64";
APT::Architectures "arm64";
APT::Sandbox::User "root";
END
export APT_CONFIG="$scratch/apt.conf"

say() { echo "fetch_kernel: $*" >&2; }

say "getting a kernel for Arm64 with pages of 16 KiB (90 MB)"
cd "$scratch"
if ! apt-get update >log 2>&1; then
    cat log >&2
    say "error: there is no list of packages of $release"
    exit 69
fi
kernel=$(apt-cache depends linux-image-arm64-16k | sed -n 's/.*Depends: //p' | head -n 1)
if [ -z "$kernel" ] || ! apt-get download "$kernel" busybox-static >log 2>&1; then
    cat log >&2
    say "error: $release has no such kernel"
    exit 69
fi
for package in ./*.deb; do dpkg -x "$package" root; done
cp root/usr/bin/busybox "$folder/busybox"
cp root/boot/vmlinuz-* "$folder/vmlinuz"
