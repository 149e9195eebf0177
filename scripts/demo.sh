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

say 'A cluster in a file: the shop is brought in, and looked at'
run 0 cluster create
run 0 import shop
run 0 get deployments,services -n shop
run 0 get deploy web -n shop -o jsonpath='{.spec.strategy}{"\n"}'

say 'Changes, while somebody watches'
"$kmf" get deployments -n shop --watch --output-watch-events >watched &
watcher=$!
for _ in 1 2 3 4 5 6 7 8 9; do [ -s watched ] || sleep 0.2; done
run 0 scale deploy/web -n shop --replicas 5
run 0 patch deploy web -n shop -p '{"spec":{"minReadySeconds":10}}'
run 1 patch deploy web -n shop -p '{"spec":{"selector":{"matchLabels":{"app":"other"}}}}'
for _ in 1 2 3 4 5 6 7 8 9; do [ "$(grep -c MODIFIED watched)" -ge 2 ] || sleep 0.2; done
kill -INT "$watcher"
wait "$watcher" || true
printf '\n$ kmf get deployments -n shop --watch --output-watch-events # meanwhile\n'
cat watched

say 'Any request of the API, and somebody else'"'"'s field'
printf '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2}}' >two.json
run 1 api PATCH '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=ci' \
  --content-type application/apply-patch+yaml --data two.json

say 'Moved to another cluster, and checked'
printf '\n$ kmf export deployments,services -n shop >shop.yaml\n'
"$kmf" export deployments,services -n shop >shop.yaml
run 0 import shop.yaml --cluster file:copy.db
run 0 cluster check --cluster file:copy.db

say 'What a field and a finding mean'
run 0 explain deployment.spec.strategy
run 0 explain DEPU-01

say 'What applying would do, and the apply: one transaction, in the order of references'
export KMF_CLUSTER=file:applied.db
run 0 cluster create
run 1 diff shop --output jsonpatch >/dev/null
run 0 apply shop --set shop
run 0 diff shop --set shop

say 'An edited copy as a difference: each field with its reason, and what becomes of the pods'
cp -r shop edited
sed -i -e 's/nginx:1.29.1/nginx:1.29.2/' -e 's/replicas: 3/replicas: 4/' edited/web.yaml
run 1 diff edited --set shop

say 'Saved as a plan, and applied as it was approved'
run 1 diff edited --set shop --out plan.kmf --output markdown
run 0 apply plan.kmf

say 'A plan that is stale: somebody came in between'
sed -i 's/nginx:1.29.2/nginx:1.29.3/' edited/web.yaml
run 1 diff edited --set shop --out plan.kmf
run 0 patch deploy web -n shop -p \
  '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:hotfix"}]}}}}'
run 6 apply plan.kmf

say 'Who wrote what, and when; and back'
run 0 history
run 0 history deploy/web -n shop
run 0 owners deploy/web -n shop
run 0 describe service/web -n shop
back=$("$kmf" history -o json | sed -n 's/^ *"revision": \([0-9]*\),*/\1/p' | tail -2 | head -1)
run 0 restore --revision "$back"
run 0 diff shop --set shop
unset KMF_CLUSTER

say 'A cluster that does something: three nodes, the shop comes up in virtual time'
mkdir live
run 0 cluster create --cluster file:live/cluster.db --nodes 3 --node-cpu 4 --node-memory 16Gi
export KMF_CLUSTER=file:live/cluster.db
run 0 apply shop --wait
run 0 get pods -n shop -o wide
run 0 service route web -n shop

say 'A rollout, rehearsed: what it will do, and then does'
sed 's|nginx:1.29.1|nginx:1.29.2|' shop/web.yaml >next.yaml
run 0 plan next.yaml
run 0 apply next.yaml --wait

say 'A broken image: the plan says that it stalls; it does, says why, and is undone'
sed 's|nginx:1.29.1|registry.invalid/shop/web:2|' shop/web.yaml >broken.yaml
run 1 plan broken.yaml
run 7 apply broken.yaml --wait
run 0 get pods -n shop -l app=web
run 0 rollout undo deploy/web -n shop
run 0 rollout status deploy/web -n shop
run 0 rollout history deploy/web -n shop

say 'A node fails: first on a copy, then in earnest, and its pods move'
run 0 simulate --for 7m --fail-node n1@30s
run 0 node fail n1 --for 7m
run 0 get pods -n shop -o wide
run 0 node recover n1 --for 10s
run 0 events -n shop --types Warning

say 'The namespace goes, with everything in it'
run 0 delete namespace shop
run 0 get all -n shop
unset KMF_CLUSTER

say 'The shop as a reviewer sees it; and again after a busy day'
run 0 lint shop
sed -i 's/drop: \[ALL\]/drop: [all]/' shop/web.yaml
sed -i 's/^  name: cache$/&\n  uid: 0b5c/' shop/cache.yaml
run 1 lint shop
run 1 lint --diff shop
run 0 lint --fix shop
run 0 lint shop
run 0 fmt shop
run 0 fmt --check shop

printf '\nThat was it. Try `kmf validate` on your own manifests, or `make install`.\n'
