#!/usr/bin/env bash
# Installs what is missing (Debian 12), builds a release and compares three designs on a sample.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=.ci/packages.sh
. .ci/packages.sh

sample=samples/02-growth/scenario.toml

install_missing "${build_packages[@]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
build() {
  cmake -S . -B build/quickstart -G Ninja -DCMAKE_BUILD_TYPE=Release -DCIDRPLAN_TESTS=OFF &&
    cmake --build build/quickstart --target cidrplan
}
echo "Building build/quickstart/cli/cidrplan (a few minutes the first time)"
build >"$log" 2>&1 || { cat "$log" >&2; exit 1; }

echo "\$ build/quickstart/cli/cidrplan compare $sample"
exec build/quickstart/cli/cidrplan compare "$sample"
