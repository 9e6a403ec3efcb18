# What a person types. `make` alone says what there is.

SEEDS ?= 1000000
KILLS ?= 50
# Tests that start whole programs and wait for them; not beside those that need every processor.
DRIVEN := FleetCommandsTests|CrashSweepTests
# The linker that is quick at what a debug build links.
SWIFTFLAGS := -Xswiftc -use-ld=lld

.DEFAULT_GOAL := help
.PHONY: help dependencies build test check format demo demo-bastion bench bench-ssh simulate planted-bugs crash-sweep kill-every-step flaky-way testbed-test

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

dependencies: ## install what a fresh Debian lacks (needs root only if something is missing)
	@Scripts/install-dependencies

build: dependencies ## build everything, warnings are errors
	swift build --build-tests $(SWIFTFLAGS)

test: build ## run the tests: units, 500 simulated runs, the real kubectl on the lab, real sshds
	Scripts/run-tests --skip '$(DRIVEN)|FleetSSHTests'
	Scripts/run-tests --filter '$(DRIVEN)'
	Scripts/run-tests --filter FleetSSHTests

check: ## what every commit passes: format, build, tests
	swift format lint -r --strict Sources Tests Benchmarks
	$(MAKE) test

format: ## let swift-format have its way
	swift format -i -r Sources Tests Benchmarks

demo: dependencies ## twelve clusters move in three waves, then a broken canary halts the fleet
	swift build --product bellwether $(SWIFTFLAGS)
	Scripts/demo

demo-bastion: dependencies ## the same takeover through three bastions, one of which dies on the way
	swift build --product bellwether $(SWIFTFLAGS)
	Scripts/demo-bastion

bench: dependencies ## the figures of Benchmarks/README.md, measured here
	Benchmarks/run

bench-ssh: dependencies ## the part of them on SSH, beside other clients
	Benchmarks/ssh/run

simulate: ## play SEEDS simulated runs (a million by default)
	swift build -c release --product fleet-simulator
	.build/release/fleet-simulator 0 $(SEEDS)

planted-bugs: ## break the coordinator on purpose, again and again, and see each break caught
	Scripts/plant-bugs

crash-sweep: dependencies ## kill a real run KILLS times at random moments and compare the ends
	swift build --product bellwether $(SWIFTFLAGS)
	Scripts/crash-sweep $(KILLS)

kill-every-step: dependencies ## kill a run of each runbook at the beginning of every step, and compare
	swift build --product bellwether $(SWIFTFLAGS)
	Scripts/kill-every-step

flaky-way: build ## a takeover over a way that loses one request of eight, or its answer
	BELLWETHER_FLAKY_WAY=1 Scripts/run-tests --filter 'over a flaky way'

testbed-test: dependencies ## takeovers on real control planes, where a testbed is
	swift build --product bellwether $(SWIFTFLAGS)
	Scripts/testbed-test
