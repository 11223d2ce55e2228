#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# in_root.sh: the part of bare_root.sh that runs inside the root: /packages has the packages, /user
# the programs of their user.
set -eu

cd /tmp
# shellcheck source=tests/packages/user/root_checks.sh
. /user/root_checks.sh
# shellcheck source=tests/packages/check.sh
. /user/check.sh
check "packages install without a network" packages_install
check "programs link the C++ library of the system" programs_are_dynamic
check "file passes between the installed programs" programs_pass_a_file
check "bridge passes a payload through a server" bridge_passes_a_payload
check "C program by pkg-config" c_by_pkg_config
check "static C program by pkg-config" c_static_by_pkg_config
check "programs in C, C++17 and C++23 build by find_package" programs_build_by_find_package
check "C program runs" c_user_runs
check "C++17 program runs" cxx17_user_runs
check "C++23 program for pictures runs" cxx23_user_runs
check "C++23 programs pass bytes" cxx23_programs_pass_bytes
check "Python passes arrays of numpy between processes" python_passes_arrays
check "Python finds the package's version" python_knows_the_version
check "Pascal program builds and shares a buffer" pascal_shares_a_buffer
check "page for browsers is served" page_is_served
check "GStreamer passes frames between pipelines" gstreamer_passes_frames
check "man finds all pages" man_finds_pages
check "bash completes a command" bash_completes
check "zsh knows the completion" zsh_completes
check "fish completes a command" fish_completes
check "removal leaves nothing behind" removal_leaves_nothing
close_checks
