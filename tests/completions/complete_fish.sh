#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# complete_fish.sh SCRIPTS LINE: prints fish's completions of LINE, one a line. SCRIPTS/fish has the
# scripts, which fish finds by the names of the programs.
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
# shellcheck disable=SC2016 # the variables are fish's
HOME=$home XDG_CONFIG_HOME=$home fish --no-config -c '
    set fish_complete_path $argv[1]/fish $fish_complete_path
    complete -C $argv[2] | string replace -r "\t.*" ""
' -- "$1" "$2" | sort -u
