#!/usr/bin/env bash
# Boots Debian's kernels for 64-bit ARM, has the agent work in each on Debian's JDK for it, and writes it-tests/AARCH64.md.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
all_rows=(trixie-4k-17 trixie-16k-17 sid-4k-25)

usage() {
  cat <<TEXT
usage: aarch64.sh [--servers NAME,NAME...] [--report] [RELEASE-PAGES-JDK...]
  RELEASE    of Debian, whose kernel is booted
  PAGES      4k, the kernel for clouds, or 16k; Debian has none of 64k
  JDK        17 of bookworm, 21 of trixie, others of sid, with the release's libc
             (default: ${all_rows[*]}); with some named, it-tests/target/AARCH64.md is written instead
  --servers  of netty-nio, netty-tls, java-nio (default: netty-nio,java-nio)
  --report   boots nothing, writes the page again, of those that were booted
Needs a build with the libraries of the tests (mvn -B -Paarch64 -DskipTests package), qemu-system-aarch64, and of Debian apt, dpkg-deb,
mke2fs and xz; not root, and no KVM. Each takes a quarter of an hour of one core. What is fetched stays below it-tests/target/aarch64.
TEXT
}

fail() {
  echo "aarch64.sh: $*" >&2
  exit 2
}

servers=netty-nio,java-nio
report=
rows=()
while [ $# -gt 0 ]; do
  case "$1" in
    --servers) servers=${2:?}; shift 2 ;;
    --report) report=1; shift ;;
    --help) usage; exit 0 ;;
    -*) usage >&2; exit 2 ;;
    *-4k-* | *-16k-*) rows+=("$1"); shift ;;
    *) usage >&2; exit 2 ;;
  esac
done
target=$checkout/it-tests/target
folder=$target/aarch64
page=$target/AARCH64.md
if [ "${#rows[@]}" = 0 ]; then
  rows=("${all_rows[@]}")
  page=$checkout/it-tests/AARCH64.md
fi
for command in qemu-system-aarch64 apt-get dpkg-deb mke2fs xz cpio; do
  command -v "$command" > /dev/null || fail "$command is missing; on Debian: apt-get install qemu-system-arm e2fsprogs xz-utils cpio"
done
[ -e "$folder/lib/jna.jar" ] && [ -e "$target/test-classes/io/readahead/it/KernelGuest.class" ] \
  || fail "it isn't built: mvn -B -Paarch64 -DskipTests package"
java=$(readlink -f "$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java")")
# shellcheck disable=SC2034
architecture=arm64
# shellcheck source=it-tests/debian.sh
. "$checkout/it-tests/debian.sh"

# Lists the packages of a release once.
update() {
  mkdir -p "$folder/$1"
  [ -e "$folder/$1/listed" ] || apt "$1" apt-get -qq update
  touch "$folder/$1/listed"
}

# The kernel with its modules, which newer releases have in several packages.
fetch_kernel() {
  local release=$1 flavour=$2 packages
  [ ! -e "$folder/$release/$flavour/complete" ] || return 0
  echo "aarch64.sh: fetching the kernel of $release, $flavour" >&2
  update "$release"
  packages=$(apt "$release" apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances "linux-image-$flavour" | grep -E "^linux-(image|modules|binary)-.*[0-9].*$flavour" | sort -u)
  # shellcheck disable=SC2086
  unpack "$release" "$folder/$release/$flavour" $packages
  touch "$folder/$release/$flavour/complete"
}

fetch_busybox() {
  [ ! -e "$folder/busybox" ] || return 0
  update bookworm
  unpack bookworm "$folder/busybox.tmp" busybox-static
  mv "$folder/busybox.tmp/bin/busybox" "$folder/busybox"
  rm -rf "$folder/busybox.tmp"
}

release_of_jdk() {
  case "$1" in
    17) echo bookworm ;;
    21) echo trixie ;;
    *) echo sid ;;
  esac
}

