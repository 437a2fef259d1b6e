# Lexel: set-up, tests, lint and benchmarks, all inside .venv of this checkout.
#
#   make          set up .venv (Python 3.11) and install Lexel with everything
#   make demo     the main job on the sample scenes: pictures in lexel-demo/, then the viewer
#   make test     pytest             ARGS="-k lamb" narrows it
#   make lint     ruff, mypy, import-linter
#   make blender  .venv-blender-4.2 and -4.5, for the tests of the add-on (850 MB each)
#   make bench    benchmarks/run.py  ARGS="--help" lists them
#   make clean    remove .venv and all caches
#
# PYTHON=/path/to/python3.11 chooses the interpreter. Windows: see README.md.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?=

# bpy exists for 3.11 only; on 3.12 and 3.13 the extra `render` stays empty.
PYTHONS := $(PYTHON) python3.11 /usr/bin/python3.11 python3 python3.12 python3.13

# What the wheels of open3d, Qt and bpy expect of the system, and a display for tests of windows,
# by Debian's names.
OPEN3D_LIBRARIES := libusb-1.0-0 libgl1 libgomp1
QT_LIBRARIES := libegl1 libdbus-1-3 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 \
	libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
BPY_LIBRARIES := libxi6 libxxf86vm1 libxfixes3 libxrender1 libsm6 libxkbcommon0
DISPLAY_PACKAGES := xvfb
LIBRARIES := $(OPEN3D_LIBRARIES) $(QT_LIBRARIES) $(BPY_LIBRARIES) $(DISPLAY_PACKAGES)

# Blenders that the add-on is tested in besides the one in .venv.
BLENDERS := 4.2 4.5

# Shell: sets `python` to the first usable interpreter (empty: none).
FIND_PYTHON = python=; for candidate in $(PYTHONS); do \
	if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		>/dev/null 2>&1; then python="$$candidate"; break; fi; done

.PHONY: setup demo libraries test lint blender bench clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt | libraries
	@$(FIND_PYTHON); \
	if [ ! -x $(BIN)/python ]; then \
		if [ -z "$$python" ]; then \
			echo "lexel: no Python 3.11 to 3.13 with venv found. Install one, or: make PYTHON=/path/to/python3.11" >&2; \
			exit 1; \
		fi; \
		echo "lexel: creating $(VENV) with $$("$$python" --version)"; \
		"$$python" -m venv $(VENV); \
	fi
	@echo "lexel: installing packages into $(VENV) (8 GB on disk on Linux; five minutes the first time)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[all]'
	@touch $@
	@echo "lexel: ready. Try: $(BIN)/lexel --help"

# Never fails: what cannot be installed is printed as the one line to run.
libraries:
	@command -v dpkg-query >/dev/null 2>&1 || exit 0; \
	missing=; for package in $(LIBRARIES); do \
		dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q ' installed$$' \
			|| missing="$$missing $$package"; done; \
	if [ ! -x $(BIN)/python ]; then \
		$(FIND_PYTHON); [ -n "$$python" ] || missing="$$missing python3-venv"; fi; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ]; then root=; \
	elif sudo -n true >/dev/null 2>&1; then root="sudo -n"; \
	else root=no; fi; \
	if [ "$$root" != no ]; then \
		echo "lexel: installing system libraries:$$missing"; \
		if $$root apt-get update -qq >/dev/null \
			&& $$root env DEBIAN_FRONTEND=noninteractive \
				apt-get install -y -qq --no-install-recommends $$missing >/dev/null; then exit 0; fi; \
	fi; \
	echo "lexel: some system libraries are missing; please run:" >&2; \
	echo "  sudo apt-get update && sudo apt-get install$$missing" >&2

demo: $(STAMP)
	$(BIN)/lexel demo $(ARGS)

test: $(STAMP)
	$(BIN)/pytest $(ARGS)

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

blender: $(BLENDERS:%=.venv-blender-%/.installed)

# bpy and numpy alone: the add-on must run with what Blender has.
.venv-blender-%/.installed: | libraries
	@for candidate in $(PYTHONS); do \
		if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 11))' \
			>/dev/null 2>&1; then python="$$candidate"; break; fi; done; \
	if [ -z "$$python" ]; then \
		echo "lexel: bpy $* needs Python 3.11: make blender PYTHON=/path/to/python3.11" >&2; exit 1; fi; \
	echo "lexel: installing bpy $* into .venv-blender-$*"; \
	"$$python" -m venv .venv-blender-$*
	@.venv-blender-$*/bin/python -m pip install -qq --disable-pip-version-check 'bpy==$*.*' numpy
	@touch $@

bench: $(STAMP)
	$(BIN)/python benchmarks/run.py $(ARGS)

clean:
	rm -rf $(VENV) .venv-blender-* build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
