#!/usr/bin/env bash
# Measures the agent beside what it is compared with, and writes it-tests/BENCHMARKS.md and it-tests/target/bench/results.json.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  cat <<'END'
usage: bench.sh [--quick] [--rows ID,ID...] [--pairs N] [--report]
  --quick     one round, one server, and without interference-tls, download-tls, cold-disks and mostly-hot unless they are
              named: 5 minutes instead of an hour on two cores
  --rows      only these rows; the results of the others stay as they were
  --pairs N   rounds, each with every subject once (default: 3, with --quick 1; of hot-only and the interference rows 7
              at least, of what takes long half as many)
  --report    measures nothing, writes the table again
rows: interference interference-tls interference-jetty hot-only hot-call download-tls cold-throttled cold-unthrottled cold-disks blocking
      small-cold start-up scale memory-pressure mostly-hot random-ranges progress
Needs root (cgroups), a JDK 17 or newer, Maven, nginx, wrk and mkfs.xfs (Debian: nginx-light, wrk,
xfsprogs), and 18 GB of disk below it-tests/target.
END
}

fail() {
  echo "bench.sh: $*" >&2
  exit 2
}

for argument in "$@"; do
  if [ "$argument" = --help ]; then
    usage
    exit 0
  fi
done
[ "$(id -u)" = 0 ] || fail "only root may slow a disk and limit memory by cgroup"
for command in nginx wrk mkfs.xfs mvn java; do
  command -v "$command" > /dev/null || fail "$command is missing; on Debian: apt-get install nginx-light wrk xfsprogs maven openjdk-17-jdk-headless"
done
# A server of 10,000 connections has 20,000 descriptors, and its client half of that.
ulimit -n 131072 2> /dev/null || ulimit -n "$(ulimit -Hn)"

echo "bench.sh: building" >&2
(cd "$checkout" && mvn -B -q -Pbench -DskipTests package)
commit=$(git -C "$checkout" rev-parse --short HEAD 2> /dev/null || echo unknown)
[ -z "$(git -C "$checkout" status --porcelain -- agent examples 2> /dev/null)" ] || commit="$commit+"
target=$checkout/it-tests/target
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx512m -XX:+UseSerialGC \
  -Dreadahead.agent.jar="$checkout/agent/target/readahead-agent.jar" \
  -Dreadahead.jetty.jar="$checkout/examples/jetty-file-server/target/jetty-file-server.jar" \
  -Dreadahead.examples.dir="$checkout/examples" \
  -Dreadahead.work.dir="$target/bench" \
  -Dreadahead.bench.report="$checkout/it-tests/BENCHMARKS.md" \
  -Dreadahead.commit="$commit" -Dreadahead.bench.descriptors="$(ulimit -n)" \
  -cp "$target/test-classes:$target/classes:$(cat "$target/bench/class-path")" io.readahead.bench.Benchmarks "$@"
