#!/usr/bin/env bash
# check_format.sh [--fix]: are all tracked C++ files as .clang-format says? Status 77 (skipped) without
# clang-format 14, the version that decides.
source "$(dirname "$0")/lib.sh"

for tool in clang-format-14 clang-format; do
  if "$tool" --version 2> /dev/null | grep -q 'version 14\.'; then break; fi
  tool=
done
if [[ -z $tool ]]; then
  echo "skipped: clang-format 14 is not installed"
  exit 77
fi
mapfile -t files < <(git ls-files -- '*.h' '*.cpp' '*.cu')
if ((${#files[@]} == 0)); then
  echo "skipped: not a git checkout"
  exit 77
fi
if [[ ${1:-} == --fix ]]; then
  "$tool" -i "${files[@]}"
else
  "$tool" --dry-run -Werror "${files[@]}" || die "some files are not formatted; run: make format"
fi
