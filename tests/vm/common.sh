# SPDX-License-Identifier: MIT
# What the kernel checks share; each sources this first.
#
# KERNELS keeps what is downloaded and built for long, so that several checkouts may share it; OUT takes the logs and
# results of one check. Results are lines of JSON, as meson writes them, for scripts/check to count.
# shellcheck shell=sh disable=SC2034
TOP=$(cd "$(dirname "$0")/../.." && pwd)
VM=$TOP/tests/vm
KERNELS=${KERNELS:-$TOP/.cache/kernels}
BUILD=${BUILD:-build}
export LC_ALL=C
status=0

# Messages of the kernel that no test may cause. Time lost on a busy host is none of them.
REPORTS='BUG:|WARNING:|KASAN|UBSAN|KCSAN|ODEBUG|possible (circular|recursive|irq)|inconsistent lock state'
REPORTS="$REPORTS|suspicious RCU|sleeping function|unreferenced object|kmemleak: [1-9]|general protection|refcount_t:|Oops"
REPORTS="$REPORTS|blocked for more than|Kernel panic|scheduling while atomic|bad: scheduling|list_(add|del) corruption"

# begin NAME: logs and results go to build-NAME/, results of an earlier run do not stay
begin() {
	OUT=$TOP/build-$1
	mkdir -p "$OUT" "$KERNELS"
	: >"$OUT/results.json"
	cd "$TOP" || exit 1
}

# result OK|FAIL|SKIP NAME [REMARK]: counts a test, and says so
result() {
	printf '{"name": "%s", "result": "%s"}\n' "$2" "$1" >>"$OUT/results.json"
	printf '%-5s %-48s %s\n' "$1" "$2" "${3-}"
	[ "$1" != FAIL ] || status=1
}

# lock NAME, unlock: one process at a time changes that part of KERNELS
lock() {
	exec 9>"$KERNELS/$1.lock"
	flock -n 9 || { echo "waiting for another check that fetches or builds $1"; flock 9; }
}

unlock() {
	exec 9>&-
}

# missing COMMAND...: the first that this machine lacks
missing() {
	for command; do
		command -v "$command" >/dev/null || { echo "$command"; return; }
	done
}

# Brings apt's lists up to date, where we may, once a day: old ones name packages that are gone.
refresh() {
	[ "$(id -u)" = 0 ] && [ -z "$(find "$KERNELS/refreshed" -mmin -1440 2>/dev/null)" ] || return
	apt-get update >/dev/null 2>&1 && touch "$KERNELS/refreshed"
}

# hooked SOURCE BUILD: has the module built as a part of that kernel, in drivers/accel/edge
hooked() {
	ln -sfn "$TOP/driver" "$1/drivers/accel/edge"
	grep -q /edge/ "$1/drivers/accel/Kconfig" ||
		sed -i '/qaic\/Kconfig/a source "drivers/accel/edge/Kconfig"' "$1/drivers/accel/Kconfig"
	grep -q edge/ "$1/drivers/accel/Makefile" || echo 'obj-y += edge/' >>"$1/drivers/accel/Makefile"
	# Another checkout's objects may be newer than these sources.
	if [ "$TOP" != "$(cat "$2/checkout" 2>/dev/null)" ]; then
		rm -rf "$2/drivers/accel/edge"
		echo "$TOP" >"$2/checkout"
	fi
}

# configured SOURCE BUILD ARCH BASE FRAGMENT...: merges the fragments into what `make BASE` gives, or into nothing if
# that is empty, and names each line of theirs that the kernel would not have
configured() {
	source=$1 build=$2 arch=$3 base=$4
	shift 4
	cat "$@" | grep -E '^(CONFIG_|# CONFIG_)' >"$build/asked"
	if ! cmp -s "$build/asked" "$build/configured"; then
		rm -f "$build/.config"
		[ -z "$base" ] || make -s -C "$source" O="$build" ARCH="$arch" "$base" || return 1
		cat "$build/asked" >>"$build/.config"
		make -s -C "$source" O="$build" ARCH="$arch" olddefconfig >"$OUT/config.log" 2>&1 ||
			{ tail "$OUT/config.log"; return 1; }
		sed 's/^\(CONFIG_[A-Z0-9_]*\)=n$/# \1 is not set/' "$build/asked" | while read -r line; do
			grep -qxF "$line" "$build/.config" && continue
			# What is not even visible is not set either.
			case $line in '#'*) grep -q "^${line% is not set}=" "$build/.config" 2>/dev/null || continue ;; esac
			echo "the kernel will not have: $line"
		done >"$OUT/config.lost"
		if [ -s "$OUT/config.lost" ]; then
			cat "$OUT/config.lost"
			return 1
		fi
		cp "$build/asked" "$build/configured"
	fi
}

# kbuild SOURCE BUILD ARCH TARGET...: through ccache, so that a tree that is made anew costs less
kbuild() {
	source=$1 build=$2 arch=$3
	shift 3
	cache=
	[ -n "$(missing ccache)" ] || cache='ccache '
	CCACHE_BASEDIR=$KERNELS CCACHE_NOHASHDIR=1 nice make -j"$(nproc)" -C "$source" O="$build" ARCH="$arch" \
		CC="${cache}gcc" HOSTCC="${cache}gcc" "$@"
}

# fingerprint FILE...: of the module's sources and of these files
fingerprint() {
	{
		find "$TOP/driver" "$TOP/uapi" -type f | sort | xargs cat
		cat "$@"
	} | sha256sum
}

