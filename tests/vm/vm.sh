# SPDX-License-Identifier: MIT
# Sourced after common.sh by what starts machines.
# shellcheck shell=sh

# guest_programs: builds them, and the emulator
guest_programs() {
	ninja -C "$BUILD" tools/edge-emu/edge-emu vm-guest >"$OUT/ninja.log" 2>&1 && return
	tail -n 40 "$OUT/ninja.log"
	result FAIL "guest programs: build" "$OUT/ninja.log"
	return 1
}

# initramfs ROOT RELEASE KO ARCHIVE [MODULE]: what the guest sees. ROOT holds lib/modules/RELEASE, KO is our module,
# MODULE one more for its tests.
initramfs() {
	from=$1
	root=$OUT/root-$2
	rm -rf "$root"
	mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/tmp" "$root/lib" "$root/lib64" "$root/modules" \
		"$root/tests" "$root/golden" "$root/etc"
	cp "$(command -v busybox)" "$root/bin/busybox"
	install -m 755 "$VM/init" "$root/init"
	[ -z "${5-}" ] || cp "$5" "$root/modules"
	cp "$3" "$root/modules/edge_accel.ko"
	# Our module's and the tests' needs, each after what it needs itself.
	for module in $(modinfo -F depends "$3" | tr , ' ') vgem vivid; do
		modprobe -d "$from" -S "$2" --show-depends "$module"
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' >"$OUT/modules-$2"
	while read -r module; do
		name=$(basename "$module" .xz)
		case $module in
		*.xz) xz -dc "$module" >"$root/modules/$name" ;;
		*) cp "$module" "$root/modules/$name" ;;
		esac
		case $name in
		vivid.ko) echo "$name n_devs=1 allocators=1" ;;
		*) echo "$name" ;;
		esac >>"$root/modules/list"
	done <"$OUT/modules-$2"
	for program in "$TOP/$BUILD"/tests/vm/guest/*; do
		if [ -f "$program" ] && [ -x "$program" ]; then
			cp "$program" "$root/tests"
		fi
	done
	cp "$TOP/$BUILD/tools/edgectl/edgectl" "$root/bin"
	ldd "$root"/tests/* "$TOP/$BUILD/tools/edgectl/edgectl" 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | sort -u | while read -r library; do
		cp "$library" "$root/lib"
	done
	cp -L /lib64/ld-linux-x86-64.so.2 "$root/lib64"
	for programs in "$TOP"/tests/golden/*/ "$TOP"/../shared/nvdla-golden/*/; do
		[ ! -d "$programs" ] || cp -r "$programs" "$root/golden"
	done
	# Nothing is packed: unpacking costs more there than memory does here.
	(cd "$root" && find . | cpio -o -H newc --quiet) >"$4"
}

# machine SECONDS VMLINUX INITRAMFS WORDS OPTION...: runs one with the emulated card, for so long at most (0: for ever);
# WORDS are for its kernel, each OPTION for QEMU. The card's control connection is the guest's third serial port.
machine() {
	limit=$1 kernel=$2 initrd=$3 words=$4
	shift 4
	# A path in OUT may be too long for a socket.
	sockets=$(mktemp -d)
	# One thread for all processors: with several QEMU drops accesses to the card while another one waits.
	# It ends with this script, and stays in the terminal's foreground.
	setpriv --pdeathsig TERM timeout --foreground -k 5 "$limit" \
		"$TOP/$BUILD/tools/edge-emu/edge-emu" --control "$sockets/control" -- qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
		-accel tcg,thread=single -cpu max -machine q35,memory-backend=mem -m 768 -smp 2 \
		-object memory-backend-memfd,id=mem,size=768M,share=on -kernel "$kernel" -initrd "$initrd" \
		-append "console=ttyS0 panic=-1 oops=panic nokaslr mitigations=off cma=64M $words" \
		"$@" -chardev socket,id=control,path="$sockets/control" -serial chardev:control
	ended=$?
	rm -rf "$sockets"
	return $ended
}

# suite NAME RELEASE SECONDS VMLINUX INITRAMFS WORDS: boots, runs the guest's tests and counts them
suite() {
	log=$OUT/$1.log
	console=$OUT/$1.console
	began=$(date +%s)
	rm -f "$log" "$console"
	machine "$3" "$4" "$5" "$6" -serial "file:$console" -serial "file:$log" \
		</dev/null >"$OUT/$1.host" 2>&1
	tr -d '\r' <"$console" >"$console.text"
	echo "== $1: Linux $2, $(($(date +%s) - began)) s"
	# Which test each report came in.
	tr -d '\r' <"$console" | awk -v pattern="$REPORTS" '
		/edge-vm: / { name = $NF }
		$0 ~ pattern && !/hrtimer: interrupt took/ { print (name ? name : "boot") }' | sort | uniq -c >"$OUT/$1.reports"
	tr -d '\r' <"$log" | awk '
		$1 == "@@" && $2 == "begin" { name = $3; began = $4; passed = bad = skipped = 0; reason = "" }
		$1 == "ok" { if (/# SKIP/) skipped++; else passed++ }
		$1 == "not" && $2 == "ok" { if (/# SKIP/) skipped++; else bad++ }
		$1 == "1..0" || $1 == "SKIP" { reason = $0; gsub(/["\\]/, "", reason) }
		$1 == "@@" && $2 == "end" {
			what = $4 == 77 ? "SKIP" : $4 || bad ? "FAIL" : "OK"
			cases = passed + bad + skipped ? sprintf("%d cases", passed + bad + skipped) : ""
			if (bad) cases = cases sprintf(", %d failed", bad)
			if (skipped) cases = cases sprintf(", %d skipped", skipped)
			if ($4 == 143 || $4 == 124) cases = cases " time limit"
			if (what == "SKIP") cases = reason
			printf "%s %s %.1f s  %s\n", what, name, $5 - began, cases
			name = ""
		}
		$1 == "@@" && $2 == "note" { $1 = $2 = ""; print "FAIL note 0 s " $0 }
		$1 == "@@" && $2 == "done" { done = 1 }
		END {
			if (name) print "FAIL " name " - s  the machine ended here"
			else if (!done) print "FAIL machine - s  it did not come to its end"
		}' >"$OUT/$1.table"
	while read -r what name seconds unit remark; do
		reports=$(awk -v name="$name" '$2 == name { print $1 }' "$OUT/$1.reports")
		if [ "$reports" ]; then
			what=FAIL
			remark="$remark $reports reports of the kernel"
		fi
		result "$what" "$1: $name" "$seconds $unit $remark"
		[ "$what" != FAIL ] || said "$1" "$name"
	done <"$OUT/$1.table"
	# What no test of the table has to answer for.
	if grep -qw boot "$OUT/$1.reports"; then
		grep -E "$REPORTS" "$console.text" | head -n 5
		result FAIL "$1: boot" "reports of the kernel"
	fi
	if [ ! -s "$log" ]; then
		tail -n 20 "$OUT/$1.host" "$console.text"
	fi
}

# said SUITE TEST: the last lines of a failed test and of the kernel meanwhile
said() {
	tr -d '\r' <"$OUT/$1.log" | awk -v name="$2" '
		$1 == "@@" && $2 == "begin" { on = $3 == name; next }
		$1 == "@@" && $2 == "end" { on = 0 }
		on' | tail -n 25 | sed 's/^/    /'
	awk -v name="$2" '/edge-vm: / { on = $NF == name } on' "$OUT/$1.console.text" | tail -n 60 | sed 's/^/    /'
}
