#!/bin/sh
# The main jobs of kmf on the project's own fixtures. Grows with the command.
set -eu

kmf=${1:?usage: demo.sh KMF}

# run WANTED-EXIT-CODE COMMAND...: shows the command and its answer, and insists on the code.
run() {
  wanted=$1
  shift
  printf '\n$ kmf %s\n' "$*"
  code=0
  "$kmf" "$@" || code=$?
  if [ "$code" -ne "$wanted" ]; then
    echo "demo: exit code $code, expected $wanted" >&2
    exit 1
  fi
}

run 0 validate fixtures/shop
run 1 validate fixtures/shop-with-mistakes
run 0 explain deployment.spec.strategy
printf '\nThat was it. Try `%s validate` on your own manifests, or `make install`.\n' "$kmf"
