#!/bin/sh
# Runs the programs of src/bench: scripts/bench.sh suite | soak [arguments]. Wants target/classes and target/bench.classpath
# (make sees to that). BENCH_QUICK=true makes a short run that only shows that it works; PYTHON names another interpreter.
set -eu

program=$1
shift
home=$(scripts/java-home.sh)
folder=target/bench
peers=$(cat target/bench.classpath)

rm -rf "$folder/classes"
mkdir -p "$folder/classes"
"$home/bin/javac" -Xlint:all,-processing,-classfile -Werror --release 25 -d "$folder/classes" \
    -cp "target/classes:$peers" -processorpath "$peers" $(find src/bench/java -name '*.java')

if [ "$program" = soak ]; then
    exec "$home/bin/java" -cp "$folder/classes:target/classes" dev.heddle.bench.Soak "$@"
fi

# Classes of the engine alone, in jars, because a cache of classes knows no folders.
"$home/bin/jar" --create --file "$folder/first.jar" \
    -C "$folder/classes" dev/heddle/bench -C target/classes dev/heddle/graph -C target/classes dev/heddle/tree
"$home/bin/jar" --create --file "$folder/peer-first.jar" -C "$folder/classes" dev/heddle/bench

# LangGraph itself, in an environment of its own, made once.
cache=${HEDDLE_CACHE:-$HOME/.cache/heddle}/bench-python
wanted=src/bench/python/requirements.txt
if ! cmp -s "$wanted" "$cache/requirements.txt"; then
    echo "bench: installing LangGraph for Python in $cache" >&2
    rm -rf "$cache"
    if "${PYTHON:-python3}" -m venv "$cache" && "$cache/bin/pip" install --quiet --requirement "$wanted"; then
        cp "$wanted" "$cache/requirements.txt"
    else
        echo "bench: no LangGraph for Python (Python 3.10 or newer with venv and a network are needed): its column stays empty" >&2
    fi
fi
python=
[ -f "$cache/requirements.txt" ] && python="$cache/bin/python"

exec "$home/bin/java" --sun-misc-unsafe-memory-access=allow -Dbench.folder="$folder" -Dbench.python="$python" -Dbench.peer.classpath="$peers" \
    -Dbench.quick="${BENCH_QUICK:-false}" -cp "$folder/classes:target/classes:$peers" dev.heddle.bench.Suite "$@"
