# shellcheck shell=sh disable=SC2034
# SPDX-License-Identifier: Apache-2.0
# package_lists.sh: for ./run, the distribution packages that its commands need.

build_packages="g++ cmake ninja-build libcli11-dev libfmt-dev nlohmann-json3-dev libxxhash-dev
    libstb-dev"
test_packages="$build_packages libgtest-dev libopencv-imgproc-dev strace tmux util-linux xxhash
    python3 abigail-tools pkg-config groff-base man-db mandoc zsh fish
    python3-numpy python3-pip python3-pytest python3-setuptools python3-wheel mypy binutils"
tidy_packages="$test_packages clang-format-19 clang-tidy-19"
clang_packages="$test_packages clang-19 libclang-rt-19-dev"
coverage_packages="$clang_packages llvm-19"
cross_packages="$build_packages g++-mingw-w64-x86-64-posix wine wine64 util-linux"
bench_packages="$build_packages libbenchmark-dev iceoryx libiceoryx-posh-dev procps
    util-linux libboost-dev libzmq3-dev libswscale-dev python3-xxhash libfastrtps-dev
    libfastcdr-dev"
bench_python_packages="$build_packages python3-numpy python3-zmq"
windows_packages="$cross_packages g++-mingw-w64-i686-posix googletest xxhash strace
    llvm-19"
arm_packages="$build_packages g++-aarch64-linux-gnu g++-arm-linux-gnueabihf qemu-user-static
    googletest util-linux"
arm_machine_packages="qemu-system-arm cpio"
# The 32-bit half of the compiler that is there; g++-multilib itself conflicts with arm_packages.
i386_packages="$build_packages g++-$(g++ -dumpversion 2>/dev/null || echo 12)-multilib
    libc6-dev-i386 qemu-user-static googletest util-linux"
compiler_packages="$build_packages clang-16 clang-19 libc++-19-dev libc++abi-19-dev googletest"
pascal_packages="fp-compiler fp-units-fcl fpc-source"
# 0.6 GB when installed, so that only test-languages and test-all install them.
language_packages="mono-mcs mono-runtime rustc $pascal_packages"
# What mapferry-bridge needs, and the servers that its tests start.
bridge_packages="$test_packages libnats-dev libcurl4-openssl-dev libssl-dev nats-server openssl
    iproute2 nftables"
# 0.2 GB when installed, and only root can start them.
ceph_packages="ceph-mon ceph-mgr ceph-osd radosgw ceph-common"
# What mapferry-serve needs, and the browser of its tests (0.4 GB when installed).
serve_packages="$test_packages libmicrohttpd-dev libturbojpeg0-dev libpng-dev chromium-driver"
# What the GStreamer plugin needs, and the elements that its tests use.
gstreamer_packages="$test_packages libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
    gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good libopencv-videoio-dev"
package_packages="$build_packages libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
    libnats-dev libcurl4-openssl-dev libssl-dev libmicrohttpd-dev libturbojpeg0-dev libpng-dev
    git debhelper dh-python dpkg-dev lintian binutils
    python3-pip python3-setuptools python3-wheel g++-mingw-w64-x86-64-posix
    g++-mingw-w64-i686-posix llvm-19 nsis zip g++-aarch64-linux-gnu qemu-user-static"
package_test_packages="$package_packages mmdebstrap iproute2 python3-numpy pkg-config wine
    wine64 util-linux unzip $pascal_packages"
