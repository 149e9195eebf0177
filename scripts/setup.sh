#!/bin/sh
# Installs the system packages that a build needs, by name, and only those that are missing.
# With --with-browser also the one in which tests look at reports; without it they skip, and say so.
set -eu

if ! command -v swift >/dev/null 2>&1; then
  echo "setup: no 'swift' in PATH; install a Swift 6.1 toolchain or newer from swift.org" >&2
  exit 1
fi

packages="libyaml-dev libsqlite3-dev pkg-config"

if ! command -v dpkg-query >/dev/null 2>&1; then
  if pkg-config --exists yaml-0.1 sqlite3 2>/dev/null; then exit 0; fi
  echo "setup: this is no Debian or Ubuntu; install libyaml, SQLite (with headers) and pkg-config" >&2
  exit 1
fi

has_browser() {
  for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

missing=""
for package in $packages; do
  # pkgconf answers to the name pkg-config on newer releases, so the program counts too.
  if [ "$package" = pkg-config ] && command -v pkg-config >/dev/null 2>&1; then continue; fi
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  if [ "$state" != installed ]; then missing="$missing $package"; fi
done
browser=""
if [ "${1:-}" = --with-browser ] && ! has_browser; then browser="chromium"; fi
[ -n "$missing$browser" ] || exit 0

sudo=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "setup: missing packages, and no sudo here; as root run: apt-get install$missing $browser" >&2
    if [ -z "$missing" ]; then exit 0; fi
    exit 1
  fi
  sudo="sudo"
fi
install() {
  echo "setup: installing$*"
  # shellcheck disable=SC2068  # the list is meant to be split
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $@
}

$sudo apt-get update
if [ -n "$missing" ]; then install "$missing"; fi
if [ -n "$browser" ] && ! install " $browser"; then
  echo "setup: no browser could be installed; the tests that look at reports will skip" >&2
fi
