# Outbreak: `make help` lists what there is to run.
#
# Sections: 1 what is built   2 PGXS   3 the extension script   4 what people run

# ---- 1 what is built --------------------------------------------------------

EXTENSION    = control/outbreak
MODULE_big   = outbreak
OB_VERSION  := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" control/outbreak.control)
OBJS         = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))
SCRIPT       = build/outbreak--$(OB_VERSION).sql
DATA_built   = $(SCRIPT)
EXTRA_CLEAN  = build results regression.diffs regression.out $(OBJS:.o=.d)

PG_CPPFLAGS  = -Isrc -DOUTBREAK_VERSION='"$(OB_VERSION)"' -MMD -MP
SHLIB_LINK   = -lcrypto -lcurl -lqrencode -lz
PG_CFLAGS    = -Wno-declaration-after-statement $(if $(DEV),-Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare)

# ---- 2 PGXS -----------------------------------------------------------------

# No bitcode: nothing of ours is worth inlining into a query, and it halves the build.
override with_llvm = no
PG_CONFIG   ?= pg_config
PGXS        := $(wildcard $(shell $(PG_CONFIG) --pgxs 2>/dev/null))

# The targets of section 4 run before PostgreSQL's headers are installed, so PGXS is optional here.
ifneq ($(PGXS),)
include $(PGXS)
else
all install clean: ; @echo "PostgreSQL's server headers are missing: run 'make deps' first" >&2; exit 1
endif
-include $(OBJS:.o=.d)
.DEFAULT_GOAL := all

# ---- 3 the extension script -------------------------------------------------

# the folders are named so that a deleted file counts as a change
$(SCRIPT): control/outbreak.control control/assemble sql/order.txt $(wildcard sql/* sql/*/* sql/*/*/*.sql)
	@mkdir -p build
	control/assemble > $@.new && mv $@.new $@

# ---- 4 what people run ------------------------------------------------------

.PHONY: help deps test accept lint bench demo stop psql docs

help:
	@echo 'make demo     a synthetic country on a private server, with its morning report (DATA=folder for real lists)'
	@echo 'make test     every test (T=word/name runs one regression test)'
	@echo 'make psql     a shell on the private server of the demo'
	@echo 'make stop     stops the private server and removes it'
	@echo 'make bench    measures ours against the alternative and prints the ratios'
	@echo 'make lint     compiler warnings, cppcheck, plpgsql_check and the self-inspection tests'
	@echo 'make docs     writes docs/reference from the comments in the database'
	@echo 'make accept   takes the results of the last regression run as expected (review them first)'
	@echo 'make deps     installs the Debian and npm packages that are missing, naming them first'
	@echo 'make, make install, make clean   as for every extension'

deps:
	@tests/deps

test: deps
	@tests/run all

lint: deps
	@tests/run lint

bench: deps
	@tests/run bench

docs: deps
	@tests/run docs

accept:
	@tests/run accept

demo: deps
	@demo/run

psql:
	@tests/server psql

stop:
	@tests/server stop
