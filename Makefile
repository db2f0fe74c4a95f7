# SPDX-License-Identifier: BSD-3-Clause
# Two commands do everything on a fresh Debian or Ubuntu, as root or with sudo:
#   make demo    what is missing is installed, the library is built, I/O goes through every path
#   make test    all tests
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

quick: all
	meson test -C $(BUILD) --suite unit --suite gate

tidy:
	ci/tidy

install: all
	meson install -C $(BUILD)
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" != 0 ] || ldconfig # so that programs find it at once

clean:
	rm -rf $(BUILD) build-*
