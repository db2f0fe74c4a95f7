# SPDX-License-Identifier: BSD-3-Clause
# These do everything on a fresh Debian or Ubuntu, as root or with sudo:
#   make demo    what is missing is installed, the library is built, I/O goes through every path
#   make quick   the unit tests and the gates, of one build
#   make test    all tests, in several builds, on bare systems and in kernels of their own
# The rest are shorthands for meson.
BUILD ?= build

# Programs find a library at once when the loader's cache is made anew. `su` may leave out /sbin
refresh = [ -n "$(DESTDIR)" ] || [ "$$(id -u)" != 0 ] || PATH="$$PATH:/usr/sbin:/sbin" ldconfig

.PHONY: demo test all deps configured quick tidy install uninstall clean

demo: configured
	ninja -C $(BUILD) tools/xnvme
	$(BUILD)/tools/xnvme paths --demo

test:
	ci/test.sh

all: configured
	ninja -C $(BUILD)

configured: deps
	@[ -f $(BUILD)/build.ninja ] || meson setup $(BUILD)

deps:
	@ci/deps.sh build

quick: configured
	@ci/deps.sh test
	@meson configure $(BUILD) -Dtests=enabled # it may be from before there was what they need
	ninja -C $(BUILD)
	meson test -C $(BUILD) --suite unit --suite gate

tidy:
	ci/tidy

install: all
	meson install -C $(BUILD)
	@python3 ci/installed.py record $(BUILD)
	@$(refresh)

uninstall: # what `make install` put there, this time and before; needs the build folder
	@python3 ci/installed.py remove $(BUILD)
	@$(refresh)

clean:
	rm -rf $(BUILD) build-*
