#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Average precision of real models: ours beside OpenCV DNN's, or ONNX Runtime's where OpenCV cannot
load the model, and for quantised ones.

Both run on the same images with the same thresholds, and the same evaluator judges both. Fails
where a figure differs by more than --tolerance, or what the model may.
"""
import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile

import cv2

import reference

FIGURES = (("AP50", "ap50"), ("AP50:95", "ap"))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edgectl", required=True)
    parser.add_argument("--data", required=True, help="folder with models/ and images/")
    parser.add_argument("--truth", help="COCO annotations (default: the first below --data)")
    parser.add_argument("--images", help="folder of the images")
    parser.add_argument("--ort", default=".cache/peers", help="folder with node_modules/")
    parser.add_argument("--only", default="", help="models whose name contains this")
    parser.add_argument("--tolerance", type=float, default=0.003)
    arguments = parser.parse_args()
    if not arguments.truth:
        found = sorted(glob.glob(os.path.join(arguments.data, "images/*/annotations/*.json")))
        if not found:
            print("SKIPPED: no images/*/annotations/*.json in %s" % arguments.data)
            sys.exit(0)
        arguments.truth = found[0]
    if not arguments.images:
        arguments.images = find_images(arguments.truth)
    return arguments


def find_images(truth):
    """The folder near the annotations that has the first of their images."""
    with open(truth) as file:
        name = json.load(file)["images"][0]["file_name"]
    base = os.path.dirname(os.path.dirname(os.path.abspath(truth)))
    for folder, _, files in os.walk(base):
        if name in files:
            return folder
    sys.exit("%s is nowhere below %s; give --images" % (name, base))


def judge(arguments, *more):
    command = [arguments.edgectl, "eval", "--json", "--truth", arguments.truth,
               "--images", arguments.images, *more]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def open_reference(arguments, model, path):
    try:
        if not getattr(model, "only_onnxruntime", False):
            return "OpenCV " + cv2.__version__, reference.opencv(path)
    except cv2.error:
        pass
    if os.path.isdir(os.path.join(arguments.ort, "node_modules/onnxruntime-node")):
        return "ONNX Runtime", reference.onnxruntime(path, arguments.ort)
    return None, None


def run_reference(arguments, model, forward):
    with open(arguments.truth) as file:
        truth = json.load(file)
    known = {category["id"] for category in truth["categories"]}
    found = []
    for i, entry in enumerate(truth["images"]):
        if sys.stderr.isatty():
            print("\r%s %d/%d " % (model.name, i, len(truth["images"])), end="", file=sys.stderr)
        image = cv2.imread(os.path.join(arguments.images, entry["file_name"]))
        for x0, y0, x1, y1, score, index in reference.detect(model, forward, image):
            category = reference.CATEGORIES[int(index)]
            if category in known:
                found.append({"image_id": entry["id"], "category_id": category,
                              "bbox": [x0, y0, x1 - x0, y1 - y0], "score": score})
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(found, file)
        file.flush()
        return judge(arguments, "--detections", file.name)


def compare(arguments, model, path):
    """Prints the model's line; whether it is close enough."""
    ours = judge(arguments, path, "--score", str(model.score), "--iou", str(model.iou))
    name, forward = open_reference(arguments, model, path)
    theirs = run_reference(arguments, model, forward) if forward else None
    close = True
    tolerance = getattr(model, "tolerance", arguments.tolerance)
    line = "%-18s %-11s" % (model.name, ours["family"])
    for _, key in FIGURES:
        if theirs:
            difference = ours[key] - theirs[key]
            close &= abs(difference) <= tolerance
            line += " %8.4f %8.4f %+8.4f" % (ours[key], theirs[key], difference)
        else:
            line += " %8.4f %8s %8s" % (ours[key], "-", "-")
    print("%s  %s%s" % (line, name or "nothing to compare with",
                        "" if close else "  TOO FAR"), flush=True)
    return close


def main():
    arguments = parse_arguments()
    good = True
    print("%-18s %-11s" % ("MODEL", "HEAD") +
          "".join(" %8s %8s %8s" % (title, "other", "diff") for title, _ in FIGURES) + "  OTHER")
    for model in reference.MODELS:
        path = os.path.join(arguments.data, "models", model.path)
        if arguments.only not in model.name:
            continue
        if not os.path.exists(path):
            print("%-18s SKIPPED: no %s" % (model.name, path))
            continue
        good &= compare(arguments, model, path)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
