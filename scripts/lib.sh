# Shared by the scripts beside it: steps that log, and errors that say one thing. Source it; do not run it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
log_folder=build/logs

# Debian packages of the libraries that skillit::core and the command are built with.
libraries=(libyaml-cpp-dev nlohmann-json3-dev libcli11-dev libfmt-dev libxxhash-dev libsimdjson-dev libpcre2-dev
  libutf8proc-dev zlib1g-dev libzstd-dev libsqlite3-dev)

# die MESSAGE: the one line that says what is wrong and what to do.
die() {
  printf 'skillit: %s\n' "$1" >&2
  exit 1
}

# Shows the newest line of standard input in place on a terminal, nothing otherwise.
show_progress() {
  local line columns
  if [[ ! -t 1 ]]; then
    cat > /dev/null
    return
  fi
  columns=$(tput cols 2> /dev/null || echo 80)
  while IFS= read -r line; do
    printf '\r\033[K  %s' "${line:0:columns-3}"
  done
  printf '\r\033[K'
}

# step NAME WHAT COMMAND...: one line on the screen, the command's output in build/logs/NAME.log. On failure
# the end of that log is shown and the status is 1; the caller says what it means.
step() {
  local log="$log_folder/$1.log" started=$SECONDS
  printf '== %s (log: %s)\n' "$2" "$log"
  shift 2
  mkdir -p "$log_folder"
  if "$@" 2>&1 < /dev/null | tee "$log" | show_progress; then
    printf '   done in %d s\n' "$((SECONDS - started))"
  else
    printf -- '-- the end of %s:\n' "$log" >&2
    tail -n 25 "$log" >&2
    return 1
  fi
}
