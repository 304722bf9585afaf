#!/usr/bin/env bash
# Installs what is missing (Debian 12) and runs every check: format, both compilers with warnings as errors, all tests,
# the same under sanitizers, bounded fuzzing, and that both compilers' programs write the same bytes.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=.ci/packages.sh
. .ci/packages.sh

fuzz_seconds=${CIDRPLAN_FUZZ_SECONDS:-10}
jobs=$(nproc)
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# stage NAME COMMAND...: quiet where it works, its whole output where it does not.
stage() {
  local name=$1 begin=$SECONDS
  shift
  if "$@" >"$work/log" 2>&1; then
    printf 'ok      %4d s  %s\n' $((SECONDS - begin)) "$name"
    passed=$((passed + 1))
  else
    printf 'FAILED  %4d s  %s\n' $((SECONDS - begin)) "$name"
    cat "$work/log"
    failed=$((failed + 1))
  fi
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

formatted() {
  git ls-files -z '*.cpp' '*.h' | xargs -0 clang-format-14 --dry-run -Werror
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  cmake --preset "$preset" && cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"}
}

# run_tests PRESET [CTEST_ARGUMENT...]: each entry of ctest counts as one check.
run_tests() {
  local preset=$1 begin=$SECONDS bad
  shift
  ctest --test-dir "build/$preset" -j "$jobs" --output-on-failure "$@" >"$work/ctest" 2>&1 || true
  bad=$(sed -n 's/.*tests passed, \([0-9]*\) tests failed out of.*/\1/p' "$work/ctest")
  local all
  all=$(sed -n 's/.*tests failed out of \([0-9]*\).*/\1/p' "$work/ctest")
  if [ -z "$all" ] || [ "$all" -eq 0 ]; then
    bad=1 all=1
  fi
  passed=$((passed + all - bad))
  failed=$((failed + bad))
  if [ "$bad" -eq 0 ]; then
    printf 'ok      %4d s  %d tests, build/%s\n' $((SECONDS - begin)) "$all" "$preset"
  else
    printf 'FAILED  %4d s  %d of %d tests, build/%s\n' $((SECONDS - begin)) "$bad" "$all" "$preset"
    cat "$work/ctest"
  fi
}

# fuzz TARGET: from its corpus, which it does not change.
fuzz() {
  local name=$1 corpus=tests/fuzz/corpus/$1
  mkdir -p "$work/fuzz/$name"
  "build/fuzz/tests/fuzz/${name}_fuzz" -max_total_time="$fuzz_seconds" -timeout=25 -rss_limit_mb=4096 -seed=1 \
    -artifact_prefix="$work/" "$work/fuzz/$name" $([ ! -d "$corpus" ] || echo "$corpus")
}

# Both compilers' programs, and a second run, write the same bytes.
same_bytes() {
  local scenario name
  for scenario in tests/walks/shop.toml samples/*/scenario.toml; do
    name=$(basename "$(dirname "$scenario")")
    for run in release clang again; do
      local preset=$run short=(--set lives=1 --set horizon=120d)
      [ "$run" = again ] && preset=release
      mkdir -p "$work/bytes/$run"
      "build/$preset/cli/cidrplan" compare "$scenario" "${short[@]}" -o json >"$work/bytes/$run/$name.json" || return 1
      "build/$preset/cli/cidrplan" plan "$scenario" "${short[@]}" --to "$work/bytes/$run/$name" >/dev/null || return 1
    done
  done
  diff -r "$work/bytes/release" "$work/bytes/clang" && diff -r "$work/bytes/release" "$work/bytes/again"
}

install_missing "${build_packages[@]}" "${test_packages[@]}"
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
if [ ! -e /proc/self/maps ]; then
  echo "skipped          leak check: /proc is not mounted"
  export ASAN_OPTIONS=detect_leaks=0
fi

stage "format" formatted
stage "build, g++" build release
stage "build, clang" build clang cidrplan
stage "build, clang with sanitizers" build fuzz all fuzzers
[ "$failed" -eq 0 ] || finish

run_tests release
run_tests fuzz -LE whole
for target in build/fuzz/tests/fuzz/*_fuzz; do
  name=$(basename "${target%_fuzz}")
  stage "fuzzing $name for $fuzz_seconds s" fuzz "$name"
done
stage "the same bytes from both compilers and from two runs" same_bytes
finish
