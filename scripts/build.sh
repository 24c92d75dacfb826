#!/usr/bin/env bash
# build.sh PRESET: configures and builds one preset of CMakePresets.json into build/PRESET.
source "$(dirname "$0")/lib.sh"
preset=$1

# As many compilers as there are processors, but not more than one for each 2 GB of free memory: a file that
# includes torch needs that much.
jobs() {
  awk -v processors="$(nproc)" '/^MemAvailable:/ {
    fit = int($2 / 2000000)
    print fit < 1 ? 1 : fit < processors ? fit : processors
  }' /proc/meminfo
}

# ccache: keep files with a precompiled header too, and let every clone on this machine share what one compiled.
export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
if [[ ! build/$preset/build.ninja -nt CMakePresets.json ]]; then
  step "configure-$preset" "configure $preset" cmake --preset "$preset" || die \
    "cannot configure $preset: $(grep -m1 -A2 'CMake Error' "$log_folder/configure-$preset.log" | tr -s '\n ' ' ')"
fi
step "build-$preset" "build $preset" cmake --build "build/$preset" --parallel "$(jobs)" || die \
  "cannot build $preset: $(grep -m1 -E 'error:|CMake Error|undefined reference' "$log_folder/build-$preset.log" || echo "see $log_folder/build-$preset.log")"
