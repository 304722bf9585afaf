#!/usr/bin/env bash
# Installs what is missing (on Debian 12; elsewhere it says what), builds a release and compares designs on a sample.
set -euo pipefail
cd "$(dirname "$0")"

program=build/program/cli/cidrplan
sample=samples/02-growth/scenario.toml

.ci/install build
mkdir -p build
echo "Building $program (a few minutes the first time)"
{ cmake --preset program && cmake --build --preset program; } >build/program.log 2>&1 ||
  { cat build/program.log >&2; exit 1; }

echo "\$ $program compare $sample"
exec "$program" compare "$sample"
