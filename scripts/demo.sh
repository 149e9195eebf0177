#!/bin/sh
# The main jobs of kmf on the project's own fixtures. Grows with the command.
set -eu

kmf=${1:?usage: demo.sh KMF}
case $kmf in
  /*) ;;
  *) kmf=$PWD/$kmf ;;
esac
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# say TEXT: a heading.
say() {
  printf '\n# %s\n' "$*"
}

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

cp -r fixtures/shop fixtures/shop-with-mistakes "$scratch"
cd "$scratch"

say 'A clean repository, and one with four mistakes'
run 0 validate shop
run 1 validate shop-with-mistakes

say 'What can be repaired without a question, first shown, then written'
run 1 validate --diff shop-with-mistakes
run 1 validate --fix shop-with-mistakes

say 'What the API server would make of it: defaults filled in'
run 0 render --defaults shop/cache.yaml

say 'An update that the API server would refuse: a selector cannot change'
sed 's/app: cache/app: baskets/' shop/cache.yaml >cache.yaml
run 1 validate --against shop/cache.yaml cache.yaml

say 'What a field and a finding mean'
run 0 explain deployment.spec.strategy
run 0 explain DEPU-01

printf '\nThat was it. Try `kmf validate` on your own manifests, or `make install`.\n'
