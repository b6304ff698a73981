#!/bin/sh
# Runs Maven 3.8 or newer on JDK 25: scripts/mvn.sh <Maven's arguments>. MVN names another mvn than the one on PATH.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
JAVA_HOME=$("$here/java-home.sh")
export JAVA_HOME

mvn=${MVN:-mvn}
if ! command -v "$mvn" >/dev/null 2>&1; then
    echo "No Maven found ('$mvn'). Get 3.8 or newer from https://maven.apache.org/download.cgi or your package manager (apt install maven, brew install maven), or set MVN to one." >&2
    exit 1
fi

# MAVEN_BASEDIR keeps the project's .mvn/jvm.config out of it: only the version is asked for.
version=$(MAVEN_BASEDIR=/ "$mvn" --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1)
major=${version%%.*}
rest=${version#*.}
minor=${rest%%.*}
if [ "${major:-0}" -lt 3 ] || { [ "$major" -eq 3 ] && [ "${minor:-0}" -lt 8 ]; }; then
    echo "Maven ${version:-of unknown version} found ('$mvn'), 3.8 or newer is needed. Get one from https://maven.apache.org/download.cgi or set MVN to one." >&2
    exit 1
fi

# Maven's own Guava uses sun.misc.Unsafe, about which Java 24 and newer warn in four lines at each start.
MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
export MAVEN_OPTS
exec "$mvn" "$@"
