#!/usr/bin/env bash
# lint.sh: format, layers, tracked text, shell syntax, then clang-tidy on the core and the command.
source "$(dirname "$0")/lib.sh"

step lint-format "format" scripts/check_format.sh || die "some files are not formatted; run: make format"
step lint-layers "layers" python3 scripts/check_layers.py || die "an include breaks the layers of docs/design.md"
step lint-tracked "tracked text" python3 scripts/check_tracked.py || die "a tracked file names a host or a path of one machine"
mapfile -t shell < <(git ls-files -- '*.sh' .ci/run)
for file in "${shell[@]}"; do bash -n "$file" || die "$file is not valid bash"; done
step lint-configure "configure for clang-tidy" cmake --preset core -DSKILLIT_DEV=OFF || die "cannot configure the core preset"
python3 -c 'import json
for entry in json.load(open("build/core/compile_commands.json")): print(entry["file"])' > "$log_folder/lint-sources.txt"
step lint-tidy "clang-tidy on $(wc -l < "$log_folder/lint-sources.txt") files" \
  xargs -a "$log_folder/lint-sources.txt" -P "$(nproc)" -n 1 clang-tidy -p build/core --quiet || die \
  "clang-tidy found problems; see $log_folder/lint-tidy.log"
