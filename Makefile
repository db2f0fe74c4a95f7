# SPDX-License-Identifier: BSD-3-Clause
# These do everything on a fresh Debian or Ubuntu, as root or with sudo:
#   make demo    what is missing is installed, the library is built, I/O goes through every path
#   make quick   the unit tests and the gates, of one build
#   make test    all tests, in five builds and in kernels of their own
# The rest are shorthands for meson.
BUILD ?= build

.PHONY: demo test all deps configured quick tidy install clean

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
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" != 0 ] || ldconfig # so that programs find it at once

clean:
	rm -rf $(BUILD) build-*
