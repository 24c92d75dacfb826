#!/usr/bin/env bash
# bench.sh: runs every benchmark program of the bench build and every script in bench/, after naming the machine.
source "$(dirname "$0")/lib.sh"

processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
printf 'machine: %s, %s processors, %s GB memory\n' "${processor:-unknown processor}" "$(nproc)" \
  "$(awk '/^MemTotal:/ {printf "%.0f", $2 / 1000000}' /proc/meminfo)"
shopt -s nullglob
ran=0
for program in build/bench/bench/bench_*; do
  [[ -f $program && -x $program ]] || continue
  printf '\n== %s\n' "${program##*/}"
  "$program" || die "$program failed"
  ran=$((ran + 1))
done
for script in bench/*.py; do
  printf '\n== %s\n' "$script"
  SKILLIT_BENCH_FOLDER=build/bench/bench .venv/bin/python3 "$script" || die "$script failed"
  ran=$((ran + 1))
done
((ran > 0)) || die "build/bench/bench holds no benchmark program (bench_*)"