# unpack DIRECTORY PACKAGE...: downloads Debian packages and unpacks them there, which needs no root
unpack() {
	into=$1
	shift
	rm -rf "$into.deb"
	mkdir -p "$into.deb"
	(cd "$into.deb" && apt-get -q -o APT::Sandbox::User=root download "$@") >"$into.log" 2>&1 ||
		{ tail -n 3 "$into.log" >&2; return 1; }
	rm -rf "$into"
	mkdir "$into"
	for deb in "$into.deb"/*.deb; do
		dpkg -x "$deb" "$into" || return 1
	done
	rm -rf "$into.deb"
}

# newest LINE: "RELEASE VERSION" of the newest kernel of a line, 6.1 or 6.12, among those that apt knows
newest() {
	refresh
	apt-cache show --no-all-versions "linux-headers-$1-amd64" linux-headers-amd64 2>/dev/null |
		sed -n "s/^Depends:.*linux-headers-\($1[.][^ ]*\) (= \([^)]*\)).*/\1 \2/p" | head -n 1
}

# stock LINE: Debian's kernel with its modules and headers, unpacked to $KERNELS/stock-LINE, which has "release" and
# "vmlinux" beside them. Fails if it cannot be had.
stock() {
	lock "stock-$1"
	fetch_stock "$1"
	unlock
	# An older one than there could be will do.
	[ -f "$KERNELS/stock-$1/known" ]
}

fetch_stock() {
	tree=$KERNELS/stock-$1
	known=$(newest "$1")
	[ -n "$known" ] && [ "$known" != "$(cat "$tree/known" 2>/dev/null)" ] || return
	release=${known% *}
	echo "fetching Linux $known" >&2
	# shellcheck disable=SC2046 # a list
	unpack "$tree" "linux-image-$release" "linux-headers-$release" \
		$(apt-cache show --no-all-versions "linux-headers-$release" | sed -n 's/^Depends: //p' | tr ',' '\n' |
			grep -oE '\blinux-(headers|kbuild)-[^ ]+') || return 1
	# Its one absolute path.
	sed -i "s#/usr/src/#$tree/usr/src/#" "$tree/usr/src/linux-headers-$release/Makefile"
	depmod -b "$tree" "$release" || return 1
	"$VM/extract-vmlinux" "$tree/boot/vmlinuz-$release" >"$tree/vmlinux" || return 1
	echo "$release" >"$tree/release"
	echo "$known" >"$tree/known"
}

# source_tree LINE: Debian's kernel source, unpacked to $KERNELS/source-LINE; "known" there is its version
source_tree() {
	lock "source-$1"
	fetch_source "$1"
	unlock
	[ -f "$KERNELS/source-$1/known" ]
}

fetch_source() {
	tree=$KERNELS/source-$1
	refresh
	known=$(apt-cache show --no-all-versions "linux-source-$1" 2>/dev/null | sed -n 's/^Version: //p')
	[ -n "$known" ] && [ "$known" != "$(cat "$tree/known" 2>/dev/null)" ] || return
	echo "fetching linux-source-$1 $known" >&2
	unpack "$KERNELS/unpacked" "linux-source-$1" || return 1
	rm -rf "$tree"
	# What nothing here reads is a third of it.
	tar -xf "$KERNELS/unpacked/usr/src/linux-source-$1.tar.xz" --strip-components=1 --one-top-level="$tree" \
		--exclude='*/drivers/gpu/drm/amd/include' --exclude='*/arch/arm*/boot/dts' || return 1
	rm -rf "$KERNELS/unpacked"
	echo "$known" >"$tree/known"
}

# dkms_module LINE: builds and installs the module for a stock kernel by DKMS, as a user's machine does, but into
# folders of our own; $ko is where it went, $dkms_log what make said. W=1 comes by the environment.
dkms_module() {
	line=$1
	release=$(cat "$KERNELS/stock-$line/release")
	package=$(sed -n 's/^PACKAGE_NAME="\(.*\)"/\1/p' "$TOP/dkms.conf")
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$TOP/dkms.conf")
	work=$OUT/dkms-$line
	rm -rf "$work"
	mkdir -p "$work/tree" "$work/source/$package-$version" "$work/modules/$release"
	cp -r "$TOP/driver" "$TOP/uapi" "$TOP/Kbuild" "$TOP/dkms.conf" "$work/source/$package-$version" || return 1
	set -- --dkmstree "$work/tree" --sourcetree "$work/source" --installtree "$work/modules" -m "$package" -v "$version"
	kernel="-k $release --kernelsourcedir $KERNELS/stock-$line/usr/src/linux-headers-$release"
	dkms_log=$work/make.log
	as_root=
	[ "$(id -u)" = 0 ] || as_root=fakeroot
	# shellcheck disable=SC2086 # options
	{
		dkms add "$@" && KBUILD_EXTRA_WARN=1 dkms build $kernel "$@" &&
			$as_root dkms install --no-depmod $kernel "$@"
	} >"$work/dkms.log" 2>&1
	built=$?
	find "$work/tree" -name make.log -exec cp {} "$dkms_log" \;
	ko=$(find "$work/modules" -name 'edge_accel.ko*' | head -n 1)
	[ $built = 0 ] && [ -n "$ko" ] && return
	tail -n 20 "$work/dkms.log" "$dkms_log" 2>/dev/null
	return 1
}
