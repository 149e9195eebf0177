# Everything that a person or a CI job types. `make demo` and `make test` work on a fresh machine.

PREFIX ?= /usr/local
SECONDS ?= 60
SEEDS ?= 1000
SCOPE ?= 2
KMF := .build/release/kmf

.PHONY: conformance build setup demo test lint format install bench fuzz release generate docs man linkage \
  simulate clean help

build: ## debug build of everything
	swift build

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -e 's/:[^#]*## /\t/' | expand -t 12

setup: ## install missing system packages (asks for sudo when not root)
	@scripts/setup.sh

demo: setup ## release build, then the main jobs on fixtures/
	@scripts/build-release.sh kmf
	@scripts/demo.sh $(KMF)

lint: ## formatting and style, as CI sees it
	swift format lint --strict -r Sources Tests Package.swift

format: ## rewrite the sources as `make lint` wants them
	swift format -i -r Sources Tests Package.swift

test: setup lint ## lint, debug build, all tests, ten seconds of fuzzing
	@scripts/setup.sh --with-browser
	swift build --build-tests
	swift test --skip-build
	.build/debug/kmf-bench fuzz --seconds 10 --limit 30

install: setup ## binary, completions and man page below PREFIX
	@scripts/build-release.sh kmf
	@scripts/install.sh $(KMF) $(DESTDIR)$(PREFIX)

bench: setup ## measure; ratios inside one run; KMF_MANIFESTS names a folder of real manifests
	@scripts/build-release.sh kmf
	@scripts/build-release.sh kmf-bench
	.build/release/kmf-bench

simulate: setup ## controllers through faults with SEEDS seeds (KMF_SEED=N repeats one), in all orders up to SCOPE
	swift build --build-tests
	KMF_SEEDS=$(SEEDS) KMF_SCOPE=$(SCOPE) swift test --skip-build \
	  --filter 'SimulationTests|ClusterRunTests|InterleavingTests'

fuzz: setup ## mutate the fixtures for SECONDS and watch for crashes and hangs
	@scripts/build-release.sh kmf-bench
	.build/release/kmf-bench fuzz --seconds $(SECONDS)

release: setup ## dist/: one stripped file and its checksum
	@scripts/build-release.sh kmf
	@scripts/release.sh $(KMF)

generate: ## rewrite the generated files
	swift run kmf-generate embed
	swift run kmf-generate views # of the tables just embedded

docs: ## the generated pages of docs/
	swift build --product kmf
	.build/debug/kmf manual --format markdown >docs/commands.md
	.build/debug/kmf manual --format schema >docs/kmf.schema.json
	swift run kmf-generate rules
	KMF_UPDATE=1 swift test --filter ControlPlanePageTests

conformance: ## docs/conformance.md, from answers of a real API server in KMF_RECORDINGS
	@scripts/conformance.sh

man: build ## dist/kmf.1, from the command's own help
	@scripts/man.sh .build/debug/kmf

linkage: ## look at what the release binary carries
	@scripts/build-release.sh kmf
	@scripts/linkage.sh $(KMF)

clean:
	rm -rf .build dist
