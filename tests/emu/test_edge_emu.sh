#!/bin/sh
# SPDX-License-Identifier: MIT
# The program: what it starts and with what, whose status it has, and that neither outlives the other.
set -eu
emu=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
	echo "$*" >&2
	exit 1
}

# A status that a command has.
expect() {
	wanted=$1
	shift
	status=0
	"$@" >"$folder/out" 2>"$folder/err" || status=$?
	[ "$status" = "$wanted" ] || fail "status $status, not $wanted: $* ($(cat "$folder/err"))"
}

# Until a command succeeds, at most a minute.
await() {
	for i in $(seq 600); do
		"$@" 2>/dev/null && return
		sleep 0.1
	done
	fail "waited in vain: $*"
}

dead() {
	! kill -0 "$1" 2>/dev/null
}

expect 0 "$emu" --help
grep -q -- "--control PATH" "$folder/out"
expect 0 "$emu" --version
grep -Eq '^edge-emu [0-9.]+$' "$folder/out"
expect 2 "$emu"
expect 2 "$emu" --nonsense -- true
expect 2 "$emu" --cards 0 -- true
expect 2 "$emu" --cards 5 -- true
expect 2 "$emu" --clock fast -- true
expect 2 "$emu" --slot 24 --cards 2 -- true
expect 2 "$emu" --send "$folder/none"
expect 1 "$emu" --send "$folder/none" stats
expect 1 "$emu" --control "$folder/no/such" -- true
expect 1 "$emu" --control "$folder/$(printf %0120d 0)" -- true

# The status of what it runs.
expect 0 "$emu" -- true
expect 7 "$emu" -- sh -c 'exit 7'
expect 143 "$emu" -- sh -c 'kill -TERM $$'
expect 127 "$emu" -- "$folder/no-such-program"
grep -q "no-such-program: No such file" "$folder/err"

# What it adds to the command: cards in their places, a qtest.
cat >"$folder/qemu" <<'END'
#!/bin/sh
for word in "$@"; do echo "$word"; done
for word in "$@"; do
	case $word in
	*fd=*)
		fd=${word##*fd=}
		[ -S "/proc/self/fd/${fd%%,*}" ] || exit 9
	esac
done
END
chmod +x "$folder/qemu"
expect 0 "$emu" --cards 2 --slot 3 -- "$folder/qemu" -machine q35
sed 's/fd=[0-9]*/fd=N/' "$folder/out" >"$folder/words"
cat >"$folder/wanted" <<'END'
-machine
q35
-device
x-pci-proxy-dev,id=edge0,fd=N,addr=0x3
-device
x-pci-proxy-dev,id=edge1,fd=N,addr=0x4
-chardev
socket,id=edge-qtest,fd=N
-object
qtest,id=edge-qtest-server,chardev=edge-qtest,log=none
END
cmp "$folder/words" "$folder/wanted"

# Commands, of cards in turn; the socket goes with the program.
"$emu" --control "$folder/control" --cards 2 -- sh -c 'exec sleep 1000' &
running=$!
await "$emu" --send "$folder/control" temperature 1 >/dev/null
expect 0 "$emu" --send "$folder/control" card 1 stats
grep -q '^{"schema":1,"card":1,' "$folder/out"
expect 1 "$emu" --send "$folder/control" card 2 stats
expect 1 "$emu" --send "$folder/control" no such command
grep -q "unknown command" "$folder/err"
expect 1 "$emu" --control "$folder/control" -- true
expect 0 "$emu" --send "$folder/control" stats

# Asked to end, it ends what it runs.
child=$(cat "/proc/$running/task/$running/children")
kill -TERM "$running"
status=0
wait "$running" || status=$?
[ "$status" = 143 ] || fail "status $status after SIGTERM"
dead ${child% } || fail "what it ran goes on"
[ ! -e "$folder/control" ] || fail "the control socket stays behind"

# Killed, it takes along what it runs, and what stays of its socket is in nobody's way.
"$emu" --control "$folder/control" -- sh -c 'exec sleep 1000' &
running=$!
await "$emu" --send "$folder/control" stats >/dev/null
child=$(cat "/proc/$running/task/$running/children")
kill -KILL "$running"
wait "$running" 2>/dev/null || true
await dead ${child% }
[ -S "$folder/control" ]
expect 0 "$emu" --control "$folder/control" -- true

# A file that is no socket is nobody's to remove.
echo data >"$folder/file"
expect 1 "$emu" --control "$folder/file" -- true
[ "$(cat "$folder/file")" = data ]
