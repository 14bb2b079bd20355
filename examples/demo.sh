#!/usr/bin/env bash
# The demo: a Jetty file server, the example's or Jetty as it comes, without and with the agent, while somebody fetches big cold files.
# See --help.
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
agent=$checkout/agent/target/readahead-agent.jar
server=$checkout/examples/jetty-file-server/target/jetty-file-server.jar
demo=$checkout/examples/demo/target/readahead-demo.jar

fail() {
  echo "demo: $*" >&2
  exit 2
}

find_java() {
  if [[ -n ${JAVA_HOME:-} && -x $JAVA_HOME/bin/java ]]; then
    java=$JAVA_HOME/bin/java
  else
    java=$(command -v java) || fail "no java on the PATH and none in JAVA_HOME: a JDK of version 17 or later is needed"
  fi
  local version major
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
  major=${version%%[.+-]*}
  [[ $major =~ ^[0-9]+$ && $major -ge 17 ]] || fail "$java is version ${version:-unknown}: a JDK of version 17 or later is needed"
}

# True if a jar is missing, or anything that goes into it is newer.
stale() {
  local jar=$1
  shift
  [[ ! -f $jar ]] && return 0
  local source
  for source in "$@"; do
    [[ -e $checkout/$source && -n $(find "$checkout/$source" -type f -newer "$jar" -print | head -n 1) ]] && return 0
  done
  return 1
}

build() {
  local modules=()
  stale "$agent" pom.xml agent/pom.xml agent/src/main && modules+=(agent)
  stale "$server" pom.xml examples/jetty-file-server/pom.xml examples/jetty-file-server/src/main && modules+=(examples/jetty-file-server)
  stale "$demo" pom.xml it-tests/pom.xml it-tests/src/main examples/demo/pom.xml examples/demo/src/main && modules+=(examples/demo)
  [[ ${#modules[@]} -eq 0 ]] && return 0
  command -v mvn > /dev/null || fail "mvn is needed to build ${modules[*]}: install Maven 3.6.3 or later"
  echo "building ${modules[*]}" >&2
  (cd "$checkout" && mvn -q -B -DskipTests package -pl "$(IFS=,; echo "${modules[*]}")" -am) || fail "the build failed"
}

find_java
build

options=(-Xmx512m -XX:+UseSerialGC)
[[ -t 1 ]] && options+=(-Dreadahead.demo.terminal=true)
# exec: Ctrl-C and kill reach the demo itself, which cleans up.
exec "$java" "${options[@]}" -jar "$demo" --checkout "$checkout" "$@"
