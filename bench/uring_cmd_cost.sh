# SPDX-License-Identifier: BSD-3-Clause
# In a test guest: user-space instructions per NVMe command, counted by callgrind, of the library
# and of a liburing loop, at depths 1, 32 and 1024. Fails when the library exceeds the loop by more
# than its budget.
#
# Only the loops are counted, not the opening. The difference of two run lengths excludes the costs
# of the first command (symbol binding, enabling the ring).
. /checks.sh
load nvme
wait_for 20 test -c /dev/ng0n1
export VALGRIND_LIB=/valgrind
budget=80

# count WAY QD COUNT: instructions of a loop
count() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "--toggle-collect=$1_loop*" \
		uring_cmd_cost "$1" /dev/ng0n1 "$2" "$3" 2>&1 |
		sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

for depth in 1 32 1024; do
	batches=64
	[ $depth = 32 ] && batches=32
	[ $depth = 1024 ] && batches=4
	few=$((depth * 4))
	many=$((few + depth * batches))
	for way in xnvme raw; do
		a=$(count $way $depth $few)
		b=$(count $way $depth $many)
		[ "${a:-0}" -gt 0 ] && [ "${b:-0}" -gt "$a" ] || { fail "callgrind counted nothing for $way"; continue; }
		# in tenths
		eval "$way=$(((b - a) * 10 / (many - few)))"
	done
	above=$((xnvme - raw))
	echo "depth $depth: the library $((xnvme / 10)).$((xnvme % 10)) instructions per command," \
		"by hand $((raw / 10)).$((raw % 10)): $((above / 10)) above"
	check "at most $budget above at depth $depth" test $above -le $((budget * 10))
done
finish
