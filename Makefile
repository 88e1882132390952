# Every target is a thin call of a tool or of `justice`; README.md says how to type the same
# on Windows. The environment is made once, from the lock file, with hashes and wheels only.
PYTHON ?= python3.11
BIN := .venv/bin
CASES ?= 500
BOOK ?= demo/book
IOWA ?= $(firstword $(wildcard data/iowa_releases.csv ../shared/data/iowa_releases.csv))
SERIES ?= $(firstword $(wildcard data/uk_cjs_quarterly.csv ../shared/data/uk_cjs_quarterly.csv))

.PHONY: demo test check fix lab book attack test-engines test-engines-all \
  test-browser accessible screenshots benchmarks clean

demo: .venv/ready
	$(BIN)/justice demo $(if $(IOWA),--iowa $(IOWA)) $(if $(SERIES),--series $(SERIES))

test: .venv/ready
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not spark and not browser" \
	  --ignore tests/attack

check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py tests/test_exports.py tests/test_setup.py

fix: .venv/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lab: .venv/ready
	$(BIN)/justice lab

book: .venv/ready
	$(BIN)/justice book build $(foreach part,ons-srs ons-srs-evaluations open,--from demo/release/$(part)) \
	  --out demo/book

attack: .venv/ready
	JUSTICE_ATTACK_CASES=$(CASES) $(BIN)/python -m pytest -n auto tests/attack

test-engines: .venv/ready
	@if command -v java >/dev/null; then $(MAKE) .venv/spark-ready && \
	  $(BIN)/python -m pytest -m spark; \
	else echo "skipped: Java is not installed, so Spark cannot run."; fi

test-engines-all: .venv/ready
	JUSTICE_ALL_ON_SPARK=1 $(MAKE) test-engines

test-browser: .venv/ready
	$(BIN)/python -m pytest -n 2 --dist loadfile -m browser tests/browser

# Every page of the demo's book, looked over by axe-core in light and dark, narrow and wide.
accessible: .venv/ready
	$(BIN)/python -m tests.browser.accessibility $(BOOK)

# The pictures of the README.
screenshots: .venv/ready
	JUSTICE_BOOK=$(BOOK) JUSTICE_SCREENSHOTS=book/images \
	  $(BIN)/python -m pytest -m browser tests/browser/test_screenshots.py -k "front-page or [paper]"

benchmarks: .venv/ready
	$(BIN)/python -m benchmarks

.venv/ready: requirements.lock requirements-febrl.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: --no-deps \
	  -r requirements-febrl.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/spark-ready: .venv/ready requirements-spark.lock
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --no-build-isolation \
	  -r requirements-spark.lock
	touch $@

# ACRO has an environment of its own: it needs an older pandas than ours.
.venv-acro/ready: requirements-acro.lock
	$(PYTHON) -m venv .venv-acro
	.venv-acro/bin/python -m pip install --quiet --require-hashes --only-binary :all: \
	  -r requirements-acro.lock
	touch $@

clean:
	rm -rf demo runs .pytest_cache .mypy_cache .ruff_cache
