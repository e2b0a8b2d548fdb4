# infosweep: `make help` lists the targets. Settings of a cluster go into local.mk (see INSTALL).
-include local.mk

PREFIX  ?= /usr/local
# make's own default is cc, which names no compiler in particular
ifeq ($(origin CC),default)
CC      := gcc
endif
MPICC   ?= mpicc
MPIRUN  ?= mpirun
PYTHON  ?= $(firstword $(wildcard /usr/bin/python3) python3)
CHECK_RANKS ?= 1 2 3
DEMO_RANKS  ?= $(shell nproc 2>/dev/null || echo 1)

variant := $(if $(SANITIZE),-sanitize)$(if $(DEBUG),-debug)
BUILD   ?= build$(variant)
export OMPI_CC := $(CC)
export MPICH_CC := $(CC)

# ---- libraries: found through pkg-config where they have it ------------------------------------------------
pkg = $(shell for name in $(1); do pkg-config --exists $$name 2>/dev/null && pkg-config $(2) $$name && break; done)
HDF5_CFLAGS ?= $(call pkg,hdf5-openmpi hdf5-mpi hdf5,--cflags)
HDF5_LIBS   ?= -lhdf5_hl $(or $(call pkg,hdf5-openmpi hdf5-mpi hdf5,--libs),-lhdf5)
BLAS_LIBS   ?= $(or $(call pkg,openblas,--libs),-lopenblas)
# ScaLAPACK is built for one MPI, whose name Debian puts behind its own
SCALAPACK_LIBS ?= $(or $(call pkg,scalapack-openmpi scalapack,--libs),-lscalapack-openmpi)
YAML_LIBS   ?= $(or $(call pkg,yaml-0.1,--libs),-lyaml)
ZLIB_LIBS   ?= $(or $(call pkg,zlib,--libs),-lz)
CUNIT_LIBS  ?= $(or $(call pkg,cunit,--libs),-lcunit)
HAVE_MATIO  ?= $(if $(call pkg,matio,--libs),1)
MATIO_LIBS  ?= $(call pkg,matio,--libs)
# oneDNN has no pkg-config file everywhere: is its header on the compiler's path?
has = $(if $(shell echo '\#include <$(1)>' | $(CC) $(CFLAGS) -E -x c - >/dev/null 2>&1 && echo 1),1)
HAVE_DNNL   ?= $(call has,oneapi/dnnl/dnnl.h)
DNNL_LIBS   ?= $(or $(call pkg,dnnl,--libs),-ldnnl)
# neither has GLPK
HAVE_GLPK   ?= $(call has,glpk.h)
GLPK_LIBS   ?= -lglpk
HAVE_JPEG   ?= $(if $(call pkg,libjpeg,--libs),1)
JPEG_LIBS   ?= $(call pkg,libjpeg,--libs)
HAVE_PNG    ?= $(if $(call pkg,libpng,--libs),1)
PNG_LIBS    ?= $(call pkg,libpng,--libs)

# ---- compiler ------------------------------------------------------------------------------------------
WERROR   ?= -Werror
warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-missing-field-initializers $(WERROR)
# The bits of a result must not depend on how a compiler fuses or reorders: no contraction, no fast-math. What is
# switched off (errno, traps) only keeps loops from being vectorised.
floating := -ffp-contract=off -fno-math-errno -fno-trapping-math
OPTIMIZE ?= $(if $(DEBUG),-O0,-O2)
, := ,
language := -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Iinclude -Isrc
sanitize := $(if $(SANITIZE),-fsanitize=address$(,)undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer) \
            $(if $(FUZZ),-fsanitize=fuzzer-no-link)
CFLAGS   ?= $(OPTIMIZE) -g
all_cflags := $(CFLAGS) $(language) $(floating) $(warnings) $(sanitize) $(subst -I,-isystem ,$(filter -I%,$(HDF5_CFLAGS))) \
              $(if $(HAVE_MATIO),-DHAVE_MATIO) $(if $(HAVE_DNNL),-DHAVE_DNNL) $(if $(HAVE_JPEG),-DHAVE_JPEG) \
              $(if $(HAVE_PNG),-DHAVE_PNG) $(if $(HAVE_GLPK),-DHAVE_GLPK)
