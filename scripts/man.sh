#!/bin/sh
# Writes dist/kmf.1 from the help texts of KMF.
set -eu

kmf=${1:?usage: man.sh KMF}
mkdir -p dist
"$kmf" manual --format man >dist/kmf.1
echo "wrote dist/kmf.1; read it with: man -l dist/kmf.1"
