#!/bin/sh
# Fails if the hook binary carries what it must not: ICU, networking, or too much of anything.
set -eu

kmf=${1:?usage: linkage.sh KMF}
bytesMax=25000000
bad=0

if readelf -d "$kmf" 2>/dev/null | grep -q NEEDED; then
  echo "linked dynamically:"
  readelf -d "$kmf" | sed -n 's/.*NEEDED.*\[\(.*\)\]/  \1/p'
else
  echo "linked statically: needs no shared library"
fi
for word in libFoundationInternationalization lib_FoundationICU libFoundation.so libcurl libssl; do
  if readelf -d "$kmf" 2>/dev/null | grep -q "$word"; then
    echo "linkage: must not link $word" >&2
    bad=1
  fi
done
# A static file has no list of libraries; their own messages give them away.
for word in icudt NIOPosix NIOCore; do
  if grep -q -a "$word" "$kmf"; then
    echo "linkage: carries '$word', which belongs in kmf-net" >&2
    bad=1
  fi
done
bytes=$(wc -c <"$kmf")
echo "size: $bytes bytes (at most $bytesMax)"
if [ "$bytes" -gt "$bytesMax" ]; then
  echo "linkage: larger than $bytesMax bytes" >&2
  bad=1
fi
exit "$bad"
