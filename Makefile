# Every target makes .venv where it is missing, from nothing but Python 3.11 with pip.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: demo test test-runs test-lake test-text test-engines check bench docs

demo: .venv/.installed
	$(BIN)/wirelake ingest seeds/ --lake lake
	$(BIN)/wirelake query "select date, country, headline from latest order by 1" --lake lake
	$(BIN)/wirelake report --lake lake --out report.html
	@echo "The report on this lake: $(CURDIR)/report.html"

# Three parts, which `make --jobs 3 test` runs side by side; `NICE="nice -n 5"` has them give way to what is more urgent.
LAKE := tests/bench tests/campaign tests/pipelines/lake
TEXT := tests/quality tests/transforms

test: test-runs test-lake test-text

test-runs: .venv/.developing
	$(NICE) $(BIN)/python -m pytest --ignore tests/engines $(LAKE:%=--ignore %) $(TEXT:%=--ignore %)

test-lake: .venv/.developing
	$(NICE) $(BIN)/python -m pytest $(LAKE)

test-text: .venv/.developing
	$(NICE) $(BIN)/python -m pytest $(TEXT)

# On real engines, which are installed once into .cache/engines: minutes, and what is missing on this machine is skipped.
test-engines: .venv/.developing
	$(BIN)/python -m pytest tests/engines

check: .venv/.developing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy pipelines schemas transforms

bench: .venv/.developing
	$(BIN)/python -m tests.bench

# All pages anew, since a warning, such as a link that leads nowhere, fails only the build that meets it.
docs: .venv/.developing
	rm -rf build/docs
	$(BIN)/python -m sphinx --conf-dir docs --fresh-env --write-all --fail-on-warning --quiet --doctree-dir build/doctrees . build/docs
	@echo "The site: $(CURDIR)/build/docs/index.html"

# The stamps make it install again when a dependency changed; the code itself is linked, not copied.
.venv/.installed: setup.py pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/.developing: .venv/.installed
	$(BIN)/python -m pip install --quiet --editable ".[test,check,docs]"
	touch $@