# The root file system: a JDK with the libc of its release, busybox, and what the build made.
make_root() {
  local feature=$1 root=$folder/root.tmp release jdk
  release=$(release_of_jdk "$feature")
  if [ ! -e "$folder/jdk-$feature/complete" ]; then
    echo "aarch64.sh: fetching JDK $feature of $release" >&2
    update "$release"
    unpack "$release" "$folder/jdk-$feature" openjdk-"$feature"-{jdk,jre}-headless libc6 libgcc-s1 libstdc++6 zlib1g
    touch "$folder/jdk-$feature/complete"
  fi
  rm -rf "$root"
  mkdir -p "$root"/{dev,proc,sys,tmp,root,data,agent,examples/netty/target,lib-tests,busybox} "$root/usr"/{bin,lib,sbin}
  # As Debian's merged-usr has it, for packages of both kinds.
  ln -s usr/bin usr/lib usr/sbin "$root/"
  tar -C "$folder/jdk-$feature" --exclude=./complete -cf - . | tar -C "$root" --keep-directory-symlink -xf -
  jdk=/usr/lib/jvm/java-$feature-openjdk-arm64
  rm -rf "$root/usr/share" "$root$jdk/jmods" "$root$jdk/lib/"{ct.sym,src.zip} "$root$jdk/lib/security/cacerts"
  cp "$folder/busybox" "$root/busybox/busybox"
  ln -sf /busybox/busybox "$root/usr/bin/sh"
  mkdir -p "$root/etc"
  echo "root:x:0:0:root:/root:/bin/sh" > "$root/etc/passwd"
  echo "127.0.0.1 localhost guest" > "$root/etc/hosts"
  cp "$checkout/agent/target/readahead-agent.jar" "$root/agent/"
  cp -r "$checkout/agent/target/classes" "$root/agent/"
  cp -r "$checkout/agent/target/test-classes" "$root/agent/"
  cp -r "$checkout/examples/netty/target/netty-file-server.jar" "$checkout/examples/netty/target"/lib-* "$root/examples/netty/target/"
  cp -r "$target/classes" "$target/test-classes" "$root/"
  cp "$folder/lib"/*.jar "$root/lib-tests/"
  cat > "$root/guest.sh" <<GUEST
#!/bin/sh
export HOME=/root PATH=/busybox:/bin
busybox ifconfig lo 127.0.0.1 up
busybox hostname guest
busybox mount -t tmpfs tmpfs /tmp
ldconfig=/sbin/ldconfig
[ ! -e \$ldconfig ] || \$ldconfig
options="-XX:TieredStopAtLevel=1 -Xmx192m"
busybox printf 'readahead-kernel: machine\tnone\tname=%s\tpageKb=%s\n' "\$(busybox uname -m)" \\
  "\$(busybox awk '/KernelPageSize/ { print \$2; exit }' /proc/self/smaps)"
# What calls the kernel by numbers and offsets, beside what the JDK says of the same files. mincore is not asked where pages are larger.
tests="JnaPosixLibraryTest SystemCallTrialTest"
[ "\$(busybox awk '/KernelPageSize/ { print \$2; exit }' /proc/self/smaps)" != 4 ] || tests="\$tests MappedFilesTest"
opens=
for package in $opened_packages; do
  opens="\$opens --add-opens=java.base/\$package=ALL-UNNAMED"
done
selected=
for test in \$tests; do
  selected="\$selected --select-class=io.readahead.os.\$test"
done
$jdk/bin/java \$options -Djava.io.tmpdir=/data \$opens -cp "/agent/test-classes:/agent/classes:/lib-tests/*" \
  org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors --details=tree \$selected > /tmp/tests 2>&1
busybox cat /tmp/tests
busybox awk '/tests successful/ { good = \$2 } /tests failed/ { bad = \$2 }
  END { printf "readahead-kernel: tests\tnone\tgood=%s\tbad=%s\n", good + 0, bad == "" ? "none" : bad }' /tmp/tests
$jdk/bin/java \$options -Dreadahead.kit.patience=20 -Dreadahead.agent.jar=/agent/readahead-agent.jar -Dreadahead.examples.dir=/examples \\
  -cp "/test-classes:/classes:/lib-tests/*" io.readahead.it.KernelGuest /data \$(echo \$SERVERS | busybox tr , ' ')
busybox poweroff -f
GUEST
  rm -f "$folder/root.img"
  truncate -s 900M "$folder/root.img"
  mke2fs -q -t ext4 -O ^orphan_file,^metadata_csum_seed -d "$root" "$folder/root.img"
  rm -rf "$root"
}

# What these kernels have as modules of what the guest needs, in the order of their dependences; the rest is in the kernel itself.
make_initramfs() {
  local kernel=$1 root=$folder/initramfs name file
  rm -rf "$root"
  mkdir -p "$root"/{bin,dev,proc,sys,root,modules}
  cp "$folder/busybox" "$root/bin/busybox"
  ln -s busybox "$root/bin/sh"
  : > "$root/modules/order"
  for name in virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk crc16 crc32c_generic mbcache jbd2 ext4; do
    file=$(find "$kernel" -regextype posix-extended -regex ".*/$name\.ko(\.xz)?" | head -n 1)
    case "$file" in
      '') continue ;;
      *.xz) xz -dc "$file" > "$root/modules/$name.ko" ;;
      *) cp "$file" "$root/modules/$name.ko" ;;
    esac
    echo "$name.ko" >> "$root/modules/order"
  done
  cat > "$root/init" <<INIT
