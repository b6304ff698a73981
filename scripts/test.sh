#!/bin/sh
# The suite behind `make test`: Maven's checks and tests, the shell scripts, and the native executable where it was built.
# Closes with one line for each thing that was skipped: tests print `skipped: <what>: <why>`, and so do the steps here.
# REQUIRE_<WHAT>=true turns such a skip into a failure (each test reads its own; here: REQUIRE_SHELLCHECK, REQUIRE_NATIVE).
set -eu

cd "$(dirname "$0")/.."
mkdir -p target
log=target/test.log
rm -f target/test.failed
status=0

skip() { # $1: name in REQUIRE_<name>, $2: what and why
    if [ "$(printenv "REQUIRE_$1" || true)" = true ]; then
        echo "failed: $2 (REQUIRE_$1=true)"
        status=1
    else
        echo "skipped: $2" | tee -a "$log"
    fi
}

# A pipe gives the status of its last command, so Maven's own goes through a file.
{ scripts/mvn.sh -B -ntp -Dstyle.color=never verify 2>&1 || echo $? >target/test.failed; } | tee "$log"
if [ -e target/test.failed ]; then
    rm target/test.failed
    status=1
fi

scripts=$(find scripts src/test/sh src/test/ollama entrypoint.sh .ci/run -type f \( -name '*.sh' -o -name run \) 2>/dev/null)
if command -v shellcheck >/dev/null 2>&1; then
    # shellcheck disable=SC2086 # a list of paths without spaces
    shellcheck $scripts || status=1
else
    skip SHELLCHECK "shellcheck: not installed, the scripts are only parsed"
    for script in $scripts; do
        case $(head -n 1 "$script") in
            *bash*) bash -n "$script" || status=1 ;;
            *) sh -n "$script" || status=1 ;;
        esac
    done
fi

for test in src/test/sh/*-test.sh; do
    sh "$test" || status=1
done

if make -q target/native/heddle-runner >/dev/null 2>&1; then
    if [ "$status" -eq 0 ]; then
        { scripts/native-test.sh target/native/heddle-runner 2>&1 || echo $? >target/test.failed; } | tee -a "$log"
        if [ -e target/test.failed ]; then
            rm target/test.failed
            status=1
        fi
    fi
else
    skip NATIVE "native executable: not built or older than the sources, 'make native' builds it (needs GRAALVM_HOME)"
fi

# Maven leaves colour codes behind, also before what others print next.
skipped=$(sed "s/$(printf '\033')\[[0-9;]*m//g" "$log" | grep '^skipped: ' | sort -u || true)
if [ -n "$skipped" ]; then
    printf '\nSkipped in this run:\n%s\n' "$skipped"
fi
exit "$status"
