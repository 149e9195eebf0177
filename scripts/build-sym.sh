#!/bin/sh
# Builds PRODUCT for release: one static file where the toolchain can make one.
# Every release build goes through here, so that the flags agree and nothing is built twice.
set -eu

product=${1:?usage: build-release.sh PRODUCT}
compiler=$(readlink -f "$(command -v swiftc)")
lib=$(dirname "$(dirname "$compiler")")/lib
# A launcher such as swiftly is not the compiler: ask the compiler itself where its parts are.
resources=$(swiftc -print-target-info 2>/dev/null |
  sed -n 's/.*"runtimeResourcePath": *"\(.*\)".*/\1/p')
[ -n "$resources" ] && lib=$(dirname "$resources")
yaml=$(pkg-config --variable=libdir yaml-0.1 2>/dev/null || true)
sqlite=$(pkg-config --variable=libdir sqlite3 2>/dev/null || true)

# Copies the folder of static libraries $1 to $2: as links, but for libraries whose unused functions
# are to be left out.
copy_libraries() {
  mkdir -p "$2.$$/linux"
  for part in "$1"/* "$1"/linux/*; do
    [ "$part" = "$1/linux" ] || ln -s "$part" "$2.$$${part#"$1"}"
  done
  for name in swiftCore swift_Concurrency swift_StringProcessing swift_RegexParser \
    FoundationEssentials _FoundationCollections; do
    library=linux/lib$name.a
    [ -e "$1/$library" ] || continue
    rm "$2.$$/$library"
    perl "$(dirname "$0")/let-go.pl" "$1/$library" "$2.$$/$library"
  done
  mv -T "$2.$$" "$2" 2>/dev/null || rm -rf "$2.$$" # another build was quicker
}

why=""
[ -e "$lib/swift_static/linux/static-executable-args.lnk" ] ||
  why="the toolchain has no static standard library ($lib/swift_static)"
[ -e "$yaml/libyaml.a" ] || why="libyaml.a is missing (package libyaml-dev)"
[ -e "$sqlite/libsqlite3.a" ] || why="libsqlite3.a is missing (package libsqlite3-dev)"

script=$(cd "$(dirname "$0")" && pwd)/no-unwind.ld
if [ -z "$why" ]; then
  # Each function its own section, and none kept only because another file could have called it:
  # what nothing reaches is left out.
  set -- -Xswiftc -static-executable \
    -Xswiftc -Xfrontend -Xswiftc -function-sections \
    -Xswiftc -Xfrontend -Xswiftc -internalize-at-link
  # The toolchain's libraries as well, in copies that are made once for each toolchain.
  if command -v perl >/dev/null; then
    copies=$PWD/.build/swift_static-$(swiftc --version 2>/dev/null | cksum | cut -d ' ' -f 1)
    [ -d "$copies" ] || copy_libraries "$lib/swift_static" "$copies"
    set -- "$@" -Xswiftc -resource-dir -Xswiftc "$copies"
  fi
  # What the other linkers cannot do: fold equal functions, and leave parts out.
  [ -x "$(dirname "$compiler")/ld.lld" ] &&
    set -- "$@" -Xswiftc -use-ld=lld -Xlinker --icf=all -Xlinker -T -Xlinker "$script"
else
  echo "build-release: no static executable: $why" >&2
  echo "build-release: building a dynamic one; it runs only where this toolchain is installed" >&2
  set -- -Xlinker -s
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The linker warns of every libc function that looks up names; kmf calls none of them.
if ! swift build -c release --product "$product" "$@" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
tail -n 1 "$log"
