# Sourced by kernels.sh, jdks.sh and aarch64.sh: packages of any release of Debian, below $folder, which the caller sets; for the
# architecture of $architecture, amd64 where it sets none.

# Runs apt with lists and packages of a release below $folder, and nothing of this machine's but how it reaches the network.
apt() {
  local release=$1 state=$folder/$1/apt
  shift
  if [ ! -e "$state/apt.conf" ]; then
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/none"
    : > "$state/status"
    local from="[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org"
    {
      echo "deb $from/debian $release main"
      [ "$release" = sid ] || echo "deb $from/debian-security $release-security main"
    } > "$state/sources.list"
    # The hooks that this machine may have after an update clear caches of its own.
    cat > "$state/apt.conf" <<CONF
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
Dir::Etc::SourceList "$state/sources.list";
Dir::Etc::SourceParts "$state/none";
Dir::Etc::Preferences "$state/none/preferences";
Dir::Etc::PreferencesParts "$state/none";
Dir::State::Lists "$state/lists";
Dir::State::Status "$state/status";
Dir::Cache "$state/cache";
APT::Architecture "${architecture:-amd64}";
APT::Architectures { "${architecture:-amd64}"; };
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
CONF
  fi
  APT_CONFIG=$state/apt.conf "$@"
}

# Unpacks packages of a release, and installs nothing.
unpack() {
  local release=$1 to=$2
  shift 2
  rm -rf "$folder/$release/deb"
  mkdir -p "$folder/$release/deb" "$to"
  (cd "$folder/$release/deb" && apt "$release" apt-get -qq download "$@")
  local package
  for package in "$@"; do
    dpkg-deb -x "$folder/$release/deb/${package}"_*.deb "$to"
  done
}
