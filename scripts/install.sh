#!/bin/sh
# Installs the built KMF below PREFIX: binary, man page, completions for three shells.
set -eu

kmf=${1:?usage: install.sh KMF PREFIX}
prefix=${2:?usage: install.sh KMF PREFIX}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for shell in bash zsh fish; do "$kmf" --generate-completion-script "$shell" >"$scratch/$shell"; done

install -D -m 755 "$kmf" "$prefix/bin/kmf"
install -D -m 644 "$scratch/bash" "$prefix/share/bash-completion/completions/kmf"
install -D -m 644 "$scratch/zsh" "$prefix/share/zsh/site-functions/_kmf"
install -D -m 644 "$scratch/fish" "$prefix/share/fish/vendor_completions.d/kmf.fish"
if [ -e docs/man/kmf.1 ]; then
  install -D -m 644 docs/man/kmf.1 "$prefix/share/man/man1/kmf.1"
else
  echo "install: no docs/man/kmf.1 (make man); the man page is left out" >&2
fi
echo "installed $prefix/bin/kmf, and what goes with it below $prefix/share"
