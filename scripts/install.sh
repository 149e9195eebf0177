#!/bin/sh
# Installs the built KMF below PREFIX: binary, man page, completions for three shells.
set -eu

kmf=${1:?usage: install.sh KMF PREFIX}
prefix=${2:?usage: install.sh KMF PREFIX}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for shell in bash zsh fish; do "$kmf" completion "$shell" >"$scratch/$shell"; done
"$kmf" manual --format man >"$scratch/kmf.1"

install -D -m 755 "$kmf" "$prefix/bin/kmf"
install -D -m 644 "$scratch/bash" "$prefix/share/bash-completion/completions/kmf"
install -D -m 644 "$scratch/zsh" "$prefix/share/zsh/site-functions/_kmf"
install -D -m 644 "$scratch/fish" "$prefix/share/fish/vendor_completions.d/kmf.fish"
install -D -m 644 "$scratch/kmf.1" "$prefix/share/man/man1/kmf.1"
echo "installed $prefix/bin/kmf, and what goes with it below $prefix/share"
