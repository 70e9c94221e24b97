#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What TensorFlow Lite models find in real images, against what is known of the images.

A detector against the boxes that its publishers state, classifiers of people against COCO's
annotations, a detector of faces against another one of another make. Fails where a figure is below
what was measured with the models when their kernels were the plain reference.
"""
import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile

SSD = "ssd_mobilenet_v1_coco_quant_tflite/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite"
FACES = "mediapipe_face_tflite/face_detection_short_range.tflite"
OTHER_FACES = "yunet_onnx/yunet_n_640_640.onnx"

# Model, and the share of images that it must get right.
CLASSIFIERS = (
    ("person_detect_tflm/person_detect.tflite", 0.77),
    ("vww_96_mlperf_tiny/vww_96_float.tflite", 0.74),
    ("vww_96_mlperf_tiny/vww_96_int8.tflite", 0.74),
)

# A box is the same as the stated one above this overlap. Of the 8 bits that its numbers have one step
# is several pixels of the picture, and a decoder of JPEG that differs by one in a pixel moves it.
SAME_BOX = 0.95
SAME_SCORE = 0.05

# People and faces that are smaller are not for models of these sizes.
LEAST_PERSON = 0.005
LEAST_FACE = 0.1

# Of the faces that the other detector finds.
LEAST_FACES = 0.8


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edgectl", required=True)
    parser.add_argument("--data", required=True, help="folder with models/, images/ and suites/")
    return parser.parse_args()


def detect(arguments, model, images, *more):
    command = [arguments.edgectl, "detect", "--json", *more,
               os.path.join(arguments.data, "models", model), *images]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)["images"]


def overlap(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0
    area = lambda box: (box[2] - box[0]) * (box[3] - box[1])
    return width * height / (area(a) + area(b) - width * height)


def stated_boxes(path, image):
    """Corners inside the image, which some of the stated boxes leave."""
    with open(path) as file:
        for line in file:
            words = line.split()
            if words and words[0] != "#" and words[0].isdigit():
                x, y, width, height = map(int, words[:4])
                yield words[4], (max(x, 0), max(y, 0), min(x + width, image["width"]),
                                 min(y + height, image["height"])), float(words[5])


def check_stated(arguments, folder):
    image = detect(arguments, SSD, [os.path.join(folder, "cats_and_dogs.jpg")])[0]
    found = image["detections"]
    missing, least, furthest = 0, 1, 0
    for label, box, score in stated_boxes(os.path.join(folder, "expected.txt"), image):
        same = [d for d in found if d["label"] == label and overlap(d["box"], box) > SAME_BOX
                and abs(d["score"] - score) <= SAME_SCORE]
        missing += not same
        if same:
            least = min(least, overlap(same[0]["box"], box))
            furthest = max(furthest, *(abs(p - q) for p, q in zip(same[0]["box"], box)))
    print("%-34s %d boxes found, %d of those stated missing; overlap %.3f or more, within %.1f pixels"
          % ("SSD MobileNet v1, published boxes", len(found), missing, least, furthest), flush=True)
    return missing == 0


def people(truth):
    """Whether each file shows a person, by its name."""
    area = {image["id"]: image["width"] * image["height"] for image in truth["images"]}
    shown = {note["image_id"] for note in truth["annotations"]
             if note["category_id"] == 1 and
             note["bbox"][2] * note["bbox"][3] >= LEAST_PERSON * area[note["image_id"]]}
    return {image["file_name"]: image["id"] in shown for image in truth["images"]}


def check_classifier(arguments, model, least, images, shown):
    card = {"version": 1, "labels": ["no person", "person"]}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(card, file)
        file.flush()
        found = detect(arguments, model, images, "--card", file.name)
    told = {os.path.basename(i["file"]): i["classes"][0]["label"] == "person" for i in found}
    right = sum(told[name] == shown[name] for name in told)
    seen = sum(told[name] for name in told if shown[name])
    print("%-34s %.3f right of %d images; %d of %d with a person, %d of %d without"
          % (os.path.basename(model), right / len(told), len(told), seen,
             sum(shown[name] for name in told), right - seen,
             sum(not shown[name] for name in told)), flush=True)
    return right / len(told) >= least


def check_faces(arguments, images):
    ours = detect(arguments, FACES, images)
    others = detect(arguments, OTHER_FACES, images, "--score", "0.8")
    large = same = 0
    for image, other in zip(ours, others):
        side = LEAST_FACE * max(image["width"], image["height"])
        for face in other["detections"]:
            box = face["box"]
            if min(box[2] - box[0], box[3] - box[1]) < side:
                continue
            large += 1
            same += any(overlap(box, mine["box"]) > 0.4 for mine in image["detections"])
    total = sum(len(image["detections"]) for image in ours)
    print("%-34s %d faces, among them %d of the %d large ones that YuNet finds"
          % (os.path.basename(FACES), total, same, large), flush=True)
    return same >= LEAST_FACES * large


def main():
    arguments = parse_arguments()
    truths = sorted(glob.glob(os.path.join(arguments.data, "images/*/annotations/*.json")))
    golden = os.path.join(arguments.data, "suites/tflite-ssd-golden")
    good = True
    print("\nTENSORFLOW LITE")
    if os.path.exists(os.path.join(golden, "expected.txt")):
        good &= check_stated(arguments, golden)
    else:
        print("SKIPPED: no %s" % golden)
    if not truths:
        print("SKIPPED: no images/*/annotations/*.json in %s" % arguments.data)
        return 0 if good else 1
    with open(truths[0]) as file:
        shown = people(json.load(file))
    folder = os.path.dirname(os.path.dirname(truths[0]))
    images = [path for path in sorted(glob.glob(os.path.join(folder, "*/*.jpg")))
              if os.path.basename(path) in shown]
    for model, least in CLASSIFIERS:
        good &= check_classifier(arguments, model, least, images, shown)
    good &= check_faces(arguments, images)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
