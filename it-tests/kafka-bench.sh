#!/usr/bin/env bash
# Kafka's benchmark: producers and tail consumers beside catch-up consumers of a cold log, without the agent, with it, and with no catch-up.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  cat <<'TEXT'
usage: kafka-bench.sh [--rounds N] [--seconds N] [--more] [--mb-per-second N] [--brokers N] [--disk MB] [--tls]
  --rounds N   each with all three, in turns (default: 5, of two minutes each, and more where hot records come late); 1 to 100
  --seconds N  measured of each run, after its warm-up (default: 20); 1 to 3600
  --more       adds to the results of the time before, of the same scene
The scene; a MB is 1 MiB:
  --mb-per-second N  produced and consumed at the tail, in records of 1 KB, collected for 5 ms or 64 KB, acks=all; 1 to 100 MB/s
                     (default: 200 records a second, each at once)
  --brokers N        1 or 3 (default: 1, with a heap of 512 MB). Of 3, each has a heap of 256 MB. Each has 512 MB of memory besides
                     its heap, and a disk of its own. Of 3, the hot partition has three replicas, min.insync.replicas is 2; the
                     first leads it and has the cold log. A follower is out of sync once it was behind for 30 s, Kafka's default:
                     take more --seconds
  --disk MB          that each broker reads in a second at most (default: 40); 0 for what the disk gives, to 100000
  --tls              all clients speak TLS; brokers among themselves don't
Latencies are each record's, from when it was due; all that were due in the measured time count. Prints a table. Exit code 1 where the
scene of the defaults doesn't meet its bound (others have none), 2 for wrong arguments. Needs root (cgroups), a JDK 17 or newer, Maven,
and below it-tests/target disk for the cold log, 1.8 GB (3 brokers: 1 GB), and for what a run produces, for each broker.
TEXT
}

fail() {
  echo "kafka-bench.sh: $*" >&2
  exit 2
}

rounds=5
seconds=20
mb_per_second=0
brokers=1
disk=40
protocol=plain
table=fresh

# The value of an option, a whole number from the least to the most.
whole() {
  local option=$1 value=$2 least=$3 most=$4
  if ! [[ $value =~ ^(0|[1-9][0-9]{0,5})$ ]] || [ "$value" -lt "$least" ] || [ "$value" -gt "$most" ]; then
    fail "$option takes a whole number from $least to $most, not '$value'"
  fi
}

while [ $# -gt 0 ]; do
  case "$1" in
    --rounds | --seconds | --mb-per-second | --brokers | --disk) [ $# -ge 2 ] || fail "$1 needs a value" ;;
  esac
  case "$1" in
    --help) usage; exit 0 ;;
    --rounds) whole "$1" "$2" 1 100; rounds=$2; shift 2 ;;
    --seconds) whole "$1" "$2" 1 3600; seconds=$2; shift 2 ;;
    --mb-per-second) whole "$1" "$2" 1 100; mb_per_second=$2; shift 2 ;;
    --brokers) [ "$2" = 1 ] || [ "$2" = 3 ] || fail "--brokers is 1 or 3, not '$2'"; brokers=$2; shift 2 ;;
    --disk) whole "$1" "$2" 0 100000; disk=$2; shift 2 ;;
    --tls) protocol=tls; shift ;;
    --more) table=more; shift ;;
    *) usage >&2; exit 2 ;;
  esac
done
[ "$(id -u)" = 0 ] || fail "only root may slow a disk and limit memory by cgroup"

target=$checkout/it-tests/target
# Each module writes its class path to the file, the tests' the last.
(cd "$checkout" && mvn -B -q -DskipTests package dependency:build-classpath "-Dmdep.outputFile=$target/class-path" -pl it-tests -am)
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx512m -XX:+UseSerialGC \
  -Dreadahead.agent.jar="$checkout/agent/target/readahead-agent.jar" \
  -Dreadahead.examples.dir="$checkout/examples" \
  -Dreadahead.work.dir="$target/kafka-bench" \
  -cp "$target/test-classes:$target/classes:$(cat "$target/class-path")" io.readahead.it.KafkaBench \
  "$rounds" "$seconds" "$table" "$mb_per_second" "$brokers" "$disk" "$protocol"