#!/bin/sh
export PATH=/bin
busybox mount -t devtmpfs dev /dev
busybox mount -t proc proc /proc
busybox mount -t sysfs sys /sys
for module in \$(busybox cat /modules/order); do
  busybox insmod /modules/\$module || echo "module \$module was not taken"
done
busybox mount -t ext4 /dev/vda /root || busybox poweroff -f
busybox mount -t ext4 /dev/vdb /root/data || busybox poweroff -f
for folder in dev proc sys; do
  busybox mount -o move /\$folder /root/\$folder
done
exec busybox switch_root /root /bin/sh /guest.sh
INIT
  chmod +x "$root/init"
  (cd "$root" && find . | cpio --quiet -o -H newc | gzip -1) > "$folder/initramfs.gz"
  rm -rf "$root"
}

# A disk that gives 4 MB/s: slower than what an emulated machine sends. The processor is one that has pages of 16 KB, and no signed
# pointers, which take an emulation much time.
boot() {
  local kernel=$1 console=$2
  rm -f "$folder/data.img"
  truncate -s 512M "$folder/data.img"
  mke2fs -q -t ext4 -O ^orphan_file,^metadata_csum_seed "$folder/data.img"
  # What the guest writes to its root goes into a file that has no name, below TMPDIR. The drives' order is that of their lines reversed
  # on this machine's bus of no PCI, so it has PCI.
  TMPDIR=$folder timeout "$longest_seconds" nice -n 10 qemu-system-aarch64 -accel tcg -machine virt,gic-version=3 -cpu neoverse-n1 -smp 1 \
    -m 1024 -nodefaults -no-user-config -display none -no-reboot -serial "file:$console" \
    -kernel "$(find "$kernel" -type f -name 'vmlinuz*' | head -n 1)" -initrd "$folder/initramfs.gz" \
    -append "console=ttyAMA0 quiet loglevel=1 panic=-1 delayacct mitigations=off random.trust_cpu=on SERVERS=$servers" \
    -drive "file=$folder/root.img,format=raw,if=none,id=root,snapshot=on" -device virtio-blk-pci,drive=root,addr=2 \
    -drive "file=$folder/data.img,format=raw,if=none,id=data,throttling.bps-read=4194304" -device virtio-blk-pci,drive=data,addr=3 \
    < /dev/null || echo "aarch64.sh: the guest did not end by itself" >&2
  rm -f "$folder/data.img"
}

longest_seconds=5400
# As the agent's pom has it for its unit tests.
opened_packages=$(grep -o 'add-opens=java.base/[a-z.]*' "$checkout/agent/pom.xml" | sed 's|.*/||' | sort -u | tr '\n' ' ')
consoles=()
for row in "${rows[@]}"; do
  IFS=- read -r release pages feature <<< "$row"
  console=$folder/$row.console
  if [ -z "$report" ]; then
    [ "$pages" = 16k ] && flavour=arm64-16k || flavour=cloud-arm64
    fetch_busybox
    fetch_kernel "$release" "$flavour"
    make_root "$feature"
    make_initramfs "$folder/$release/$flavour"
    echo "aarch64.sh: booting $row" >&2
    : > "$console"
    boot "$folder/$release/$flavour" "$console"
    rm -f "$folder/root.img" "$folder/initramfs.gz"
  fi
  [ ! -e "$console" ] || consoles+=("$console")
done
"$java" -cp "$target/test-classes:$target/classes" io.readahead.it.Aarch64Page "$page" "${consoles[@]}"
