#!/bin/sh
# SPDX-License-Identifier: MIT
# edgectl beside the real driver, as root and as somebody else; prints TAP.
cd /tmp || exit 1
number=0
failed=0
bundle=/tmp/report.tar.gz

# check WHAT PATTERN COMMAND...: its output has a line like PATTERN
check() {
	what=$1 pattern=$2
	shift 2
	number=$((number + 1))
	output=$("$@" 2>&1)
	if echo "$output" | grep -qE -- "$pattern"; then
		echo "ok $number - $what"
	else
		failed=1
		echo "not ok $number - $what"
		echo "$output" | sed 's/^/# /'
	fi
}

card=$(edgectl devices | sed -n 's/^ *0 //p')
node=${card%% *}
slot=$(echo "$card" | grep -oE '0000:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]')
echo "nobody:x:65534:65534:nobody:/:/bin/sh" >/etc/passwd
echo "render:x:105:" >/etc/group
chown 0:105 "$node"
chmod 660 "$node"
exec 5<>"$node"

check "the card is listed" "^ *0 $node +fpga +nv_small +64 MACs, 128 KiB +0000:00:[0-9a-f.]+ +ready" edgectl devices
check "nothing keeps root from it" '^Nothing is in the way' edgectl doctor
check "the driver answers" "^ok +device +$node answers: nv_small, driver 1\.[0-9]" edgectl doctor
check "somebody else is told the group" 'usermod -aG render nobody' su nobody -c 'edgectl doctor'
check "and that it may not be opened" '^ *0 .* no permission' su nobody -c 'edgectl devices'
check "who has it open is seen" '^ *[0-9]+ +test_edgectl' edgectl top --once --interval 0.1
check "root resets it" "^$node .* was reset" edgectl reset 0
check "by its address as well" "^$node .* was reset" edgectl reset "$slot"
check "others do not" 'not permitted for this user' su nobody -c "edgectl reset $slot"
check "the reset is in the report" '"resets": 2|resets: [1-9]' sh -c "edgectl report -o $bundle >/dev/null && tar -xzOf $bundle"
check "so is the driver's log" 'edge_accel .* reset' tar -xzOf "$bundle"
check "and the dump" 'cause: user' tar -xzOf "$bundle"

exec 5>&-
# A dump holds the module.
for dump in /sys/class/devcoredump/*/data; do
	[ ! -e "$dump" ] || echo 0 >"$dump"
done
rm -f "$bundle"
echo "1..$number"
exit $failed
