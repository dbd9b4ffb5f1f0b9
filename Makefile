# make demo    solve a term of a health system, in less than two minutes, and write it out for people
# make test    everything that must hold before a change is taken: style, types, import layers, fresh docs, tests
# make bench   strategies side by side on four instances, 30 s each: about six minutes; see docs/benchmarks.md for
#              GROUP=clinical|mss|all|…, MSS=DIR (public .dzn files), DOCS=docs (write that page), MORE="--plan"
# make screenshots   the pictures of the docs, made anew; needs Chromium
# PYTHON       the interpreter that the virtual environment is made from (3.11 or newer)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
GROUP ?= quick
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test test-slow bench docs screenshots format clean

demo: $(VENV)/.compiled
	$(BIN)/rotations solve instances/riverbend --out out/riverbend --time-limit 60
	@echo
	$(BIN)/rotations export out/riverbend --to xlsx --to ics --to html
	@echo
	$(BIN)/rotations report out/riverbend
	@echo
	@echo "Look at out/riverbend/report.html first; instances/riverbend/README.md tells what the term is about."

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/pytest -n 2 -m "not slow"

test-slow: $(VENV)/.installed-dev
	$(BIN)/pytest -m slow

bench: $(VENV)/.installed
	$(BIN)/python benchmarks/run.py --group $(GROUP) $(if $(MSS),--mss $(MSS)) $(if $(DOCS),--docs $(DOCS)) $(MORE)

docs: $(VENV)/.installed-dev
	$(BIN)/python docs/generate.py

screenshots: $(VENV)/.installed-dev
	$(BIN)/python docs/screenshots.py

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find scheduler tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written only after its step succeeded, so an interrupted installation starts again.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	$(BIN)/pip install --quiet -c constraints.txt -e .
	@touch $@

# The first run on a machine compiles for half a minute: that should not be taken from the demo's time.
$(VENV)/.compiled: $(VENV)/.installed
	@echo "compiling, once"
	@$(BIN)/rotations solve instances/small --strategy columns --out $(VENV)/small --json > $(VENV)/small.json
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.made pyproject.toml constraints.txt
	$(BIN)/pip install --quiet -c constraints.txt -e ".[dev]"
	@touch $@ $(VENV)/.installed
