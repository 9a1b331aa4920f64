# Each target is one command of Python; the product itself needs neither make nor a shell.
PYTHON ?= python3
IN = .venv/bin/python

.PHONY: setup run sign-in test quick check drills dates docs messages demo-reset shots bench

setup:       ## the environment for developers
	@$(PYTHON) tools/setup.py
run:         ## a demo institution on PORT (8000), with its worker
	@$(PYTHON) tools/setup.py --no-dev
	@$(IN) -m shuoshi run --demo
test: setup  ## every test: SQLite, PostgreSQL, browser, drills in short
	@$(IN) tools/test.py all
quick: setup ## SQLite without a browser, under a minute
	@$(IN) tools/test.py quick
check: setup ## lint, types, contracts, translations, generated pages
	@$(IN) tools/check.py
drills: setup ## the drills of security in full length
	@$(IN) tools/test.py drills
dates: setup ## everything once more as if it were 2027 and 2031, on both databases
	@$(IN) tools/test.py dates
docs: setup  ## write the generated pages
	@$(IN) tools/docs.py
messages: setup ## extract words and update the catalogues
	@$(IN) tools/messages.py
sign-in:     ## how to sign in to the demo, with codes of now
	@$(IN) -m shuoshi sign-in
demo-reset: setup ## build the demo institution again, from today
	@$(IN) -m shuoshi demo-reset
shots: setup ## pictures of every page into SHOTS_DIR
	@$(IN) tools/shots.py
bench: setup ## measure beside a bare Django page, at BENCH_SIZES matters
	@$(IN) -m bench
