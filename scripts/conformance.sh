#!/usr/bin/env bash
# Writes docs/conformance.md: how far kmf agrees with recorded answers of a real API server.
set -euo pipefail
cd "$(dirname "$0")/.."
recordings=${KMF_RECORDINGS:-}
manifests=${KMF_MANIFESTS:-}
if [ ! -e "$recordings/create.jsonl.gz" ] || [ ! -d "$manifests" ]; then
  echo "conformance: skipped; KMF_RECORDINGS names the folder of the recordings, KMF_MANIFESTS that" \
    "of the real manifests"
  exit 0
fi
swift build --product kmf-conformance
run() { zcat "$recordings/$1.jsonl.gz" | .build/debug/kmf-conformance "$1" --show 0; }
cases() { zcat "$recordings/$1.jsonl.gz" | .build/debug/kmf-conformance "$1" --list --show 1000 |
  grep -v '^|' || true; }
{
  echo "# Agreement with a real API server"
  echo
  echo "Made by \`make conformance\` from recorded answers of Kubernetes v1.36.2. A case agrees when kmf"
  echo "accepts what the server accepted, refuses what it refused, and, where the server's validation ran,"
  echo "names exactly the same set of causes and field paths. Strict errors must be among kmf's findings."
  echo "A body without apiVersion or kind is refused by kmf, as by kubectl, and counts as agreed."
  echo
  echo "## Creates"
  echo
  run create
  echo "## Updates"
  echo
  run update
  echo "## Real manifests"
  echo
  .build/debug/kmf-conformance corpus --folder "$manifests" <"$recordings/corpus-verdicts.jsonl" |
    sed -n '/ findings; /,$p' | sed -e 's/^  /- /'
  echo
  echo "## Cases left out, and cases that differ"
  echo
  echo "Left out are cases whose answer depends on the cluster rather than on the manifest."
  echo
  cases create
  cases update
} >docs/conformance.md
echo "docs/conformance.md written"
