# make demo: set up everything and run the example suite; make test: set up everything and pass the tests.
SHELL := /bin/bash
comma := ,
PY := .venv/bin/python
BRIDGE := bridge-java/bridge/target/bridge.jar
ARCHIVE := bridge-java/bridge/target/.archived
BENCH := bridge-java/bench/target/bench.jar
SAMPLES := bridge-java/samples/target/.built
AGES := bridge-java/ages/target/.built
# one more than cores: for a quarter of their time tests wait for processes and clocks
WORKERS ?= 3
MVN := mvn -q -B -ntp -Dstyle.color=never
# what Maven says is shown only when it fails
quietly = @mkdir -p .make && { $(1) >.make/maven.log 2>&1 || { cat .make/maven.log; exit 1; }; }

java_sources = $(shell find $(1) -not -path '*/target/*' \( -name '*.java' -o -name 'pom.xml' -o -name '*.xml' -o -name '*.properties' \) -type f 2>/dev/null)

.PHONY: help setup databases bridge samples ages bench-jar demo test test-matrix test-api test-laws test-kills test-unit check format bench dist lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## install what is missing (JDK, Maven, Chromium, .venv)
	@tools/setup.sh

databases: ## install the database servers that tests start
	@tools/setup.sh --databases

bridge: setup $(BRIDGE) $(ARCHIVE) ## build the Java bridge
samples: setup $(SAMPLES) ## build the sample registry and providers
ages: setup $(AGES) ## build the providers on other releases of Dubbo
bench-jar: setup $(BENCH)

$(BRIDGE): bridge-java/pom.xml $(call java_sources,bridge-java/bridge)
	@echo "building the bridge"
	$(call quietly,$(MVN) -f bridge-java/bridge/pom.xml package -DskipTests)
	@touch $@

# classes for quick starts; the bridge works without, so a failure here stops nobody
$(ARCHIVE): $(BRIDGE)
	@$(PY) -m workbench.invokers.archive >/dev/null || echo "the bridge will start more slowly"
	@touch $@

$(BENCH): bridge-java/pom.xml $(call java_sources,bridge-java/bench)
	@echo "building the Java benchmark"
	$(call quietly,$(MVN) -f bridge-java/bench/pom.xml package -DskipTests)
	@touch $@

$(SAMPLES): bridge-java/pom.xml $(call java_sources,bridge-java/registry) $(call java_sources,bridge-java/samples)
	@echo "building the samples"
	$(call quietly,$(MVN) -f bridge-java/pom.xml -pl registry$(comma)samples -amd package -DskipTests)
	@$(PY) -m workbench.usecases.samples_archive >/dev/null || echo "the samples will start more slowly"
	@touch $@

$(AGES): bridge-java/pom.xml $(call java_sources,bridge-java/ages) $(call java_sources,bridge-java/registry)
	@echo "building providers on other releases of Dubbo"
	$(call quietly,$(MVN) -f bridge-java/ages/pom.xml package -DskipTests)
	@mkdir -p $(dir $@) && touch $@

demo: setup $(BRIDGE) $(ARCHIVE) $(SAMPLES) ## run the example suite against live providers (ONCE=1: leave nothing running)
	@tools/demo.sh

test: setup databases $(BRIDGE) $(ARCHIVE) $(SAMPLES) $(AGES) ## all tests, with branch coverage
	@rm -f .coverage .coverage.*
	$(PY) -m pytest -n $(WORKERS) --dist loadgroup --cov --cov-report= --durations=8
	@$(PY) -m coverage report --skip-covered | tail -n 25

test-matrix: setup $(BRIDGE) $(ARCHIVE) $(SAMPLES) $(AGES) ## every type, release and protocol; minutes (RENEW_DOCS=1: write their pages)
	$(PY) -m pytest -m matrix -n $(WORKERS) --dist loadgroup --durations=8 --ignore tests/integration/test_compatibility.py
	$(PY) -m pytest -m matrix tests/integration/test_compatibility.py --durations=8 # one process: its page tells what it saw

test-api: setup databases $(BRIDGE) ## the API with many generated requests, as everybody; minutes
	$(PY) -m pytest tests/unit/web tests/integration -m fuzz -n $(WORKERS) --durations=8

test-laws: setup ## the laws with other examples each time; minutes
	$(PY) -m pytest --hypothesis-profile=random -n $(WORKERS) $$(grep -rl 'from hypothesis' tests/unit)

test-kills: setup ## the server killed 50 times while it works; minutes
	WORKBENCH_TEST_KILLS=50 $(PY) -m pytest tests/integration/test_serve_killed.py

test-unit: setup ## unit tests only
	$(PY) -m pytest tests/unit

check: setup ## ruff, formatting, types, import contracts, sizes
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	@$(PY) tools/sizes.py

format: setup ## format and fix what ruff can
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

bench: setup $(BRIDGE) $(ARCHIVE) $(SAMPLES) $(BENCH) ## benchmarks; prints ratios from one run
	@$(PY) benchmarks/all.py

dist: setup $(BRIDGE) $(SAMPLES) ## wheels: workbench with its bridge, and the samples
	@tools/dist.sh

lock: setup ## renew requirements.lock from pyproject.toml
	@tools/lock.sh

clean: ## remove what was built
	@rm -rf dist .coverage .coverage.* .mypy_cache .ruff_cache
	@find bridge-java -name target -type d -prune -exec rm -rf {} +
