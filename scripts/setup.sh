#!/usr/bin/env bash
# setup.sh PURPOSE...: installs what the purposes need and this machine lacks. When nothing is missing it
# changes nothing, asks for no rights and takes no time.
#   core     compiler, build tools and libraries of skillit::core and the command; charts, where npm is at hand
#   build    core, and .venv with torch for training
#   test     GoogleTest; pytest, numpy, tokenizers and transformers in .venv
#   bench    Google Benchmark; numpy, tokenizers, transformers and datasets (to compare with) in .venv
#   parquet  pyarrow in .venv, whose Arrow C++ reads Parquet and Arrow files (build again afterwards)
#   fuzz     clang with libFuzzer
#   lint     clang-format, clang-tidy, python3
#   charts   Apache ECharts in .setup, for `skillit graph show --html`
#   browser  charts, and a headless Chromium with playwright-core, for the tests labelled browser (300 MB)
#   slurm    Slurm and munge, for the tests labelled slurm, which start a cluster as root; nothing is configured
source "$(dirname "$0")/lib.sh"

torch=torch==2.13.0
transformers=transformers==5.24.0
echarts=echarts@6.1.0
packages=()
modules=()
scripts=() # From npm.
needs_venv=no
needs_npm=no

choose() {
  case $1 in
    core)
      packages+=(g++ cmake ninja-build ccache "${libraries[@]}")
      scripts+=("$echarts")
      ;;
    build)
      choose core
      modules+=("$torch")
      needs_venv=yes
      ;;
    test)
      packages+=(libgtest-dev libgmock-dev)
      modules+=(numpy pytest tokenizers "$transformers")
      needs_venv=yes
      ;;
    bench)
      packages+=(libbenchmark-dev)
      modules+=(numpy tokenizers "$transformers" datasets)
      needs_venv=yes
      ;;
    parquet)
      modules+=(pyarrow)
      needs_venv=yes
      ;;
    fuzz) packages+=(clang libclang-rt-dev) ;;
    lint) packages+=(clang-format clang-tidy python3) ;;
    charts)
      scripts+=("$echarts")
      needs_npm=yes
      ;;
    browser)
      choose charts
      packages+=(chromium-headless-shell)
      scripts+=(playwright-core@1.65.1)
      ;;
    slurm) packages+=(slurm-wlm munge) ;;
    *) die "setup.sh: unknown purpose '$1'; known: core build test bench parquet fuzz lint charts browser slurm" ;;
  esac
}

# The first Python on this machine that the torch wheel runs on and that can make a virtual environment.
find_python() {
  local candidate
  for candidate in python3.11 python3 /usr/bin/python3; do
    if "$candidate" -c 'import ensurepip, sys, venv
sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2> /dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

missing_packages() {
  local name
  for name in "${packages[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2> /dev/null) == installed ]] || printf '%s ' "$name"
  done
}

install_packages() {
  local missing as_root=()
  command -v dpkg-query > /dev/null && command -v apt-get > /dev/null || die \
    "this set-up knows Debian's packages only and found no apt-get; install what provides these, then build with cmake: ${packages[*]}"
  missing=$(missing_packages)
  [[ -n $missing ]] || return 0
  if [[ $(id -u) != 0 ]]; then
    command -v sudo > /dev/null || die \
      "these packages are missing, and you are neither root nor have sudo; have them installed: apt-get install ${missing% }"
    as_root=(sudo)
    sudo -v || die "sudo refused; have these packages installed, then try again: apt-get install ${missing% }"
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
  # A package list that cannot be refreshed may still do: the installation decides.
  step apt-update "refresh the package lists" "${as_root[@]}" update || true
  # shellcheck disable=SC2086  # One word per package.
  step apt-install "install packages: ${missing% }" \
    "${as_root[@]}" install -y --no-install-recommends $missing || die \
    "apt-get could not install: $(missing_packages)- see $log_folder/apt-install.log"
}

install_modules() {
  local python stamp=.venv/skillit-modules missing=() module
  if ! .venv/bin/python3 -c 'import pip' 2> /dev/null; then
    python=$(find_python) || die \
      "no usable Python: 3.10 to 3.13 with its venv module is needed as python3.11 or python3 on PATH (found: $(python3 --version 2>&1 || true))"
    step venv "make .venv with $("$python" --version)" "$python" -m venv --clear .venv || die \
      "$python could not make .venv; see $log_folder/venv.log"
  fi
  for module in "${modules[@]}"; do
    [[ " ${missing[*]} " == *" $module "* ]] && continue  # Two purposes may want the same.
    grep -qxF "$module" "$stamp" 2> /dev/null || missing+=("$module")
  done
  ((${#missing[@]})) || return 0
  step pip "install into .venv: ${missing[*]}" .venv/bin/python3 -m pip install --disable-pip-version-check \
    --no-input "${missing[@]}" || die "pip could not install ${missing[*]}; see $log_folder/pip.log"
  printf '%s\n' "${missing[@]}" >> "$stamp"
}

# Into .setup/node_modules, without running anything of theirs. Without npm, or without a network, the build goes on:
# the program then says what it lacks when it is asked for it.
install_scripts() {
  local missing=() script stamp
  for script in "${scripts[@]}"; do
    stamp=.setup/node_modules/${script%@*}/package.json
    grep -qF "\"version\": \"${script##*@}\"" "$stamp" 2> /dev/null || missing+=("$script")
  done
  ((${#missing[@]})) || return 0
  if ! command -v npm > /dev/null; then
    [[ $needs_npm == no ]] && return 0
    die "npm is missing, which fetches ${missing[*]}; install it (on Debian: apt-get install npm), then try again"
  fi
  mkdir -p .setup
  step npm "fetch ${missing[*]}" npm install --prefix .setup --no-save --no-audit --no-fund --ignore-scripts \
    --fetch-retries=1 "${scripts[@]}" && return 0
  [[ $needs_npm == no ]] || die "npm could not fetch ${missing[*]}; see $log_folder/npm.log"
  printf 'skillit: building without %s, so `graph show --html` will not be there\n' "${missing[*]}" >&2
}

# A wheel made for CUDA can only be compiled against where the CUDA toolkit is.
check_torch() {
  local cuda
  [[ " ${modules[*]} " == *" $torch "* ]] || return 0
  cuda=$(sed -n "s/^cuda[^=]*= *'\([^']*\)'.*/\1/p" .venv/lib/python3*/site-packages/torch/version.py)
  if [[ -n $cuda ]] && ! command -v nvcc > /dev/null && [[ ! -x ${CUDA_HOME:-/usr/local/cuda}/bin/nvcc ]]; then
    die "the torch in .venv was made for CUDA $cuda, but there is no CUDA toolkit (nvcc); install that, or remove .venv and give pip the source of CPU wheels (PIP_FIND_LINKS or PIP_EXTRA_INDEX_URL)"
  fi
}

for purpose in "$@"; do choose "$purpose"; done
if [[ $needs_venv == yes ]] && ! find_python > /dev/null; then packages+=(python3 python3-venv); fi
install_packages
install_scripts
if [[ $needs_venv == yes ]]; then
  install_modules
  check_torch
fi
