#!/usr/bin/env bash
# Fetches Debian's JDKs that this machine's libc is too old for, and makes them run here: each brings its own libc.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$checkout/it-tests/target/jdks
all_jdks=(21 26)

usage() {
  cat <<TEXT
usage: jdks.sh [--folder FOLDER] [FEATURE[-RELEASE]...]
  FEATURE    of the JDK, and the release of Debian that it is taken of, trixie for 21 and sid for others by default
             (default: ${all_jdks[*]})
  --folder   into which they are put, as FOLDER/FEATURE (default: it-tests/target/jdks)
Leaves alone what is there already. Needs of Debian apt and dpkg-deb; not root. Each is 100 MB to fetch and 300 MB on disk, and runs
where it was put and nowhere else, like any other JDK: FOLDER/FEATURE/bin/java.
mvn -B verify -Pjdks does this, and runs tests with servers on each; without one of them by -Djdk-21.skip=true or -Djdk-26.skip=true.
The agent's unit tests on one, after a build: mvn -B surefire:test -pl agent -Djvm=FOLDER/FEATURE/bin/java, FOLDER from the root.
TEXT
}

fail() {
  echo "jdks.sh: $*" >&2
  exit 2
}

jdks=()
while [ $# -gt 0 ]; do
  case "$1" in
    --folder) folder=$(mkdir -p "${2:?}" && cd "$2" && pwd); shift 2 ;;
    --help) usage; exit 0 ;;
    -*) usage >&2; exit 2 ;;
    *) jdks+=("$1"); shift ;;
  esac
done
[ "${#jdks[@]}" != 0 ] || jdks=("${all_jdks[@]}")
for command in apt-get dpkg-deb; do
  command -v "$command" > /dev/null || fail "$command is missing"
done
# shellcheck source=it-tests/debian.sh
. "$checkout/it-tests/debian.sh"

# Whether a JDK was finished, and in this very place.
stands() {
  [ "$(cat "$1/made-at" 2> /dev/null)" = "$1" ]
}

# Makes $to a whole JDK: Debian's has its configuration below /etc, and its libc is that of a release.
#
# All of its programs look for libraries in its lib first, and what they load later is looked for there too (DT_RPATH, not RUNPATH),
# so the release's libc goes there; the loader, which must be of the same libc, is the one name that has to be written into programs.
make_jdk() {
  local feature=$1 release=$2 to=$3 root=$folder/$2/root from link
  from=$root/usr/lib/jvm/java-$feature-openjdk-amd64
  echo "jdks.sh: fetching JDK $feature of $release" >&2
  rm -rf "$to" "$root"
  mkdir -p "$folder/$release" "$to"
  apt "$release" apt-get -qq update
  unpack "$release" "$root" openjdk-"$feature"-{jdk,jre}-headless libc6 libgcc-s1 libstdc++6 zlib1g patchelf
  # Debian makes it when the package of the certificates is installed, of which none is needed here.
  rm -f "$from/lib/security/cacerts"
  while read -r link; do
    ln -sfn "$root$(readlink "$link")" "$link"
  done < <(find "$from" -lname '/*')
  # The JDK's archive of classes is only valid beside files of the very time: tar keeps it.
  tar -C "$from" -chf - --exclude=./lib/src.zip --exclude=./man --exclude=./docs . | tar -C "$to" -xf -
  with_libc "$to"
  with_libc_when_linked java.base
  rm -rf "$root" "${folder:?}/$release/deb"
  "$to/bin/java" -Xshare:on -version || fail "JDK $feature of $release doesn't run here"
  echo "$to" > "$to/made-at"
}

# Has the programs below a folder use the libc of $root of the caller, which is put there, and the loader of $to.
with_libc() {
  local in=$1 program libraries=$root/usr/lib/x86_64-linux-gnu
  cp "$libraries"/{ld-linux-x86-64,lib{c,m,dl,rt,pthread,util,resolv,nss_files,nss_dns,gcc_s,stdc++,z}}.so.[0-9] "$in/lib/"
  # shellcheck disable=SC2016
  for program in "$in"/bin/* "$in/lib/jspawnhelper"; do
    "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "$root/usr/bin/patchelf" \
      --set-interpreter "$to/lib/ld-linux-x86-64.so.2" --force-rpath --set-rpath '$ORIGIN:$ORIGIN/../lib' "$program"
  done
}

# The same in what jlink makes.
with_libc_when_linked() {
  local module=$1 parts=$root/parts
  "$to/bin/jmod" extract --dir "$parts" "$to/jmods/$module.jmod"
  rm "$to/jmods/$module.jmod"
  with_libc "$parts"
  "$to/bin/jmod" create --class-path "$parts/classes" --cmds "$parts/bin" --libs "$parts/lib" --config "$parts/conf" \
    --target-platform linux-amd64 "$to/jmods/$module.jmod"
}

for each in "${jdks[@]}"; do
  feature=${each%%-*}
  release=${each#"$feature"}
  release=${release#-}
  if [ -z "$release" ]; then
    release=sid
    [ "$feature" != 21 ] || release=trixie
  fi
  stands "$folder/$feature" || make_jdk "$feature" "$release" "$folder/$feature"
done
