# Everything runs in .venv, from packages pinned by hash in requirements.lock and requirements-dev.lock.
# Choose another Python with: make build PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin
# --only-binary: a source package would fetch build tools that no lock names.
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --require-hashes --only-binary :all:
# What installs Leaflets itself; locked with the rest, so that nothing is fetched without a hash.
INSTALLER := hatchling>=1.27 editables>=0.5
UV ?= uv
SERVICE ?= pypi
# --python-version: the oldest Python we support; --universal: one lock for every newer one and every system.
# --no-strip-extras: pip 23 takes a package that another asks for with an extra for one that is not pinned.
COMPILE := $(UV) --no-config pip compile --quiet --universal --no-strip-extras --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

# A process for each core, and one more, because some tests wait. The tests of a file share what they print, so a file
# is run by one; tests/conftest.py says which files come first.
SIDE_BY_SIDE := -n $$(( $$(nproc) + 1 )) --dist loadfile --no-loadscope-reorder

.DELETE_ON_ERROR:
.PHONY: help build docs test machines coverage fuzz bench lint types format lock sbom audit clean system browser FORCE

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

build: .venv/leaflets.stamp ## install what is missing, then print every leaflet into build/
	@echo 'Printing the leaflets into build/'
	@$(BIN)/leaflets build

test: browser lint types ## install what is missing, then run every check and every test
	@echo 'Testing'
	@$(BIN)/pytest $(SIDE_BY_SIDE)

machines: .venv/leaflets.stamp ## make bare Debian 12 and 13 systems and run both commands there; as root, an hour; ONLY=debian-13/user
	@$(BIN)/python -B .ci/machines.py $(if $(ONLY),$(ONLY:%=--only %)) $(if $(BUILD_ONLY),--build-only)

# --cov-branch: a line counts only with both ways out of it. Processes that tests start are counted as well.
coverage: browser .venv/dev.stamp ## measure which branches the tests pass through, into dist/coverage; half an hour
	@echo 'Testing, and counting branches'
	@mkdir -p dist
	@COVERAGE_FILE=$(CURDIR)/dist/.coverage $(BIN)/pytest $(SIDE_BY_SIDE) --cov --cov-report=html:dist/coverage --cov-report=term:skip-covered

fuzz: .venv/leaflets.stamp .venv/dev.stamp ## try more than 100,000 damaged and hostile inputs, and 200 killed builds, new ones each time
	@echo 'Fuzzing, which takes about half an hour'
	@$(BIN)/pytest tests/fuzz --hypothesis-profile=long

bench: browser .venv/dev.stamp ## compare speed and memory with others, 20 minutes; ONLY=cold CLINICS=200 MEMORY=1000 QUICK=1
	@$(BIN)/python -m tests.benchmarks $(if $(ONLY),$(ONLY:%=--only %)) $(if $(QUICK),--quick) \
		$(if $(CLINICS),--clinics $(CLINICS)) $(if $(MEMORY),--memory $(MEMORY))

lint: .venv/leaflets.stamp .venv/dev.stamp ## check style, format and the direction of imports
	@echo 'Checking style, format and imports'
	@$(BIN)/ruff check --quiet || { echo 'Mend what ruff names above; make format mends some of it.' >&2; exit 1; }
	@$(BIN)/ruff format --quiet --check || { echo 'The format differs. Run: make format' >&2; exit 1; }
	@$(BIN)/lint-imports

types: .venv/leaflets.stamp .venv/dev.stamp ## check the types
	@echo 'Checking types'
	@$(BIN)/mypy

format: .venv/dev.stamp ## format the code, and mend what ruff can mend
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format

docs: .venv/leaflets.stamp ## write the documents that are made from the program
	@$(BIN)/python -B .ci/docs.py

lock: ## pin the dependencies anew, with uv; UPGRADE=--upgrade takes the newest versions
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv: install it, or name it with UV=/path/to/uv' >&2; exit 1; }
	@echo 'Locking what Leaflets runs with: requirements.lock'
	@printf '%s\n' $(INSTALLER:%='%') | $(COMPILE) $(UPGRADE) pyproject.toml - --output-file requirements.lock >/dev/null
	@echo 'Locking what its developers need besides: requirements-dev.lock'
	@$(COMPILE) $(UPGRADE) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock >/dev/null

sbom: .venv/leaflets.stamp .venv/dev.stamp ## write the software bill of materials, CycloneDX 1.6, into dist/
	@echo 'Writing dist/leaflets.cdx.json'
	@$(BIN)/python -B .ci/sbom.py dist/leaflets.cdx.json

# Not a part of make test: what it says depends on the network and on the day.
# --strict: a package that the service does not know, or cannot tell about, is a failure and not a pass.
audit: .venv/dev.stamp ## ask a service which locked packages have known faults; SERVICE=osv or pypi
	@echo 'Asking $(SERVICE) about the packages of both locks'
	@$(BIN)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
		--vulnerability-service $(SERVICE) -r requirements.lock -r requirements-dev.lock

clean: ## remove what make made: the output, .venv and caches
	@echo 'Removing build output, .venv and caches'
	@find build -mindepth 1 ! -name .gitignore -delete
	@rm -rf .venv dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find .ci leaflets tests -name __pycache__ -prune -exec rm -rf {} +

# The browser that the tests drive.
browser: .venv/leaflets.stamp
	@$(PYTHON) -B .ci/system.py test

# Libraries, fonts and tools of the machine: looked for every time, which takes a tenth of a second.
system:
	@command -v $(PYTHON) >/dev/null || { \
		echo 'Leaflets needs Python 3.11 or later, and there is no $(PYTHON) here: name one with PYTHON=/path/to/python3.' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Leaflets needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) -V 2>&1): name another with PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -B .ci/system.py

# Holds a fingerprint of the locks, of the Python and of this folder. When one changes, .venv is made afresh;
# when none does, the file is left alone and nothing below runs.
.venv/made-of.stamp: FORCE | system
	@made=$$({ pwd; $(PYTHON) -VV; cat requirements.lock requirements-dev.lock; } | cksum); \
	if [ "$$made" != "$$(cat $@ 2>/dev/null)" ] || ! $(BIN)/python -c ''; then \
		echo 'Making .venv'; \
		$(PYTHON) -m venv --clear .venv && echo "$$made" >$@; \
	fi

.venv/run.stamp: .venv/made-of.stamp
	@echo 'Installing the packages of requirements.lock'
	@$(INSTALL) -r requirements.lock || { \
		echo 'pip failed, see above. Without a network: connect, then make again. A wrong hash: do not go on, the package was changed.' >&2; exit 1; }
	@touch $@

.venv/leaflets.stamp: .venv/run.stamp pyproject.toml
	@echo 'Installing leaflets itself'
	@$(PIP) install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: .venv/run.stamp
	@echo 'Installing the packages of requirements-dev.lock'
	@$(INSTALL) -r requirements-dev.lock || { \
		echo 'pip failed, see above. Without a network: connect, then make again. A wrong hash: do not go on, the package was changed.' >&2; exit 1; }
	@touch $@
