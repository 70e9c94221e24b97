#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs fuzz targets for a while: run.py BUILD-FOLDER SECONDS [TARGET...].

SECONDS is for all of them together.  What they find is kept in BUILD-FOLDER/found/TARGET and is where the next
run goes on; crashes lie beside, as TARGET-crash-..., TARGET-timeout-..., TARGET-oom-... .  Prints a table, and
closes with "N passed, N failed"; found/results.json is for scripts/check."""
import glob
import json
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# What an input may take in this build, which is about thirty times slower than usual.
SECONDS_A_FILE = 20
MEGABYTES = 1024


def command(build, target, seconds):
    line = [os.path.join(build, "tests/fuzz/fuzz_" + target), os.path.join(build, "found", target), os.path.join(HERE, "corpus", target),
            os.path.join(HERE, "regressions", target), "-max_total_time=%d" % seconds, "-timeout=%d" % SECONDS_A_FILE,
            "-rss_limit_mb=%d" % MEGABYTES, "-max_len=65536", "-print_final_stats=1", "-verbosity=1", "-reload=0",
            "-artifact_prefix=%s/%s-" % (os.path.join(build, "found"), target)]
    words = os.path.join(HERE, target + ".dict")
    if target == "program":
        line[2] = os.path.join(build, "tests/fuzz/programs")
    if os.path.exists(words):
        line.append("-dict=" + words)
    return [part for part in line if part.startswith("-") or os.path.exists(part)]


def run(build, target, seconds):
    """Runs a target; whether it passed, and a row of the table."""
    log = os.path.join(build, "found", target + ".log")
    os.makedirs(os.path.join(build, "found", target), exist_ok=True)
    with open(log, "wb") as file:
        began = time.monotonic()
        status = subprocess.run(command(build, target, seconds), stdout=file, stderr=subprocess.STDOUT).returncode
        elapsed = time.monotonic() - began
    text = open(log, errors="replace").read()
    executions = re.findall(r"stat::number_of_executed_units: (\d+)", text) or re.findall(r"^#(\d+)", text, re.M)
    progress = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", text)
    cov, features, corpus = progress[-1] if progress else ("-", "-", "-")
    count = int(executions[-1]) if executions else 0
    crash = re.findall(r"Test unit written to (\S+)", text)
    if status:
        print("\n".join(text.splitlines()[-40:]), file=sys.stderr)
    return not status, (target, count, "%.0f" % (count / max(elapsed, 1)), cov, features, corpus,
                        os.path.basename(crash[-1]) if crash else "-" if not status else "failed")


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: run.py BUILD-FOLDER SECONDS [TARGET...]")
    build, seconds = sys.argv[1], int(sys.argv[2])
    targets = sys.argv[3:] or sorted(os.path.basename(path)[5:] for path in glob.glob(build + "/tests/fuzz/fuzz_*")
                                     if os.access(path, os.X_OK) and not os.path.isdir(path))
    rows = []
    for target in targets:
        rows.append(run(build, target, max(seconds // len(targets), 1)))
    layout = "%-9s %10s %7s %7s %7s %7s  %s"
    print(layout % ("TARGET", "EXECUTIONS", "A SEC", "COV", "FT", "CORPUS", "CRASH"))
    for _, row in rows:
        print(layout % row)
    passed = sum(good for good, _ in rows)
    with open(os.path.join(build, "found/results.json"), "w") as file:
        for good, row in rows:
            json.dump({"name": "fuzz " + row[0], "result": "OK" if good else "FAIL"}, file)
            file.write("\n")
    print("%d passed, %d failed" % (passed, len(rows) - passed))
    sys.exit(passed < len(rows))


main()
