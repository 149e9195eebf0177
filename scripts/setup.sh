#!/bin/sh
# Installs the system packages that a build needs, by name, and only those that are missing.
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

missing=""
for package in $packages; do
  # pkgconf answers to the name pkg-config on newer releases, so the program counts too.
  if [ "$package" = pkg-config ] && command -v pkg-config >/dev/null 2>&1; then continue; fi
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  if [ "$state" != installed ]; then missing="$missing $package"; fi
done
[ -n "$missing" ] || exit 0

sudo=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "setup: missing packages, and no sudo here; as root run: apt-get install$missing" >&2
    exit 1
  fi
  sudo="sudo"
fi
echo "setup: installing$missing"
$sudo apt-get update
# shellcheck disable=SC2086  # the list is meant to be split
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
