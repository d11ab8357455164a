#!/usr/bin/env bash
# Creates root folders for `chroot` with other versions of uWSGI, from the packages of other Debian releases.
#
#   uwsgi-roots.sh        creates the folders that are missing or broken, then prints all folders
#   uwsgi-roots.sh find   prints all folders
#
# Output: one line `VERSION FOLDER` per version; the folder is `-` if there is no usable one.
# The packages are unpacked, not installed, so their scripts do not run.
set -euo pipefail

# Version of uWSGI, and the Debian release that contains it.
releases=('2.0.19.1 bullseye' '2.0.28 trixie')
packages=(uwsgi-core uwsgi-plugin-python3 uwsgi-plugin-gevent-python3 dash coreutils)
# Debian moves old releases from the first server to the second one.
servers=(http://deb.debian.org/debian http://archive.debian.org/debian)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Below the home directory of the user: root runs the programs in it, so other users must not be able to change them.
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/statstop-test

main() {
  if [ "${1:-}" != find ]; then
    require
    mkdir -p "$(dirname "$cache")"
    [ -e "$cache" ] || mkdir -m 700 "$cache"
  fi
  if [ -e "$cache" ]; then
    private "$cache" || fail "$cache must belong to this user and have mode 700"
  fi
  if [ "${1:-}" != find ]; then make_all; fi
  for release in "${releases[@]}"; do
    read -r version suite <<<"$release"
    if usable "$version" "$cache/$suite"; then echo "$version $cache/$suite"; else echo "$version -"; fi
  done
}

fail() {
  echo "uwsgi-roots.sh: $1" >&2
  exit 1
}

# Whether a folder belongs to this user and no other user can enter it.
private() {
  [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ] && [ "$(stat -c %a "$1")" = 700 ]
}

# Ends the script if roots cannot be created: with status 0, unless STATSTOP_REQUIRE_ALL=1.
require() {
  local missing=''
  for tool in apt-get dpkg-deb flock unshare; do command -v "$tool" >/dev/null || missing="$tool"; done
  [ -e "$keyring" ] || missing="$keyring (package debian-archive-keyring)"
  unshare --mount true 2>/dev/null || missing='root, for chroot and mounts'
  [ -n "$missing" ] || return 0
  [ "${STATSTOP_REQUIRE_ALL:-}" != 1 ] || fail "needs $missing"
  echo "SKIPPED: other versions of uWSGI: needs $missing" >&2
  exit 0
}

make_all() {
  local jobs=() failed=''
  exec 9>"$cache/lock"
  flock 9
  for release in "${releases[@]}"; do
    read -r version suite <<<"$release"
    if usable "$version" "$cache/$suite"; then continue; fi
    make "$version" "$suite" >"$cache/$suite.log" 2>&1 &
    jobs+=("$! $suite")
  done
  for job in "${jobs[@]}"; do
    wait "${job% *}" || { cat "$cache/${job#* }.log" >&2; failed="$failed ${job#* }"; }
  done
  [ -z "$failed" ] || fail "could not make$failed"
}

# Whether a root has that version of uWSGI, with Python, gevent and the HTTP router. uWSGI rejects the options of a
# plugin that it cannot load. Python itself must find its library.
usable() {
  local run=(unshare --mount chroot "$2")
  local options=(--plugin python3,gevent_python3,http --gevent 2 --http-stats-server x --wsgi-file x --version)
  [ "$("${run[@]}" uwsgi "${options[@]}" 2>/dev/null)" = "$1-debian" ] && "${run[@]}" python3 -c 'import gevent, ssl' 2>/dev/null
}

# A root gets its final name only when it is complete.
make() {
  local version=$1 suite=$2 root="$cache/$2.new"
  rm -rf "$root" "$cache/$suite"
  mkdir -m 755 "$root"
  download "$suite" "$root/packages"
  unpack "$root"
  usable "$version" "$root" || fail "Debian $suite has no usable uWSGI $version"
  mv "$root" "$cache/$suite"
}

# apt resolves the dependencies and checks the signatures. It uses separate lists, and a status file without any
# installed package.
download() {
  local suite=$1 to=$2 server
  mkdir -p "$to/partial" "$to/lists/partial"
  : >"$to/status"
  local apt=(apt-get -q -y -o Dir::State="$to" -o Dir::State::lists="$to/lists" -o Dir::State::status="$to/status"
    -o Dir::Cache="$to" -o Dir::Cache::archives="$to" -o Dir::Etc::sourcelist="$to/sources"
    -o Dir::Etc::sourceparts=/dev/null -o Acquire::Languages=none -o APT::Sandbox::User=root
    -o APT::Update::Error-Mode=any -o APT::Install-Recommends=false)
  for server in "${servers[@]}"; do
    echo "deb [signed-by=$keyring check-valid-until=no] $server $suite main" >"$to/sources"
    if "${apt[@]}" update && "${apt[@]}" install --download-only "${packages[@]}"; then return; fi
  done
  fail "cannot get the packages of Debian $suite"
}

unpack() {
  local root=$1 folder package
  for folder in bin sbin lib lib64; do
    mkdir -p "$root/usr/$folder"
    ln -s "usr/$folder" "$root/$folder"
  done
  for package in "$root"/packages/*.deb; do
    dpkg-deb --fsys-tarfile "$package" |
      tar -x -C "$root" --keep-directory-symlink --exclude='./usr/share/*/*' --exclude=./dev
  done
  rm -rf "$root/packages"
  mkdir -p "$root/dev" "$root/proc" "$root/tmp"
  # The scripts of the packages would create these links.
  ln -sf uwsgi-core "$root/usr/bin/uwsgi"
  ln -sf dash "$root/usr/bin/sh"
  local plugins="$root/usr/lib/uwsgi/plugins" plugin
  for plugin in python gevent_python; do
    [ -e "$plugins/${plugin}3_plugin.so" ] || (cd "$plugins" && ln -s "$plugin"3?*_plugin.so "${plugin}3_plugin.so")
  done
}

main "$@"
