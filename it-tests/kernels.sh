#!/usr/bin/env bash
# Boots Debian's kernels one after the other, has the agent work in each, and writes it-tests/KERNELS.md.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
all_rows=(bullseye bookworm bookworm-8192 trixie sid)

usage() {
  cat <<TEXT
usage: kernels.sh [--servers NAME,NAME...] [--report] [RELEASE[-READ_AHEAD_KB]...]
  RELEASE    of Debian, whose cloud kernel is booted, with the read_ahead_kb that the slow disk is to have, 128 by default
             (default: ${all_rows[*]}); with some named, it-tests/target/KERNELS.md is written instead
  --servers  of netty-nio, netty-epoll, netty-tls, java-nio (default: netty-nio)
  --report   boots nothing, writes the page again, of those that were booted
Needs a build with the libraries of the tests (mvn -B -Pkernels -DskipTests package), qemu-system-x86_64, and of Debian apt, dpkg-deb,
mke2fs, xz and zstd; not root, and no KVM. Each kernel takes some minutes of one core. What is fetched stays below
it-tests/target/kernels.
TEXT
}

fail() {
  echo "kernels.sh: $*" >&2
  exit 2
}

servers=netty-nio
report=
rows=()
while [ $# -gt 0 ]; do
  case "$1" in
    --servers) servers=${2:?}; shift 2 ;;
    --report) report=1; shift ;;
    --help) usage; exit 0 ;;
    -*) usage >&2; exit 2 ;;
    *) rows+=("$1"); shift ;;
  esac
done
target=$checkout/it-tests/target
folder=$target/kernels
page=$target/KERNELS.md
if [ "${#rows[@]}" = 0 ]; then
  rows=("${all_rows[@]}")
  page=$checkout/it-tests/KERNELS.md
fi
for command in qemu-system-x86_64 apt-get dpkg-deb mke2fs xz zstd; do
  command -v "$command" > /dev/null || fail "$command is missing; on Debian: apt-get install qemu-system-x86 e2fsprogs xz-utils zstd"
done
[ -e "$folder/lib/jna.jar" ] && [ -e "$target/test-classes/io/readahead/it/KernelGuest.class" ] \
  || fail "it isn't built: mvn -B -Pkernels -DskipTests package"
java=$(readlink -f "$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java")")
jdk=${java%/bin/java}
# shellcheck source=it-tests/debian.sh
. "$checkout/it-tests/debian.sh"

# The kernel and its modules, which newer releases have in several packages.
fetch_kernel() {
  local release=$1
  [ ! -e "$folder/$release/complete" ] || return 0
  echo "kernels.sh: fetching the kernel of $release" >&2
  mkdir -p "$folder/$release"
  apt "$release" apt-get -qq update
  local packages
  packages=$(apt "$release" apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances linux-image-cloud-amd64 | grep -E '^linux-(image|modules|binary)-.*[0-9].*cloud-amd64' | sort -u)
  # shellcheck disable=SC2086
  unpack "$release" "$folder/$release/root" $packages
  touch "$folder/$release/complete"
}

fetch_busybox() {
  [ ! -e "$folder/busybox" ] || return 0
  fetch_kernel bookworm
  unpack bookworm "$folder/busybox.tmp" busybox-static
  mv "$folder/busybox.tmp/bin/busybox" "$folder/busybox"
  rm -rf "$folder/busybox.tmp"
}

# Copies programs with the libraries that they are linked to.
with_libraries() {
  local root=$1 file
  shift
  for file in $(ldd "$@" 2> /dev/null | awk '$3 ~ /^\// { print $3 } $1 ~ /^\// && $1 !~ /:$/ { print $1 }' | sort -u); do
    [ -e "$root$file" ] || install -D "$file" "$root$file"
  done
}

