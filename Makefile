# Whence: `make demo` opens the chat over the sample collection, `make test` runs every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export HF_HUB_OFFLINE := 1
export TRANSFORMERS_OFFLINE := 1
export GRADIO_ANALYTICS_ENABLED := False

.PHONY: install demo test check browser bench clean

install: $(VENV)/.installed

# Everything in one environment; made again when what it is made from changes.
$(VENV)/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[test]"
	touch $@

demo: install
	$(BIN)/whence demo

test: install browser check
	$(BIN)/python -m pytest

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The page's tests drive a real browser. In CI it is installed; elsewhere the command that does so is named.
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || \
	if [ "$$CI" = true ]; then apt-get update -q && apt-get install -q -y --no-install-recommends chromium; \
	else echo "The page's tests need Chromium: sudo apt-get install chromium"; exit 1; fi

bench: install
	$(BIN)/python benchmarks/evaluation.py
	$(BIN)/python benchmarks/search.py
	$(BIN)/python benchmarks/systems.py
	$(BIN)/python benchmarks/seeds.py
	$(BIN)/python benchmarks/ingest.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
