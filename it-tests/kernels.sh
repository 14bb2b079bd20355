#!/usr/bin/env bash
# Boots Debian's kernels one after the other, has the agent work in each, and writes it-tests/KERNELS.md.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
all_rows=(bullseye bookworm bookworm-8192 trixie sid bullseye-xfs bookworm-xfs trixie-xfs sid-xfs trixie-btrfs trixie-overlay
  trixie-cgroup trixie-nfs)
all_servers=(netty-nio netty-epoll netty-tls java-nio tomcat undertow-blocking kafka)

usage() {
  cat <<TEXT
usage: kernels.sh [--servers NAME,NAME...] [--report] [ROW...]
  ROW        RELEASE[-READ_AHEAD_KB][-KIND] (default: ${all_rows[*]});
             with some named, it-tests/target/KERNELS.md is written instead
    RELEASE        of Debian, whose cloud kernel is booted
    READ_AHEAD_KB  that the slow disk is to have, 128 by default
    KIND           ext4 (default), xfs or btrfs: what the slow disk has; overlay, whose lower folder it has as ext4; nfs, version 4,
                   which exports it as ext4 to the same guest; cgroup: ext4, slow by io.max, in less memory than server and files need
  --servers  of ${all_servers[*]}
             (default: all where a row is nothing but a release, netty-nio elsewhere)
  --report   boots nothing, writes the page again, of those that were booted
Each server of a row is a guest of its own, which takes two minutes or so of one core. Needs a build with the libraries of the tests
(mvn -B -Pkernels -DskipTests package), bash, qemu-system-x86_64, and of Debian apt, dpkg-deb, mke2fs, xz and zstd; mkfs.xfs, mkfs.btrfs,
and rpc.mountd and exportfs of nfs-kernel-server, for rows of those; not root, and no KVM. What is fetched stays below
it-tests/target/kernels.
TEXT
}

fail() {
  echo "kernels.sh: $*" >&2
  exit 2
}

servers=
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
# Where some programs are for who is not root.
PATH=$PATH:/usr/sbin:/sbin

read_ahead_kb_of() {
  grep -oE -- '-[0-9]+' <<< "$1" | tr -d - || true
}

kind_of() {
  grep -oE -- '-[a-z][a-z0-9]*$' <<< "$1" | tr -d - || echo ext4
}

servers_of() {
  if [ -n "$servers" ]; then
    tr , '\n' <<< "$servers"
  elif [[ $1 == *-* ]]; then
    echo netty-nio
  else
    printf '%s\n' "${all_servers[@]}"
  fi
}

nfs_programs=(rpc.mountd exportfs)
for row in "${rows[@]}"; do
  case $(kind_of "$row") in
    ext4 | overlay | cgroup) ;;
    xfs | btrfs) command -v "mkfs.$(kind_of "$row")" > /dev/null || fail "$row: no mkfs; on Debian: apt-get install xfsprogs btrfs-progs" ;;
    nfs) command -v "${nfs_programs[@]}" > /dev/null || fail "$row: no ${nfs_programs[*]}; on Debian: apt-get install nfs-kernel-server" ;;
    *) usage >&2; exit 2 ;;
  esac
done
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

