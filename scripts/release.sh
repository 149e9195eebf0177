#!/bin/sh
# Puts the built KMF and its checksum into dist/, named for the machine that it runs on.
set -eu

kmf=${1:?usage: release.sh KMF}
name=kmf-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)

mkdir -p dist
install -m 755 "$kmf" "dist/$name"
(cd dist && sha256sum "$name" >"$name.sha256" && sha256sum -c "$name.sha256")
ls -l "dist/$name"
