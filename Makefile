PY := .venv/bin/python

.PHONY: setup demo demo-reset test test-postgres check fix bench faults screenshots browser

setup:            ## virtual environment, browser libraries, catalogues
	@python3 scripts/bootstrap.py

browser:          ## Chromium for the browser tests, where that is allowed
	@sh scripts/browser.sh

demo: setup       ## the whole federation on this machine
	@exec $(PY) -m scripts.demo

demo-reset: setup ## the same, beginning anew
	@exec $(PY) -m scripts.demo --reset

test: setup browser
	env -u DATABASE_URL -u REDIS_URL $(PY) -m pytest -q

test-postgres: setup
	DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} \
	REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/0} \
	$(PY) -m pytest -q -m "not browser and not journey"

check: setup      ## everything a machine can say without running the product
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache
	$(PY) scripts/messages.py check
	$(PY) -m scripts.functions check
	DJANGO_SETTINGS_MODULE=platform_core.settings.test \
	$(PY) -W ignore manage.py makemigrations --check --dry-run

fix: setup
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: setup      ## needs DATABASE_URL and REDIS_URL of a PostgreSQL and a Redis
	$(PY) -m benchmarks

faults: setup     ## kill -9, outages, a bad line; FAULT_SEEDS, FAULT_FIRST, DATABASE_URL
	FAULT_SEEDS=$${FAULT_SEEDS:-200} $(PY) -m pytest -q -p no:randomly tests/faults

screenshots: setup browser
	$(PY) -m scripts.screenshots
