# make start   from a bare clone to the portal in the browser
# make test    from a bare clone to every check and test
#
# Only make, a Python with venv and a network to a package registry are assumed. Both commands stand on their own.
# The dependencies are installed, the project itself is not: everything runs from this folder with `python -m`, so no
# build and no file of an install lands in the working copy, and a moved or copied folder never runs another's code.

PYTHON ?= python3
PORT   ?= 8501
VENV   := .venv
PY     := $(VENV)/bin/python
DATA   := $(or $(ZOEKPORTAAL_DATA),data)

PIP    := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --constraint constraints.txt
# The project's own requirements, or those of the extras that are named, as pyproject.toml lists them, one a line.
LISTED := $(PY) -c 'import sys, tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	lists = [p["optional-dependencies"][e] for e in sys.argv[1:]] or [p["dependencies"]]; print(*sum(lists, []), sep="\n")'

.DEFAULT_GOAL := help
.PHONY: help install start test ingest eval clean

help:
	@echo "make start    installeert wat nodig is, leest de bronnen in en opent het portaal op http://localhost:$(PORT)"
	@echo "make install  installeert alleen wat nodig is"
	@echo "make ingest   leest de bronnen in (alleen wat nieuw of veranderd is)"
	@echo "make eval     meet hoe goed het portaal de vragen uit eval/questions.jsonl beantwoordt"
	@echo "make test     installeert wat nodig is en draait alle controles en tests"
	@echo "make clean    ruimt $(VENV) en de tussenbestanden op; corpus/ en $(DATA)/ blijven staan"

install: $(VENV)/.installed

# For this machine alone: Beheer is open on it, without a login. Whoever puts a proxy before it says 'nee'.
start: export ZOEKPORTAAL_BEHEER_OP_DEZE_COMPUTER := $(or $(ZOEKPORTAAL_BEHEER_OP_DEZE_COMPUTER),ja)
start: $(VENV)/.installed
	@echo "Bronnen inlezen. De eerste keer duurt dit een paar minuten, daarna enkele seconden."
	@# what is new on the web is fetched by `make ingest`; a start does not wait for the network once there is a version
	@$(PY) -m ingest $$(test -e "$(DATA)/index/CURRENT" && echo --offline) || { \
		test -e "$(DATA)/index/CURRENT" || exit 1; \
		echo "Er is niets nieuws ingelezen; het portaal gaat verder met de vorige versie."; }
	@echo "Het portaal start op http://localhost:$(PORT). Stoppen: Ctrl+C."
	@exec $(PY) -m streamlit run app.py --server.port=$(PORT)

test: $(VENV)/.installed-test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m pytest

ingest: $(VENV)/.installed
	@$(PY) -m ingest

eval: $(VENV)/.installed
	@$(PY) -m ingest
	@$(PY) -m eval

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	find . -name __pycache__ -not -path './$(DATA)/*' -prune -exec rm -rf {} +

# An empty file says that what stands above it in pyproject.toml and constraints.txt is installed. It is written last, so
# an install that was broken off is simply taken up again.
$(VENV)/.installed: pyproject.toml constraints.txt | $(PY)
	@echo "Onderdelen installeren. De eerste keer duurt dit ongeveer drie minuten, afhankelijk van het netwerk."
	@echo "  1/2 torch, het grootste onderdeel"
	@$(PIP) torch
	@echo "  2/2 de andere onderdelen"
	@$(LISTED) > $(VENV)/requirements.txt
	@$(PIP) --requirement $(VENV)/requirements.txt
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "Onderdelen voor de tests installeren, ongeveer een halve minuut."
	@$(LISTED) test typesetting > $(VENV)/requirements-test.txt
	@$(PIP) --requirement $(VENV)/requirements.txt --requirement $(VENV)/requirements-test.txt
	@touch $@

# --clear: if the interpreter is missing, whatever else is left in the folder is of no use.
$(PY):
	@command -v $(PYTHON) > /dev/null || { \
		echo "Python ontbreekt. Installeer Python 3.11 of nieuwer, of geef aan waar het staat:"; \
		echo "  make start PYTHON=/pad/naar/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 of nieuwer is nodig; hier is $$($(PYTHON) --version). Geef een andere aan:"; \
		echo "  make start PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "Deze Python mist 'venv'. Installeer het pakket python3-venv van uw systeem en probeer het opnieuw."; exit 1; }
	@echo "Omgeving maken in $(VENV)/ met $$($(PYTHON) --version)."
	@$(PYTHON) -m venv --clear $(VENV)
