#!/usr/bin/env bash
# fuzz.sh [SECONDS [TARGET...]]: runs each fuzz target (fuzz/targets.h; default all) for so long (default 60), from
# the seeds in fuzz/corpus and what earlier runs found, which is kept in build/fuzz/found. What breaks one is written
# to build/fuzz/crashes: fix it, then add it to fuzz/corpus, which the tests read.
source "$(dirname "$0")/lib.sh"
seconds=${1:-60}
shift || true
targets=("$@")
if ((${#targets[@]} == 0)); then
  for program in build/fuzz/fuzz/fuzz_*; do
    [[ -f $program && -x $program ]] && targets+=("${program##*/fuzz_}")
  done
fi
((${#targets[@]} > 0)) || die "build/fuzz holds no fuzz target; make fuzz builds them"
broken=()
mkdir -p build/fuzz/crashes
for target in "${targets[@]}"; do
  mkdir -p "build/fuzz/found/$target"
  # An input of 64 KiB must not need a gigabyte or 20 seconds.
  step "fuzz-$target" "fuzz $target for $seconds s" "build/fuzz/fuzz/fuzz_$target" -max_total_time="$seconds" \
    -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=512 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/crashes/$target-" "build/fuzz/found/$target" "fuzz/corpus/$target" || broken+=("$target")
done
((${#broken[@]} == 0)) || die "broken: ${broken[*]}; see build/fuzz/crashes and the logs"
