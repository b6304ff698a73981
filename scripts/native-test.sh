#!/bin/sh
# Runs the end-to-end suite against a native executable: scripts/native-test.sh <executable>. Expects compiled test
# classes (`make native-test` sees to it) and builds nothing, so the jar in target/ stays as it is.
set -eu

cd "$(dirname "$0")/.."
executable=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

exec scripts/mvn.sh -B -ntp -Dstyle.color=never failsafe:integration-test failsafe:verify \
    -Dit.test='*E2E' -Dheddle.function="$executable"
