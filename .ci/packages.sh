# What Debian 12 must have, and how it comes there. Sourced by quickstart.sh and test.sh.
# shellcheck shell=bash

build_packages=(
  g++ cmake ninja-build
  libboost-graph-dev libeigen3-dev libcli11-dev libtomlplusplus-dev libfmt-dev nlohmann-json3-dev
)
test_packages=(
  ccache clang-14 clang-format-14 libclang-rt-14-dev
  catch2 librapidcheck-dev libvalijson-dev
)

# as_root COMMAND...: as root, or by sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# install_missing PACKAGE...: quiet where all are there; elsewhere than on Debian 12 it only says what is wanted.
install_missing() {
  local id="" version="" package missing=()
  # shellcheck source=/dev/null
  [ -r /etc/os-release ] && { id=$(. /etc/os-release && echo "${ID:-}"); version=$(. /etc/os-release && echo "${VERSION_ID:-}"); }
  if [ "$id" != debian ] || [ "$version" != 12 ]; then
    echo "This is not Debian 12. Install what your system calls these packages, if they are not there yet:"
    printf '  %s\n' "$*"
    return 0
  fi
  for package in "$@"; do
    dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    echo "Missing: ${missing[*]}. Install them as root (no sudo here): apt-get install ${missing[*]}" >&2
    return 1
  fi
  echo "Installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
