# Every verb is a one-liner; people without make run the same command by hand.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
catalogues := planner/translations

.PHONY: help run test check bench load migration lock messages
help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: ## set up what is missing, then start the site and its worker
	@python3 run.py

test: ## everything that checks the project, on both databases and in a browser
	@python3 run.py test

check: ## the fast part: format, lint, types, import contracts, tests on SQLite but the most thorough
	@python3 run.py test --fast

bench: ## how long the slow parts take
	@python -m tests.load.bench
	@python -m tests.load.solve

load: ## many people at once against a running site
	@python -m tests.load.load
	@python -m tests.load.capacity
	@python -m tests.load.killed

migration: ## a new migration from the changed models: make migration m="rooms have a floor"
	@flask --app wsgi db revision --autogenerate -m "$(m)"

lock: ## requirements*.txt from requirements*.in, pinned and hashed (needs uv)
	@for name in requirements requirements-dev; do uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url $$name.in -o $$name.txt || exit 1; done

# Babel leaves out directories that start with "_" unless told otherwise; ours hold layouts and macros.
messages: ## collect the sentences to translate into the catalogue and compile it
	@mkdir -p var $(catalogues)
	@pybabel -q extract -F babel.cfg -k _ -k _l:1 -k ngettext:1,2 -k _n:1,2 --ignore-dirs ".* var" --no-location --sort-output --width=100 --project=planner --version= -o var/messages.pot .
	@test -f $(catalogues)/sv/LC_MESSAGES/messages.po || pybabel -q init -l sv -i var/messages.pot -d $(catalogues) --width=100
	@pybabel -q update -l sv -i var/messages.pot -d $(catalogues) --width=100 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@pybabel -q compile -d $(catalogues)
