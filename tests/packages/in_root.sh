#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# in_root.sh: the part of bare_root.sh that runs inside the root: /packages has the packages, /user
# the programs of their user.
set -eu

cd /tmp
. /user/root_checks.sh
. /user/check.sh
check "packages install without a network" packages_install
check "programs link the C++ library of the system" programs_are_dynamic
check "file passes between the installed programs" programs_pass_a_file
check "C program by pkg-config" c_by_pkg_config
check "static C program by pkg-config" c_static_by_pkg_config
check "C program by find_package" c_by_find_package
check "C++17 program by find_package" cxx17_by_find_package
check "C++23 programs by find_package pass bytes" cxx23_by_find_package
check "Python passes arrays of numpy between processes" python_passes_arrays
check "Python finds the package's version" python_knows_the_version
check "man finds all pages" man_finds_pages
check "bash completes a command" bash_completes
check "zsh knows the completion" zsh_completes
check "fish completes a command" fish_completes
check "removal leaves nothing behind" removal_leaves_nothing
close_checks
