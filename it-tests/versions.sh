#!/usr/bin/env bash
# Checks the releases of versions.txt against what the agent knows of them, and writes it-tests/VERSIONS.md.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  cat <<'TEXT'
usage: versions.sh [--ends]
  --ends  only the first and the last release of each row; writes it-tests/target/VERSIONS.md instead
Needs Maven, which fetches the jars with what they need, once, into it-tests/target/versions, and a built agent.
TEXT
}

fail() {
  echo "versions.sh: $*" >&2
  exit 2
}

ends=
case "${1:-}" in
  "") ;;
  --ends) ends=1 ;;
  --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac
classes=$checkout/agent/target/test-classes
[ -e "$classes/io/readahead/start/VersionSweep.class" ] || fail "the agent isn't built: mvn -B -DskipTests package"
folder=$checkout/it-tests/target/versions
mkdir -p "$folder"
if [ -n "$ends" ]; then
  list=$folder/ends.txt
  page=$checkout/it-tests/target/VERSIONS.md
  awk '$1 == "releases" && NF > 2 { print $1, $2, $NF; next } { print }' "$checkout/it-tests/versions.txt" > "$list"
else
  list=$checkout/it-tests/versions.txt
  page=$checkout/it-tests/VERSIONS.md
fi

# Prints a dependency, without compressors and stores: those are large, and nothing that is woven calls them.
dependency() {
  cat <<XML
    <dependency>
      <groupId>$1</groupId>
      <artifactId>$2</artifactId>
      <version>$3</version>
${4:+      <classifier>$4</classifier>
}      <exclusions>
        <exclusion><groupId>org.rocksdb</groupId><artifactId>*</artifactId></exclusion>
        <exclusion><groupId>com.github.luben</groupId><artifactId>*</artifactId></exclusion>
        <exclusion><groupId>org.xerial.snappy</groupId><artifactId>*</artifactId></exclusion>
        <exclusion><groupId>org.fusesource.leveldbjni</groupId><artifactId>*</artifactId></exclusion>
        <exclusion><groupId>io.netty</groupId><artifactId>netty-codec-native-quic</artifactId></exclusion>
      </exclusions>
    </dependency>
XML
}

head() {
  cat <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>io.readahead.versions</groupId>
  <artifactId>$1</artifactId>
  <version>1</version>
XML
}

byte_buddy=$(sed -n 's:.*<byte-buddy.version>\(.*\)</byte-buddy.version>.*:\1:p' "$checkout/pom.xml")
modules=
# A module for each release, so that Maven starts once for all.
module() {
  local name=$1 release=$2
  shift 2
  [ ! -e "$folder/$name/complete" ] || return 0
  mkdir -p "$folder/$name"
  {
    head "$name"
    echo '  <dependencies>'
    local group id classifier
    for artifact in "$@"; do
      IFS=: read -r group id classifier <<< "$artifact"
      dependency "$group" "$id" "$release" "$classifier"
    done
    echo '  </dependencies></project>'
  } > "$folder/$name/pom.xml"
  modules="$modules <module>$name</module>"
}
module "byte-buddy-$byte_buddy" "$byte_buddy" net.bytebuddy:byte-buddy
while read -r key values; do
  case "$key" in
    artifacts) read -r -a artifacts <<< "$values" ;;
    releases)
      name=$(cut -d: -f2 <<< "${artifacts[0]}")
      for release in $values; do
        module "$name-$release" "$release" "${artifacts[@]}"
      done ;;
  esac
done < "$list"
if [ -n "$modules" ]; then
  {
    head releases
    echo "  <packaging>pom</packaging><modules>$modules </modules></project>"
  } > "$folder/pom.xml"
  mvn -B -q --fail-at-end ${MAVEN_REPOSITORY:+"-Dmaven.repo.local=$MAVEN_REPOSITORY"} -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies \
    -DoutputDirectory='${project.basedir}' -DincludeScope=runtime < /dev/null
  for name in $(sed 's:</\?module>: :g' <<< "$modules"); do
    touch "$folder/$name/complete"
  done
fi
# The newest JDK verifies most: Grizzly 5 is of Java 21.
java=$(for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
  [ ! -x "$home/bin/javac" ] || echo "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release") $home/bin/java"
done | sort -n | tail -n 1 | cut -d' ' -f2)
exec "${java:-java}" --add-opens=java.base/java.io=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
  -cp "$checkout/agent/target/classes:$classes:$folder/byte-buddy-$byte_buddy/*" \
  io.readahead.start.VersionSweep "$list" "$folder" "$page"
