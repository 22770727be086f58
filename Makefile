# Everything that is run here. `make` alone lists it. Needs Python 3.11 or newer with venv, git and make; the rest is
# installed into .venv from the lock files, each package checked against its hash.

# The first Python that is new enough and can make a virtual environment. Name another with `make PYTHON=... test`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# `$(call install,OPTIONS)`: how many packages have come, in one line; all that pip said where it failed.
install = { $(PIP) install $(1) 2>&1; echo "pip ended with $$?"; } | awk ' \
	/^Collecting / { printf "\r  %d packages", ++n; fflush() } \
	/^pip ended with / { status = $$4; next } \
	{ said = said $$0 "\n" } \
	END { if (n) print ""; if (status) printf "%s", said > "/dev/stderr"; exit status }'
# Tests at once: most of them wait for a disk or a process.
JOBS ?= 3
# Where it is set, each of the some hundred processes that tests start would compile the whole program anew.
unexport PYTHONDONTWRITEBYTECODE
# Options for the demo or the bench: make demo ARGS="--port 9000"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test quick check lint console soak bench docs pictures lock clean

help:
	@echo 'make demo    a centre with simulated panels, in this terminal'
	@echo 'make test    all tests but the long ones'
	@echo 'make quick   linters, types and the fast tests, in under a minute'
	@echo 'make check   linters, format, types and the layers'
	@echo 'make console the pages that operators see, built where something in console/ changed'
	@echo 'make soak    the long tests: kills, seeds, fuzzing in full number'
	@echo 'make bench   what this machine can do, with ceilings and ratios'
	@echo 'make docs    write the pages of the reference that the program itself can tell'
	@echo 'make pictures  the pictures of the documentation, taken by the test that walks through the tutorial'
	@echo 'make lock    work out the lock files anew, after a change in pyproject.toml'
	@echo 'make clean   remove .venv and everything that was built'

demo: .venv/stamp-run console
	@$(BIN)/tocsin demo $(ARGS)

test: .venv/stamp-dev console
	@echo 'Running all tests but the long ones ...'
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m 'not soak'

quick: check
	@echo 'Running the fast tests ...'
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile -m 'not slow and not soak'

check: lint .venv/stamp-console
	@echo 'Checking the console ...'
	@$(BIN)/python console/build.py check

# `make test` looks at the console itself.
lint: .venv/stamp-dev
	@echo 'Checking style ...'
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo 'Checking types ...'
	@$(BIN)/basedpyright
	@echo 'Checking the layers ...'
	@$(BIN)/lint-imports

console: .venv/stamp-console
	@$(BIN)/python console/build.py --stale

soak: .venv/stamp-dev console
	@echo 'Running the long tests; this takes hours ...'
	@$(BIN)/python -m pytest -m soak

bench: .venv/stamp-dev console
	@$(BIN)/tocsin bench intake $(ARGS)
	@$(BIN)/tocsin bench screen $(ARGS)
	@$(BIN)/tocsin bench supervision $(ARGS)
	@$(BIN)/tocsin bench rules $(ARGS)
	@$(BIN)/tocsin bench sources $(ARGS)

docs: .venv/stamp-run
	@$(BIN)/python docs/make_reference.py

pictures: .venv/stamp-dev console
	@echo 'Taking the pictures ...'
	@TOCSIN_PICTURES=docs/pictures $(BIN)/python -m pytest -q tests/browser/test_first_alarm.py

# One lock for development; those of run time and of the build take their versions from it. No file names a registry.
UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-annotate
lock: .venv/stamp-venv
	@echo 'Working out the lock files ...'
	@$(PIP) install --quiet 'uv>=0.13'
	@$(UV_COMPILE) pyproject.toml --group build --group console --group dev --output-file requirements-dev.txt
	@$(UV_COMPILE) pyproject.toml --constraint requirements-dev.txt --output-file requirements.txt
	@$(UV_COMPILE) --group build --constraint requirements-dev.txt --output-file requirements-build.txt
	@$(UV_COMPILE) --group console --constraint requirements-dev.txt --output-file requirements-console.txt

clean:
	rm -rf .venv build dist console/node_modules src/tocsin/web/static .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written when its step is done, and the step repeated when a lock file is newer than the stamp.
.venv/stamp-venv:
	@test -n '$(PYTHON)' || { echo 'Tocsin needs Python 3.11 or newer with its venv module (on Debian and Ubuntu: apt install python3-venv). None was found; if there is one, name it: make PYTHON=/path/to/python3.12 ...' >&2; exit 1; }
	@echo 'Making .venv with $(PYTHON) ...'
	@'$(PYTHON)' -m venv .venv
	@touch $@

.venv/stamp-run: .venv/stamp-venv requirements.txt requirements-build.txt pyproject.toml
	@echo 'Installing what Tocsin needs to run, once; this takes a minute or two ...'
	@$(call install,--require-hashes -r requirements.txt -r requirements-build.txt)
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Node, from PyPI like everything else: whoever leaves console/ alone builds it once.
.venv/stamp-console: .venv/stamp-run requirements-console.txt
	@echo 'Installing what builds the console, once ...'
	@$(call install,--require-hashes -r requirements-console.txt)
	@touch $@

.venv/stamp-dev: .venv/stamp-run requirements-dev.txt
	@echo 'Installing the tools for tests and checks, once; this takes a minute or two ...'
	@$(call install,--require-hashes -r requirements-dev.txt)
	@touch $@
