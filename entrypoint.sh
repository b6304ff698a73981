#!/bin/sh
# First version; not yet run on AWS together with the `tailscale` room.
#
# Starts the function, and beside it, when Tailscale is configured, tailscaled in userspace. The function never waits for
# it: joining the tailnet (a shell cannot sign AWS calls) and the gate before the first model call are the function's part.
#
#   HEDDLE_FUNCTION     the executable to become          (default /opt/heddle/heddle)
#   TS_AUTHKEY_FILE, TS_AUTHKEY_SECRET, TS_CLIENT_ID
#                       where the function gets its credential from; any of them set means: Tailscale is configured
#   TAILSCALED          the daemon                        (default tailscaled, from PATH)
#   TS_DIR              its state, socket and log         (default /tmp/tailscale: only /tmp is writable on Lambda)
#   TS_PROXY            its HTTP proxy, host:port         (default 127.0.0.1:1055)
#   TS_RESTART_SECONDS  pause before it is started again  (default 2)
set -eu

keep_tailscaled_running() {
    # The daemon talks to the tailnet only; it has no business with the function's AWS credentials.
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    dir=${TS_DIR:-/tmp/tailscale}
    # Without TS_LOGS_DIR its log policy writes under /var/lib, which is read-only.
    export HOME="$dir" TS_LOGS_DIR="$dir"
    umask 077
    mkdir -p "$dir"
    # $$ is the function after the exec below: without it there is nobody to serve.
    while kill -0 $$ 2>/dev/null; do
        # One log, of the latest start, so that /tmp does not fill up.
        "${TAILSCALED:-tailscaled}" --tun=userspace-networking --state=mem: --statedir="$dir" \
            --socket="$dir/tailscaled.sock" --port=0 --no-logs-no-support \
            --outbound-http-proxy-listen="${TS_PROXY:-127.0.0.1:1055}" >"$dir/tailscaled.log" 2>&1 ||
            echo "entrypoint: tailscaled ended with status $?, starting it again" >&2
        sleep "${TS_RESTART_SECONDS:-2}"
    done
}

if [ -n "${TS_AUTHKEY_FILE:-}${TS_AUTHKEY_SECRET:-}${TS_CLIENT_ID:-}" ]; then
    keep_tailscaled_running &
fi

exec "${HEDDLE_FUNCTION:-/opt/heddle/heddle}" "$@"
