#!/usr/bin/env bash
# Brings Debian's busybox-static for both processors into a folder, by apt, with its version and its licence, and checks that it is what it was.
#   agent/release/busybox.sh FOLDER
# Where the version is gone from Debian's mirrors, snapshot.debian.org has it: put the files into the folder by hand.
set -euo pipefail
version=1:1.35.0-4+deb12u1+b1
sums="3d3fdbe91d4660c873e14b092c213fe81c1da6362daa236eb25d0171eb108744  busybox-amd64.deb
732c9135564fc71337e0e05fb4da4d11e6c28c1834bce3e405e575afef2a52f5  busybox-arm64.deb
8177f97513213526df2cf6184d8ff986c675afb514d4e68a404010521b880643  GPL-2"

mkdir -p "$1"
cd "$1"
echo "$version" > version
cp /usr/share/common-licenses/GPL-2 .
if sha256sum --check --status <<< "$sums" 2> /dev/null; then
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial"
# Lists of its own, so that those of the machine stay as they are, and another architecture than its own can be had.
apt=(apt-get -q -o Dir::State::Lists="$work/lists" -o Dir::State::status=/dev/null -o Dir::Cache="$work"
  -o APT::Architecture=amd64 -o APT::Architectures=amd64,arm64 -o APT::Sandbox::User=root)
"${apt[@]}" update
for arch in amd64 arm64; do
  (cd "$work" && "${apt[@]}" download "busybox-static:$arch=$version")
  mv "$work"/busybox-static_*_"$arch".deb "busybox-$arch.deb"
done
sha256sum --check <<< "$sums"
