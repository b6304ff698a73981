#!/bin/sh
# Prints the home of a JDK 25 or newer. Every entry point (make, CI, the container build) asks here, because the default
# `java` of a machine is often an older one. Order: JAVA_HOME, `java` on PATH, /usr/lib/jvm, SDKMAN, macOS.
set -eu

wanted=25

is_good() { # $1: a folder; true when it is a JDK (with a compiler) that is new enough
    [ -n "$1" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ "${major:-0}" -ge "$wanted" ]
}

use_if_good() {
    if is_good "$1"; then
        printf '%s\n' "$1"
        exit 0
    fi
}

use_if_good "${JAVA_HOME:-}"

if command -v java >/dev/null 2>&1; then
    use_if_good "$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')"
fi

for home in /usr/lib/jvm/*"$wanted"* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/"$wanted"*; do
    use_if_good "$home"
done

if [ -x /usr/libexec/java_home ]; then
    use_if_good "$(/usr/libexec/java_home -v "$wanted" 2>/dev/null || true)"
fi

echo "No JDK $wanted found. Get one from https://adoptium.net/temurin/releases/?version=$wanted (or: sdk install java $wanted-tem), or set JAVA_HOME to one." >&2
exit 1