# The root file system: this machine's JDK with its libc, busybox, and what the build made; the same for all kernels.
make_root() {
  local root=$folder/root.tmp
  rm -rf "$root"
  mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp,root,data,agent,examples/netty/target,lib-tests}
  cp "$folder/busybox" "$root/bin/busybox"
  ln -s busybox "$root/bin/sh"
  echo "root:x:0:0:root:/root:/bin/sh" > "$root/etc/passwd"
  echo "127.0.0.1 localhost guest" > "$root/etc/hosts"
  mkdir -p "$root$jdk"
  # The JDK's archive of classes is only valid beside files of the very time: tar keeps it.
  tar -C "$jdk" -chf - --exclude=lib/ct.sym --exclude=lib/src.zip --exclude='lib/libatk*' --exclude='lib/lib*awt*' \
    --exclude='lib/libfontmanager*' --exclude='lib/libsplashscreen*' --exclude='lib/libjsound*' --exclude='lib/libjavajpeg*' \
    --exclude='lib/liblcms*' --exclude='lib/libmlib*' --exclude='lib/security/cacerts' bin/java bin/jcmd bin/keytool conf lib release \
    | tar -C "$root$jdk" -xf -
  # shellcheck disable=SC2046
  with_libraries "$root" "$jdk/bin/java" $(find "$root$jdk/lib" -name '*.so' -printf "$jdk/lib/%P\n")
  cp "$checkout/agent/target/readahead-agent.jar" "$root/agent/"
  cp -r "$checkout/examples/netty/target/netty-file-server.jar" "$checkout/examples/netty/target"/lib-* "$root/examples/netty/target/"
  cp -r "$target/classes" "$target/test-classes" "$root/"
  cp "$folder/lib"/*.jar "$root/lib-tests/"
  cat > "$root/guest.sh" <<GUEST
#!/bin/sh
export HOME=/root PATH=/bin
busybox ifconfig lo 127.0.0.1 up
busybox hostname guest
$jdk/bin/java -XX:TieredStopAtLevel=1 -Xmx192m -Dreadahead.kit.patience=10 -Dreadahead.agent.jar=/agent/readahead-agent.jar \\
  -Dreadahead.examples.dir=/examples \\
  -cp "/test-classes:/classes:/lib-tests/*" io.readahead.it.KernelGuest /data \$(echo \$SERVERS | busybox tr , ' ')
busybox poweroff -f
GUEST
  # The oldest kernel doesn't know what the newest mke2fs would put in.
  rm -f "$folder/root.img"
  truncate -s 700M "$folder/root.img"
  mke2fs -q -t ext4 -O ^orphan_file,^metadata_csum_seed -d "$root" "$folder/root.img"
  rm -rf "$root"
}

# What the kernel's package has as modules of what the guest needs; the rest is in the kernel itself.
make_initramfs() {
  local release=$1 root=$folder/$1/initramfs order=()
  rm -rf "$root"
  mkdir -p "$root"/{bin,dev,proc,sys,root,modules}
  cp "$folder/busybox" "$root/bin/busybox"
  ln -s busybox "$root/bin/sh"
  local name
  for name in virtio_pci virtio_blk crc32c_generic ext4; do
    add_module "$release" "$name"
  done
  printf '%s\n' "${order[@]}" > "$root/modules/order"
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
[ -z "\$READ_AHEAD_KB" ] || echo "\$READ_AHEAD_KB" > /sys/block/vdb/queue/read_ahead_kb
for folder in dev proc sys; do
  busybox mount -o move /\$folder /root/\$folder
done
exec busybox switch_root /root /bin/sh /guest.sh
INIT
  chmod +x "$root/init"
  (cd "$root" && find . | "$folder/busybox" cpio -o -H newc 2> /dev/null | gzip -1) > "$folder/$release/initramfs.gz"
}

# Adds a module behind those that it depends on, to $root and $order of the caller; one that is built in is no file.
add_module() {
  local release=$1 name=${2//-/_} file dependency
  file=$(find "$folder/$release/root" -regextype posix-extended -regex ".*/${name//_/[-_]}\.ko(\.xz|\.zst)?" | head -n 1)
  if [ -z "$file" ] || [ -e "$root/modules/$name.ko" ]; then
    return 0
  fi
  case "$file" in
    *.xz) xz -dc "$file" > "$root/modules/$name.ko" ;;
    *.zst) zstd -qdc "$file" > "$root/modules/$name.ko" ;;
    *) cp "$file" "$root/modules/$name.ko" ;;
  esac
  for dependency in $(tr '\0' '\n' < "$root/modules/$name.ko" | LC_ALL=C sed -n 's/^depends=//p' | tr ',' ' '); do
    add_module "$release" "$dependency"
  done
  order+=("$name.ko")
}

# A disk that gives 4 MB/s: slower than what an emulated machine sends.
boot() {
  local release=$1 read_ahead_kb=$2 console=$3 kernel
  kernel=$(find "$folder/$release/root" -type f -name 'vmlinuz*' | head -n 1)
  rm -f "$folder/data.img"
  truncate -s 512M "$folder/data.img"
  mke2fs -q -t ext4 -O ^orphan_file,^metadata_csum_seed "$folder/data.img"
  # What the guest writes to its root goes into a file that has no name, below TMPDIR.
  TMPDIR=$folder timeout "$longest_seconds" nice -n 10 qemu-system-x86_64 -accel tcg -machine pc -cpu Nehalem -smp 1 -m 768 -nodefaults \
    -no-user-config -display none -no-reboot -serial "file:$console" -kernel "$kernel" \
    -initrd "$folder/$release/initramfs.gz" \
    -append "console=ttyS0 quiet loglevel=1 panic=-1 delayacct mitigations=off random.trust_cpu=on SERVERS=$servers READ_AHEAD_KB=$read_ahead_kb" \
    -drive "file=$folder/root.img,format=raw,if=virtio,snapshot=on" \
    -drive "file=$folder/data.img,format=raw,if=virtio,throttling.bps-read=4194304" < /dev/null \
    || echo "kernels.sh: the guest of $release did not end by itself" >&2
  rm -f "$folder/data.img"
}

# Of a guest: each server takes two minutes or so where nothing else runs.
longest_seconds=$((600 * $(tr "," "\n" <<< "$servers" | wc -l)))
if [ -z "$report" ]; then
  fetch_busybox
  make_root
fi
consoles=()
for row in "${rows[@]}"; do
  console=$folder/$row.console
  if [ -z "$report" ]; then
    release=${row%%-*}
    read_ahead_kb=${row#"$release"}
    fetch_kernel "$release"
    make_initramfs "$release"
    echo "kernels.sh: booting the kernel of $row" >&2
    : > "$console"
    boot "$release" "${read_ahead_kb#-}" "$console"
  fi
  [ ! -e "$console" ] || consoles+=("$console")
done
[ -n "$report" ] || rm -f "$folder/root.img"
"$java" -cp "$target/test-classes:$target/classes" io.readahead.it.KernelPage "$page" "${consoles[@]}"