libraries  := $(HDF5_LIBS) $(if $(HAVE_MATIO),$(MATIO_LIBS)) $(if $(HAVE_DNNL),$(DNNL_LIBS)) \
              $(if $(HAVE_JPEG),$(JPEG_LIBS)) $(if $(HAVE_PNG),$(PNG_LIBS)) $(if $(HAVE_GLPK),$(GLPK_LIBS)) \
              $(SCALAPACK_LIBS) $(BLAS_LIBS) $(YAML_LIBS) $(ZLIB_LIBS) -lm $(LDLIBS)

VERSION := $(shell cat VERSION)
COMMIT  := $(shell git rev-parse --short HEAD 2>/dev/null || echo unknown)$(shell git diff --quiet HEAD 2>/dev/null || echo +changes)

# ---- sources: every .c under src/ belongs to the program ----------------------------------------------------
sources := $(sort $(shell find src -name '*.c'))
kernels := src/nn/lanes/kernels.c src/numerics/panel_kernels.c src/numerics/kernel_tiles.c
objects := $(patsubst src/%.c,$(BUILD)/%.o,$(filter-out src/main.c $(kernels),$(sources)))
# one object per instruction set from each; the program picks one when it starts
ifneq ($(filter x86_64 amd64,$(shell uname -m)),)
kernel_sets := baseline avx2 avx512
endif
kernel_sets ?= baseline
kernels_avx2   := -mavx2 -mfma
kernels_avx512 := -mavx512f -mavx512dq -mavx512bw -mavx512vl -mfma -mprefer-vector-width=512
objects += $(foreach set,$(kernel_sets),$(kernels:src/%.c=$(BUILD)/%_$(set).o))
library := $(BUILD)/libinfosweep.a
program := $(BUILD)/infosweep

# V=1 shows whole commands
quiet := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)  $(patsubst $(BUILD)/%,%,$(2))')

.PHONY: all deps demo check check-slurm soak bench fuzz install help clean format
.DELETE_ON_ERROR:
.SUFFIXES:
# make's own rules would try to link the lists of dependencies (%.d from %.d.o)
MAKEFLAGS += --no-builtin-rules
all: $(program) ## build build/infosweep (SANITIZE=1 and DEBUG=1 build beside it; CC=clang)

$(program): $(BUILD)/main.o $(library)
	$(call say,link   ,$@)
	$(quiet)$(MPICC) $(sanitize) $(LDFLAGS) -o $@ $^ $(libraries)

$(library): $(objects)
	$(quiet)rm -f $@ && $(AR) rcs $@ $^

# a change of compiler or flags rebuilds everything
settings := $(CC) $(MPICC) $(all_cflags)
$(BUILD)/settings: FORCE
	@mkdir -p $(@D); echo '$(settings)' | cmp -s - $@ || echo '$(settings)' > $@
FORCE:

define kernel_rule
$(BUILD)/%_$(1).o: src/%.c $(BUILD)/settings
	@mkdir -p $$(@D)
	$$(call say,compile,$$< for $(1))
	$$(quiet)$$(MPICC) $$(all_cflags) $$(if $$(DEBUG),,-O3) $$(kernels_$(1)) -DKERNEL_SET=$(1) -MMD -MP -c -o $$@ $$<
endef
$(foreach set,$(kernel_sets),$(eval $(call kernel_rule,$(set))))

$(BUILD)/%.o: src/%.c $(BUILD)/settings
	@mkdir -p $(@D)
	$(call say,compile,$<)
	$(quiet)$(MPICC) $(all_cflags) -MMD -MP -c -o $@ $<

# version, commit, compiler and flags go into every result file
$(BUILD)/version.o: all_cflags += -DINFOSWEEP_VERSION='"$(VERSION)"' -DINFOSWEEP_COMMIT='"$(COMMIT)"' \
  -DINFOSWEEP_COMPILER='"$(shell $(CC) --version | head -n 1)"' -DINFOSWEEP_FLAGS='"$(CFLAGS) $(floating)"'
$(BUILD)/version.o: VERSION $(wildcard .git/HEAD .git/index)

