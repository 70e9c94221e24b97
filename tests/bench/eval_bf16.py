#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What bf16 does to real f32 detectors: average precision, and boxes, beside those of f32.

The arithmetic is the same with and without the instruction, so that any machine can judge it. Fails where an average
precision differs by more than --tolerance, or where a box that f32 is sure of is not found again.
"""
import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile

MODELS = ("yolox-nano_onnx/*.onnx", "nanodet-m-416_onnx/*.onnx", "picodet-s-320_onnx/*.onnx", "yolo-fastest*/*.cfg")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edgectl", required=True)
    parser.add_argument("--data", required=True, help="folder with models/ and images/")
    parser.add_argument("--only", default="", help="models whose path contains this")
    parser.add_argument("--cpu", default="avx512bf16", help="instruction sets, as of edgectl")
    parser.add_argument("--tolerance", type=float, default=0.01, help="of an average precision")
    parser.add_argument("--score", type=float, default=0.5, help="that f32 is sure of")
    parser.add_argument("--overlap", type=float, default=0.75, help="a box found again has at least")
    parser.add_argument("--lost", type=float, default=0.01, help="share of such boxes that may be missing")
    return parser.parse_args()


def evaluate(arguments, model, truth, images, precision):
    with tempfile.NamedTemporaryFile(suffix=".json") as saved:
        done = subprocess.run([arguments.edgectl, "eval", "--json", "--cpu", arguments.cpu, "--precision", precision,
                               "--truth", truth, "--images", images, "--save", saved.name, model],
                              check=True, capture_output=True, text=True)
        with open(saved.name) as file:
            return json.loads(done.stdout), json.load(file)


def overlap(a, b):
    """Intersection over union of x, y, width, height."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0
    return width * height / (a[2] * a[3] + b[2] * b[3] - width * height)


def compare(arguments, wanted, found):
    """How many boxes f32 is sure of, how many of these are missing, and how far the others' scores are off at most."""
    places = {}
    sure = missing = 0
    farthest = 0
    for box in found:
        places.setdefault((box["image_id"], box["category_id"]), []).append(box)
    for box in wanted:
        if box["score"] < arguments.score:
            continue
        sure += 1
        near = max(places.get((box["image_id"], box["category_id"]), []),
                   key=lambda other: overlap(box["bbox"], other["bbox"]), default=None)
        if not near or overlap(box["bbox"], near["bbox"]) < arguments.overlap:
            missing += 1
        else:
            farthest = max(farthest, abs(box["score"] - near["score"]))
    return sure, missing, farthest


def main():
    arguments = parse_arguments()
    truth = sorted(glob.glob(os.path.join(arguments.data, "images/*/annotations/*.json")))
    models = [path for pattern in MODELS for path in sorted(glob.glob(os.path.join(arguments.data, "models", pattern)))
              if arguments.only in path]
    if not truth or not models:
        print(f"SKIPPED: no models/ or no images/*/annotations/*.json in {arguments.data}")
        return 0
    folder = os.path.dirname(os.path.dirname(truth[0]))
    images = max((entry.path for entry in os.scandir(folder) if entry.is_dir()), key=lambda path: len(os.listdir(path)))
    good = True
    print(f"{'model':32} {'AP f32':>8} {'bf16':>8} {'AP50':>8} {'bf16':>8} {'sure':>6} {'lost':>6} {'score':>7}")
    for model in models:
        wide, wanted = evaluate(arguments, model, truth[0], images, "f32")
        narrow, found = evaluate(arguments, model, truth[0], images, "bf16-always")
        sure, missing, farthest = compare(arguments, wanted, found)
        ok = (max(abs(wide[key] - narrow[key]) for key in ("ap", "ap50")) <= arguments.tolerance
              and missing <= arguments.lost * sure and sure and wanted != found)
        print(f"{os.path.basename(model)[:32]:32} {wide['ap']:8.4f} {narrow['ap']:8.4f} {wide['ap50']:8.4f} "
              f"{narrow['ap50']:8.4f} {sure:6} {missing:6} {farthest:7.4f}{'' if ok else '  FAILED'}", flush=True)
        good &= ok
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
