#!/usr/bin/env bash
# Kafka's benchmark: producers and tail consumers beside catch-up consumers of a cold log, without the agent, with it, and with no catch-up.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  cat <<'END'
usage: kafka-bench.sh [--rounds N] [--seconds N] [--more]
  --rounds N   each with all three, in turns (default: 5, of two minutes each)
  --seconds N  measured of each run, after its warm-up (default: 20)
  --more       adds to the results of the time before
Prints a table; exit code 1 where a bound is not met. Needs root (cgroups), a JDK 17 or newer, Maven, and 3 GB of disk below
it-tests/target.
END
}

rounds=5
seconds=20
table=fresh
while [ $# -gt 0 ]; do
  case "$1" in
    --help) usage; exit 0 ;;
    --rounds | --seconds)
      if [ $# -lt 2 ]; then
        echo "kafka-bench.sh: $1 needs a value" >&2
        exit 2
      fi
      declare "${1#--}=$2"
      shift 2 ;;
    --more) table=more; shift ;;
    *) usage >&2; exit 2 ;;
  esac
done
if [ "$(id -u)" != 0 ]; then
  echo "kafka-bench.sh: only root may slow a disk and limit memory by cgroup" >&2
  exit 2
fi

target=$checkout/it-tests/target
# Each module writes its class path to the file, the tests' the last.
(cd "$checkout" && mvn -B -q -DskipTests package dependency:build-classpath "-Dmdep.outputFile=$target/class-path" -pl it-tests -am)
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx512m -XX:+UseSerialGC \
  -Dreadahead.agent.jar="$checkout/agent/target/readahead-agent.jar" \
  -Dreadahead.examples.dir="$checkout/examples" \
  -Dreadahead.work.dir="$target/kafka-bench" \
  -cp "$target/test-classes:$target/classes:$(cat "$target/class-path")" io.readahead.it.KafkaBench "$rounds" "$seconds" "$table"
