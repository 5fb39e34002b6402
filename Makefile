# Two commands on a fresh machine: `make run` and `make test`. Both bring uv and everything else they need.
UV ?= $(shell command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
RUN = $(UV) run --frozen --no-sync

.PHONY: run test bench install messages lint

run: install
	$(RUN) firstaid run

test: install browser
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) firstaid check
	$(RUN) pytest

bench: install
	$(RUN) python -m bench

install: .venv/.installed

.venv/.installed: uv.lock pyproject.toml .python-version | $(UV)
	$(UV) sync --frozen
	@touch $@

uv:
	@true

.uv/bin/uv:
	python3 -m venv .uv
	.uv/bin/python -m pip install --quiet uv

# The page is tested in a real Chromium, with fonts for Chinese.
browser:
	sh tests/e2e/install-browser.sh

# Collect the texts again after a change; then translate what is new in bot/locale/*/LC_MESSAGES.
messages: install
	$(RUN) pybabel -q extract -F babel.cfg -k phrase -k _ --no-location --omit-header --sort-output -c NOTE: -o bot/locale/messages.pot .
	for language in en zh_Hans zh_Hant; do \
	  $(RUN) pybabel -q update -i bot/locale/messages.pot -o bot/locale/$$language/LC_MESSAGES/messages.po -l $$language \
	    --no-fuzzy-matching --ignore-obsolete || exit 1; done

lint: install
	$(RUN) ruff check --fix .
	$(RUN) ruff format .
	$(RUN) mypy