# ---- tests: each file is a program; tests/mpi run on 1, 2 and 3 ranks; tests/end_to_end are scripts -----------
tests_serial := $(patsubst tests/%.c,$(BUILD)/tests/%,$(sort $(filter-out tests/mpi/% tests/bench/% tests/faults/%,$(shell find tests -name '*.c'))))
tests_mpi    := $(patsubst tests/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/mpi/*.c)))
tests_bench  := $(patsubst tests/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/bench/*.c)))
tests_script := $(sort $(wildcard tests/end_to_end/*.sh))

$(BUILD)/tests/%: tests/%.c $(library)
	@mkdir -p $(@D)
	$(call say,compile,$<)
	$(quiet)$(MPICC) $(all_cflags) -Itests -MMD -MP -MF $@.d -o $@ $< $(library) $(libraries) $(CUNIT_LIBS)

# the program with an estimator that crashes, for the scripts about faults
faults := $(BUILD)/tests/faults/infosweep
$(faults): tests/faults/program.c $(BUILD)/main.o $(library)
	@mkdir -p $(@D)
	$(call say,compile,$<)
	$(quiet)$(MPICC) $(all_cflags) -MMD -MP -MF $@.d -o $@ $< $(BUILD)/main.o $(library) $(libraries)

export BUILD PYTHON MPIRUN SANITIZE
build_tests: $(program) $(tests_serial) $(tests_mpi) $(faults)
check: deps ## build and pass the tests (SANITIZE=1: under ASan and UBSan; CHECK_RANKS="1 2 3")
	@$(MAKE) --no-print-directory build_tests
	@RANKS="$(CHECK_RANKS)" tests/run.sh "$(tests_serial)" "$(tests_mpi)" "$(tests_script)"

# a fuzz target is a test, which replays its corpus; with clang's fuzzer it looks for more
fuzz_targets := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c)))
SECONDS ?= 60
fuzz: ## look for files that no reader survives: SECONDS=60 for each reader (needs clang)
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-fuzz CC=clang SANITIZE=1 FUZZ=1 DEBUG=1 OPTIMIZE=-O1 \
	  $(fuzz_targets:%=$(BUILD)-fuzz/fuzz/%)
	@BUILD=$(BUILD)-fuzz tests/fuzz/fuzz.sh $(SECONDS) $(fuzz_targets)

$(BUILD)/fuzz/%: tests/fuzz/%.c $(library)
	@mkdir -p $(@D)
	$(call say,compile,$<)
	$(quiet)$(MPICC) $(all_cflags) -Itests -DFUZZER -fsanitize=fuzzer -MMD -MP -MF $@.d -o $@ $< $(library) $(libraries)

check-slurm: deps ## job scripts on a real SLURM with two nodes on this machine: time limits, a lost node, arrays (minutes; as root)
	@$(MAKE) --no-print-directory $(program)
	@tests/slurm/check.sh

soak: deps ## kill runs at random and resume them, 200 times (SOAK_KILLS): no row lost, none done twice, the same bits
	@$(MAKE) --no-print-directory $(program)
	@tests/faults/soak.sh

bench: deps ## measure: SGEMM peak first, then every experiment against it
	@$(MAKE) --no-print-directory $(program) $(tests_bench)
	@tests/bench/bench.sh

demo: deps ## install what is missing, build, run sweeps/canonical.yaml on all cores, print its table
	@$(MAKE) --no-print-directory $(program)
	@RANKS="$(DEMO_RANKS)" sweeps/demo.sh

deps: ## install the Debian packages that are missing (root or sudo); elsewhere: INSTALL
	@.ci/deps

install: $(program) ## install into PREFIX (/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/infosweep/sweeps/gates \
	  $(DESTDIR)$(PREFIX)/share/infosweep/sweeps/recordings $(DESTDIR)$(PREFIX)/share/infosweep/jobscripts
	install -m 755 $(program) $(DESTDIR)$(PREFIX)/bin/infosweep
	install -m 644 sweeps/*.yaml sweeps/*.csv $(DESTDIR)$(PREFIX)/share/infosweep/sweeps
	install -m 644 sweeps/gates/*.csv $(DESTDIR)$(PREFIX)/share/infosweep/sweeps/gates
	install -m 644 sweeps/recordings/*.yaml $(DESTDIR)$(PREFIX)/share/infosweep/sweeps/recordings
	install -m 755 jobscripts/*.sbatch $(DESTDIR)$(PREFIX)/share/infosweep/jobscripts
	install -m 644 jobscripts/README.md $(DESTDIR)$(PREFIX)/share/infosweep/jobscripts

format: ## lay out the code as .clang-format says
	clang-format -i $$(git ls-files '*.c' '*.h')

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-11s %s\n", $$1, $$2}' Makefile

clean: ## remove what was built
	rm -rf build build-sanitize build-debug build-sanitize-debug build-fuzz

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
