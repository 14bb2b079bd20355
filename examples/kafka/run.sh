#!/usr/bin/env bash
# Runs an unmodified Kafka broker. JVM options, an agent among them, come from KAFKA_OPTS, as in Kafka's own kafka-run-class.sh.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"

usage() {
  cat <<'END'
usage: KAFKA_OPTS="..." run.sh [OPTION VALUE]...
  --dir DIR              folder of the log; formatted where it is new (default: ./kafka-data)
  --port PORT            plaintext port (default: 9092)
  --controller-port PORT (default: 9093)
  --tls-port PORT        TLS port besides; none without
  --keystore FILE        PKCS#12 file with the broker's key, for TLS
  --password PASSWORD    of that file
  --node ID              (default: 1)
  --voters ID@HOST:PORT,...  controllers of a cluster of several (default: this node alone)
  --set NAME=VALUE       any setting of the broker; may be repeated
  --kafka DIR            the broker's jars (default: target/lib, which mvn -DskipTests package brings)
END
}

dir="$PWD/kafka-data"
port=9092
controller_port=9093
tls_port=
keystore=
password=
node=1
voters=
kafka="$here/target/lib"
settings=()
while [ $# -gt 0 ]; do
  case "$1" in
    --help) usage; exit 0 ;;
    --dir | --port | --controller-port | --tls-port | --keystore | --password | --node | --voters | --set | --kafka)
      if [ $# -lt 2 ]; then
        echo "run.sh: $1 needs a value" >&2
        exit 2
      fi
      if [ "$1" = --set ]; then
        settings+=("$2")
      else
        name="${1#--}"
        declare "${name//-/_}=$2"
      fi
      shift 2 ;;
    *) usage >&2; exit 2 ;;
  esac
done
if ! compgen -G "$kafka/kafka_2.13-*.jar" > /dev/null; then
  echo "run.sh: no Kafka in $kafka: mvn -B -DskipTests package" >&2
  exit 1
fi
if [ -n "$tls_port" ] && { [ ! -r "$keystore" ] || [ -z "$password" ]; }; then
  echo "run.sh: --tls-port needs --keystore with a file that can be read (not '$keystore'), and --password" >&2
  exit 2
fi

mkdir -p "$dir"
dir="$(cd "$dir" && pwd)"
listeners="PLAINTEXT://127.0.0.1:$port"
tls=()
if [ -n "$tls_port" ]; then
  listeners="$listeners,SSL://127.0.0.1:$tls_port"
  tls=("ssl.keystore.type=PKCS12" "ssl.keystore.location=$(realpath "$keystore")" "ssl.keystore.password=$password"
    "ssl.key.password=$password")
fi
# Readable by nobody else: it may hold a password.
(umask 077 && {
  cat "$here/conf/server.properties"
  printf '%s\n' "node.id=$node" "listeners=$listeners,CONTROLLER://127.0.0.1:$controller_port" "advertised.listeners=$listeners" \
    "controller.quorum.voters=${voters:-$node@127.0.0.1:$controller_port}" "log.dirs=$dir/log" \
    ${tls[@]+"${tls[@]}"} ${settings[@]+"${settings[@]}"}
} > "$dir/server.properties")

java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
log4j=("-Dlog4j2.configurationFile=$here/conf/log4j2.yaml")
if [ ! -f "$dir/log/meta.properties" ]; then
  "$java" -Xmx128m "${log4j[@]}" -cp "$kafka/*" kafka.tools.StorageTool format --cluster-id cmVhZGFoZWFkLWFnZW50MQ \
    --config "$dir/server.properties"
fi
# shellcheck disable=SC2086 # the variables hold several options, as they do for Kafka's own scripts
exec "$java" ${KAFKA_HEAP_OPTS:--Xmx512m} ${KAFKA_JVM_PERFORMANCE_OPTS:--server -XX:+UseG1GC -XX:MaxGCPauseMillis=20} "${log4j[@]}" \
  -cp "$kafka/*" ${KAFKA_OPTS:-} kafka.Kafka "$dir/server.properties"
