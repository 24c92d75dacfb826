#!/usr/bin/env bash
# carry.sh [FOLDER]: gathers the headers and libraries that a build needs into FOLDER (default build/carry, which git
# ignores; some 20 MB), for a machine of the same distribution and processor where nothing can be installed, such as
# a GPU node. Torch (2.9 or newer) has to be there itself. Take the clone and FOLDER there, then:
#   cmake --preset release -DCMAKE_PREFIX_PATH="$PWD/build/carry/usr" && cmake --build build/release
source "$(dirname "$0")/lib.sh"
folder=${1:-build/carry}
command -v dpkg-query > /dev/null || die "carry.sh knows Debian's packages only"
for package in "${libraries[@]}"; do
  dpkg-query -s "$package" > /dev/null 2>&1 || die "$package is not installed here; run: make setup"
done

# The libraries that the headers belong to, but those of the system itself.
runtime() {
  dpkg-query -W -f '${Depends}\n' "${libraries[@]}" | tr ',|' '\n\n' | sed 's/^ *//; s/[ :(].*//' |
    grep '^lib' | grep -v '^libc[0-9-]' | sort -u
}

# As files, not as links, some of which are absolute; what stands below /lib goes to usr/lib like the rest.
gather() {
  mkdir -p "$folder"
  # shellcheck disable=SC2046  # One word per package.
  dpkg-query -L "${libraries[@]}" $(runtime) | grep -E '^(/usr)?/(include|lib|share/cmake)/' | sort -u |
    while IFS= read -r path; do [[ -f $path ]] && printf '%s\n' "${path#/}"; done |
    tar -C / -ch -T - | tar -C "$folder" --transform 's,^lib/,usr/lib/,' -x
}

step carry "gather headers and libraries in $folder" gather || die "could not gather them; see $log_folder/carry.log"
printf '   %s\n' "$(du -sh "$folder" | sed 's/\t/ in /')"
