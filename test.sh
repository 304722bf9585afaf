#!/usr/bin/env bash
# Checks everything: format, warnings of two compilers, tests, the same under sanitizers, fuzzing, and that two builds
# write the same bytes. Installs what is missing on Debian 12, elsewhere says what. Ends with "N passed, N failed".
#   CIDRPLAN_JOBS          how much at once (default: as many as there are cores)
#   CIDRPLAN_FUZZ_SECONDS  how long each fuzz target runs (default: 10)
set -euo pipefail
cd "$(dirname "$0")"

.ci/install test

jobs=${CIDRPLAN_JOBS:-$(nproc)}
export CXX=${CXX:-g++} RC_PARAMS=${RC_PARAMS:-seed=7}
export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=${CCACHE_BASEDIR:-$PWD} CCACHE_NOHASHDIR=1
export UBSAN_OPTIONS=print_stacktrace=1 ASAN_SYMBOLIZER_PATH=/usr/lib/llvm-14/bin/llvm-symbolizer
if [ ! -e /proc/self/maps ]; then
  echo "skipped         the check for leaks: /proc is missing"
  export ASAN_OPTIONS=detect_leaks=0
fi

passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# told BEGAN FAILED TITLE: one line, and the log of what failed.
told() {
  if [ "$2" -eq 0 ]; then
    printf 'ok     %5d s  %s\n' $((SECONDS - $1)) "$3"
  else
    cat "$log"
    printf 'FAILED %5d s  %s\n' $((SECONDS - $1)) "$3"
  fi
}

# check TITLE COMMAND...: counts as one.
check() {
  local title=$1 began=$SECONDS bad=0
  shift
  "$@" >"$log" 2>&1 || bad=1
  passed=$((passed + 1 - bad)) failed=$((failed + bad))
  told "$began" "$bad" "$title"
  [ "$bad" -eq 0 ]
}

# tests TITLE PRESET: each test case counts; a test program that dies without a word counts as a case that failed.
tests() {
  local began=$SECONDS bad=0 good
  ctest --test-dir "build/$2" --parallel "$jobs" --timeout 600 --no-tests=error --output-on-failure >"$log" 2>&1 || bad=1
  read -r good bad < <(awk -v least="$bad" '
    /^All tests passed \(/ { passed += $(NF - 2) }
    /^test cases: / { for (i = 4; i <= NF; ++i) { if ($i == "passed") passed += $(i - 1); if ($i == "failed") failed += $(i - 1) } }
    /^Test Failed\.$/ || /^Test timeout/ { ++least_failed }
    END {
      if (least_failed < least) least_failed = least
      if (failed < least_failed) failed = least_failed
      print passed + 0, failed + 0
    }' "build/$2/Testing/Temporary/LastTest.log")
  passed=$((passed + good)) failed=$((failed + bad))
  told "$began" "$bad" "$1: $good of $((good + bad)) cases"
}

# build PRESET TARGET...
build() { cmake --preset "$1" && cmake --build --preset "$1" --parallel "$jobs" --target "${@:2}"; }

# What git knows; every such file where there is no repository.
sources() {
  git ls-files -z -- '*.h' '*.cpp' 2>/dev/null ||
    find . -path ./build -prune -o \( -name '*.h' -o -name '*.cpp' \) -print0
}

formatted() {
  sources | xargs -0 clang-format-14 --dry-run -Werror &&
    shellcheck test.sh quickstart.sh .ci/install .ci/run .ci/fuzz .ci/same-bytes
}

check "format, shell scripts" formatted || true
if check "build with g++" build release all cidrplan_headers; then
  tests "tests" release
fi
if check "build with clang, address and undefined-behaviour sanitizers" build fuzz all fuzzers; then
  tests "tests under sanitizers" fuzz
  check "fuzzing" .ci/fuzz "${CIDRPLAN_FUZZ_SECONDS:-10}" "$jobs" || true
fi
if check "build with clang" build clang cidrplan; then
  check "the same bytes from two compilers and two runs" \
    .ci/same-bytes build/release/cli/cidrplan build/clang/cli/cidrplan || true
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
