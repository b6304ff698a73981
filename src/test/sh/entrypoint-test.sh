#!/bin/sh
# Drives entrypoint.sh with a fake tailscaled and a fake function. Both tell what happens to them through one pipe, in
# order; nothing here measures time, and the watchdog only keeps a broken entrypoint from hanging the build.
set -eu

entrypoint=$(cd "$(dirname "$0")/../../.." && pwd)/entrypoint.sh
work=$(mktemp -d)
( # ends the test when it hangs
    sleep "${WATCHDOG_SECONDS:-60}" &
    nap=$!
    trap 'kill $nap 2>/dev/null; exit 0' TERM
    wait $nap
    echo "entrypoint-test: FAILED: nothing happened for too long" >&2
    kill $$
) &
watchdog=$!
running=
clean_up() { # every process that the test caused has left its id, whatever the entrypoint did with it
    kill "$watchdog" 2>/dev/null || true
    while read -r pid; do kill -9 "$pid" 2>/dev/null || true; done <"$work/pids"
    rm -rf "$work"
}
: >"$work/pids"
trap clean_up EXIT
trap 'exit 1' TERM

cat >"$work/function" <<'F'
#!/bin/sh
echo $$ >>"$PIDS"
trap 'echo "function got TERM" >"$EVENTS"; exit 7' TERM
echo "function runs as $$ with [$*]" >"$EVENTS"
while [ -e "$NEVER" ]; do read -r line <"$NEVER" || true; done
F
# Says that it started and then waits for leave to go on, as a daemon that never gets ready would.
cat >"$work/tailscaled" <<'T'
#!/bin/sh
echo $$ >>"$PIDS"
echo "tailscaled runs with key '${AWS_SECRET_ACCESS_KEY:-}': $*" >"$EVENTS"
read -r line <"$LEAVE"
T
chmod +x "$work/function" "$work/tailscaled"
mkfifo "$work/events" "$work/never" "$work/leave"
export PIDS="$work/pids" EVENTS="$work/events" NEVER="$work/never" LEAVE="$work/leave"
export HEDDLE_FUNCTION="$work/function" TAILSCALED="$work/tailscaled" TS_DIR="$work/ts" TS_RESTART_SECONDS=0
export AWS_SECRET_ACCESS_KEY=sekrit
unset TS_AUTHKEY_FILE TS_AUTHKEY_SECRET TS_CLIENT_ID
# Both ends open here, so that a reader never sees an end of file between two events.
exec 3<>"$EVENTS" 4<>"$NEVER" 5<>"$LEAVE"

fail() {
    echo "entrypoint-test: FAILED: $*" >&2
    exit 1
}
expect() { # $1: situation, $2: pattern of the next event
    read -r event <&3
    # shellcheck disable=SC2254 # a pattern it shall be
    case $event in
        $2) ;;
        *) fail "$1: expected '$2', got '$event'" ;;
    esac
}
terminate() { # $1: situation
    kill "$running"
    expect "$1" "function got TERM"
    code=0
    wait "$running" || code=$?
    running=
    [ "$code" -eq 7 ] || fail "$1: expected the function's own status 7, got $code"
}

situation="without configuration"
"$entrypoint" one two 2>"$work/log" &
running=$!
echo "$running" >>"$PIDS"
expect "$situation" "function runs as $running with \[one two\]"
terminate "$situation"
[ ! -e "$TS_DIR" ] || fail "$situation: tailscaled was started"

situation="with configuration"
export TS_AUTHKEY_FILE="$work/key"
"$entrypoint" 2>"$work/log" &
running=$!
echo "$running" >>"$PIDS"
# Two processes, either may be first; tailscaled has no leave yet, so the function did not wait for it.
read -r first <&3
read -r second <&3
case "$first|$second" in
    *"function runs as $running with []"*) ;;
    *) fail "$situation: the function did not become process $running: $first, $second" ;;
esac
case "$first|$second" in
    *"tailscaled runs with key '': --tun=userspace-networking --state=mem:"*"--outbound-http-proxy-listen=127.0.0.1:1055"*) ;;
    *) fail "$situation: tailscaled was not started as expected: $first, $second" ;;
esac

situation="after tailscaled has ended"
echo go >&5
expect "$situation" "tailscaled runs with *"

situation="with configuration, on TERM"
terminate "$situation"
echo go >&5 # the loop sees that the function is gone

echo "entrypoint-test: passed"