# The root file system: this machine's JDK and bash with their libc, busybox, and what the build made; the same for all kernels.
make_root() {
  local root=$folder/root.tmp name
  rm -rf "$root"
  mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp,root,run,data,low,srv/data,var/lib/nfs,usr/bin,agent,lib-tests} \
    "$root"/examples/{netty,tomcat,undertow,kafka}/target
  cp "$folder/busybox" "$root/bin/busybox"
  for name in $("$folder/busybox" --list); do
    [ -e "$root/bin/$name" ] || ln -s busybox "$root/bin/$name"
  done
  ln -s /bin/env "$root/usr/bin/env"
  # Start scripts of Tomcat and Kafka.
  rm -f "$root/bin/bash"
  cp "$(readlink -f "$(command -v bash)")" "$root/bin/bash"
  with_libraries "$root" "$root/bin/bash"
  echo "root:x:0:0:root:/root:/bin/sh" > "$root/etc/passwd"
  echo "127.0.0.1 localhost guest" > "$root/etc/hosts"
  for name in "${nfs_programs[@]}"; do
    if command -v "$name" > /dev/null; then
      install -D "$(command -v "$name")" "$root/usr/sbin/$name"
      with_libraries "$root" "$root/usr/sbin/$name"
      cp /etc/netconfig "$root/etc/"
    fi
  done
  echo "/low 127.0.0.1(rw,no_root_squash,no_subtree_check,fsid=0)" > "$root/etc/exports"
  mkdir -p "$root$jdk"
  # The JDK's archive of classes is only valid beside files of the very time: tar keeps it.
  tar -C "$jdk" -chf - --exclude=lib/ct.sym --exclude=lib/src.zip --exclude='lib/libatk*' --exclude='lib/lib*awt*' \
    --exclude='lib/libfontmanager*' --exclude='lib/libsplashscreen*' --exclude='lib/libjsound*' --exclude='lib/libjavajpeg*' \
    --exclude='lib/liblcms*' --exclude='lib/libmlib*' --exclude='lib/security/cacerts' bin/java bin/jcmd bin/keytool conf lib release \
    | tar -C "$root$jdk" -xf -
  # shellcheck disable=SC2046
  with_libraries "$root" "$jdk/bin/java" $(find "$root$jdk/lib" -name '*.so' -printf "$jdk/lib/%P\n")
  # Netty's epoll is linked to what glibc has had in libc itself since 2.34.
  local libc
  libc=$(ldd "$jdk/bin/java" | awk '$1 == "libc.so.6" { print $3 }')
  for name in libdl.so.2 librt.so.1 libpthread.so.0; do
    [ -e "$root${libc%/*}/$name" ] || install -D "${libc%/*}/$name" "$root${libc%/*}/$name"
  done
  cp "$checkout/agent/target/readahead-agent.jar" "$root/agent/"
  cd "$checkout/examples"
  cp -r netty/target/netty-file-server.jar netty/target/lib-* "$root/examples/netty/target/"
  cp -r tomcat/run.sh tomcat/base "$root/examples/tomcat/"
  cp -r tomcat/target/tomcat-11 "$root/examples/tomcat/target/"
  cp undertow/target/undertow-file-server.jar "$root/examples/undertow/target/"
  cp -r kafka/run.sh kafka/conf "$root/examples/kafka/"
  cp -r kafka/target/lib "$root/examples/kafka/target/"
  cd "$OLDPWD"
  cp -r "$target/classes" "$target/test-classes" "$root/"
  cp "$folder/lib"/*.jar "$root/lib-tests/"
  cat > "$root/guest.sh" <<GUEST
#!/bin/sh
export HOME=/root PATH=/bin:/usr/sbin
ifconfig lo 127.0.0.1 up
hostname guest
served=/data
stored=/data
case "\$KIND" in
  overlay)
    stored=/low/stored ;;
  cgroup)
    mount -t cgroup2 cgroup2 /sys/fs/cgroup ;;
  nfs)
    served=/srv/data
    stored=/low
    mount -t nfsd nfsd /proc/fs/nfsd
    # Nobody is to take up again what he had open, and a server that was stopped is not to wait for it.
    echo 10 > /proc/fs/nfsd/nfsv4gracetime
    echo "-3 +4 +4.1 +4.2" > /proc/fs/nfsd/versions
    touch /var/lib/nfs/etab
    rpc.mountd -N 3
    exportfs -a
    echo 4 > /proc/fs/nfsd/threads
    mount -t nfs4 -o vers=4.2,addr=127.0.0.1,clientaddr=127.0.0.1 127.0.0.1:/ /srv/data || poweroff -f ;;
esac
more=
[ "\$SERVER" != kafka ] || more=":/examples/kafka/target/lib/*"
$jdk/bin/java -XX:TieredStopAtLevel=1 -Xmx192m -Dreadahead.kit.patience=10 -Dreadahead.agent.jar=/agent/readahead-agent.jar \\
  -Dreadahead.examples.dir=/examples -Dreadahead.kernel.kind="\$KIND" -Dreadahead.kernel.stored="\$stored" \\
  -Dreadahead.kernel.disk.bytes="\$DISK_BYTES" -cp "/test-classes:/classes:/lib-tests/*\$more" \\
  io.readahead.it.KernelGuest "\$served" "\$SERVER"
poweroff -f
GUEST
  rm -f "$folder/root.img"
  truncate -s 900M "$folder/root.img"
  make_ext4 -d "$root" "$folder/root.img"
  rm -rf "$root"
}

# The oldest kernel doesn't know what the newest programs would put in.
make_ext4() {
  mke2fs -q -t ext4 -O ^orphan_file,^metadata_csum_seed "$@"
}

make_xfs() {
  mkfs.xfs -q -i nrext64=0 "$@"
}

make_btrfs() {
  mkfs.btrfs -q "$@"
}

# What the kernel's package has as modules of what the guest needs; the rest is in the kernel itself.
make_initramfs() {
  local release=$1 kind=$2 root=$folder/$1/initramfs order=() kinds_modules=()
  rm -rf "$root"
  mkdir -p "$root"/{bin,dev,proc,sys,root,modules}
  cp "$folder/busybox" "$root/bin/busybox"
  ln -s busybox "$root/bin/sh"
  local name
  case "$kind" in
    nfs) kinds_modules=(nfsd nfs nfsv4) ;;
    *) kinds_modules=("$kind") ;;
  esac
  for name in virtio_pci virtio_blk crc32c_generic ext4 "${kinds_modules[@]}"; do
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
case "\$KIND" in
  xfs | btrfs) busybox mount -t "\$KIND" /dev/vdb /root/data ;;
  overlay)
    busybox mount -t ext4 /dev/vdb /root/low && busybox mkdir /root/low/stored /root/low/upper /root/low/work \\
      && busybox mount -t overlay -o lowerdir=/root/low/stored,upperdir=/root/low/upper,workdir=/root/low/work overlay /root/data ;;
  nfs) busybox mount -t ext4 /dev/vdb /root/low ;;
  *) busybox mount -t ext4 /dev/vdb /root/data ;;
esac || busybox poweroff -f
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

# A disk that gives 4 MB/s: slower than what an emulated machine sends, but for what it has to encrypt.
boot() {
  local row=$1 server=$2 console=$3 release=${1%%-*} kernel kind disk_bytes=4194304 throttled memory=768 environment
  kind=$(kind_of "$row")
  kernel=$(find "$folder/$release/root" -type f -name 'vmlinuz*' | head -n 1)
  rm -f "$folder/data.img"
  truncate -s 512M "$folder/data.img"
  case "$kind" in
    xfs | btrfs) "make_$kind" "$folder/data.img" ;;
    *) make_ext4 "$folder/data.img" ;;
  esac
  [ "$server" != netty-tls ] || disk_bytes=262144
  [ "$server" != kafka ] || memory=1280
  throttled=,throttling.bps-read=$disk_bytes
  [ "$kind" != cgroup ] || throttled=
  environment="SERVER=$server KIND=$kind READ_AHEAD_KB=$(read_ahead_kb_of "$row") DISK_BYTES=$disk_bytes"
  # What the guest writes to its root goes into a file that has no name, below TMPDIR.
  TMPDIR=$folder timeout "$longest_seconds" nice -n 10 qemu-system-x86_64 -accel tcg -machine pc -cpu Nehalem -smp 1 -m "$memory" \
    -nodefaults -no-user-config -display none -no-reboot -serial "file:$console" -kernel "$kernel" \
    -initrd "$folder/$release/initramfs.gz" \
    -append "console=ttyS0 quiet loglevel=1 panic=-1 delayacct mitigations=off random.trust_cpu=on $environment" \
    -drive "file=$folder/root.img,format=raw,if=virtio,snapshot=on" \
    -drive "file=$folder/data.img,format=raw,if=virtio$throttled" < /dev/null \
    || echo "kernels.sh: the guest of $row with $server did not end by itself" >&2
  rm -f "$folder/data.img"
}

# Of a guest: it takes two minutes or so where nothing else runs.
longest_seconds=900
if [ -z "$report" ]; then
  fetch_busybox
  make_root
fi
consoles=()
for row in "${rows[@]}"; do
  for server in $(servers_of "$row"); do
    console=$folder/$row.$server.console
    if [ -z "$report" ]; then
      fetch_kernel "${row%%-*}"
      make_initramfs "${row%%-*}" "$(kind_of "$row")"
      echo "kernels.sh: booting the kernel of $row with $server" >&2
      : > "$console"
      boot "$row" "$server" "$console"
    fi
    consoles+=("$console")
  done
done
[ -n "$report" ] || rm -f "$folder/root.img"
"$java" -cp "$target/test-classes:$target/classes" io.readahead.it.KernelPage "$page" "${consoles[@]}"
