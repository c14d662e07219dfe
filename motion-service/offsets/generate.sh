#!/usr/bin/env bash
# Prints the table of one version of MuJoCo, from its headers:
#   motion-service/offsets/generate.sh /usr/include \
#       > motion-service/src/main/resources/io/shiftadd/motion/mujoco/222.properties
# The argument is the directory that holds mujoco/mujoco.h; the file is named by what mj_version() returns.
set -euo pipefail
include="${1:?the directory that holds mujoco/mujoco.h}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
flags=()
# The rule for which geoms may touch was a setting of its own before version 3.
! grep -qE '^ *int +collision;' "$include/mujoco/mjmodel.h" || flags+=(-DHAS_COLLISION)
"${CC:-cc}" -I "$include" "${flags[@]}" -o "$work/offsets" "$here/offsets.c"
"$work/offsets"
