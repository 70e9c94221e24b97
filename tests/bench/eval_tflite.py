#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What TensorFlow Lite models find in real images, against what is known of the images.

A detector against the boxes that its publishers state, classifiers of people against COCO's
annotations, a detector of faces against another one of another make. Fails where a figure is below
what was measured with the models when their kernels were the plain reference.
"""
import argparse
import ctypes
import glob
import json
import os
import subprocess
import sys
import tempfile

SSD = "ssd_mobilenet_v1_coco_quant_tflite/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite"
SSD_SIZE = 300
FACES = "mediapipe_face_tflite/face_detection_short_range.tflite"
OTHER_FACES = "yunet_onnx/yunet_n_640_640.onnx"

# Model, and the share of images that it must get right.
CLASSIFIERS = (
    ("person_detect_tflm/person_detect.tflite", 0.77),
    ("vww_96_mlperf_tiny/vww_96_float.tflite", 0.74),
    ("vww_96_mlperf_tiny/vww_96_int8.tflite", 0.74),
)

# Boxes are stated to within so many pixels, and scores. The numbers of a box have 8 bits, a step of
# which is several pixels, and differences of one between decoders of JPEG move them: so these hold
# for the pixels of which the boxes were stated. For our own, boxes are the same above this overlap.
PIXELS = 3
SAME_BOX = 0.95
SAME_SCORE = 0.05

# What those pixels were decoded with: TensorFlow Lite's Task Library uses stb_image.
STB = "libstb.so.0"

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


def stated_boxes(path):
    """Label, corners and score of each; some leave the image."""
    with open(path) as file:
        for line in file:
            words = line.split()
            if words and words[0] != "#" and words[0].isdigit():
                x, y, width, height = map(int, words[:4])
                yield words[4], (x, y, x + width, y + height), float(words[5])


def task_library_image(path, size):
    """An image as the Task Library has it scaled, a PPM file, and its size before.

    Its libyuv scales down by even numbers, with SSE2, to the mean of the two rows in the middle,
    rounded up, and then that of their two columns in the middle, rounded up.
    """
    stb = ctypes.CDLL(STB)
    stb.stbi_load.restype = ctypes.POINTER(ctypes.c_uint8)
    width, height, channels = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
    data = stb.stbi_load(path.encode(), ctypes.byref(width), ctypes.byref(height),
                         ctypes.byref(channels), 3)
    width, height = width.value, height.value
    if not data or width % (2 * size) or height % (2 * size):
        sys.exit("%s: cannot be read, or not be scaled to %d" % (path, size))
    pixels = bytes(data[:width * height * 3])
    mean = lambda a, b: (a + b + 1) // 2
    rows = bytearray()
    for y in range(size):
        upper = (y * (height // size) + height // size // 2 - 1) * width * 3
        line = [mean(a, b) for a, b in zip(pixels[upper:upper + width * 3],
                                           pixels[upper + width * 3:upper + width * 6])]
        for x in range(size):
            left = (x * (width // size) + width // size // 2 - 1) * 3
            rows += bytes(mean(line[left + c], line[left + 3 + c]) for c in range(3))
    return b"P6 %d %d 255\n" % (size, size) + bytes(rows), width, height


def find_stated(boxes, found, width, height, is_same):
    """How many boxes are not found, and the furthest in pixels that one of the others is from its
    place, in position or size inside the image."""
    missing, furthest = 0, 0
    for label, box, score in boxes:
        box = [min(max(v, 0), limit) for v, limit in zip(box, (width, height) * 2)]
        differences = [(abs(d["box"][0] - box[0]), abs(d["box"][1] - box[1]),
                        abs(d["box"][2] - d["box"][0] - box[2] + box[0]),
                        abs(d["box"][3] - d["box"][1] - box[3] + box[1]))
                       for d in found if d["label"] == label
                       and abs(d["score"] - score) <= SAME_SCORE and is_same(d["box"], box)]
        missing += not differences
        if differences:
            furthest = max(furthest, min(map(max, differences)))
    return missing, furthest


def print_stated(what, found, missing, furthest):
    print("%-34s %d boxes found, %d of those stated missing; within %.1f pixels"
          % ("SSD MobileNet v1, " + what, len(found), missing, furthest), flush=True)


def check_published_pixels(arguments, path, boxes):
    try:
        ppm, width, height = task_library_image(path, SSD_SIZE)
    except OSError:
        print("SKIPPED: no %s (package libstb0) for the pixels of the stated boxes" % STB)
        return True
    with tempfile.NamedTemporaryFile(suffix=".ppm") as file:
        file.write(ppm)
        file.flush()
        found = detect(arguments, SSD, [file.name])[0]["detections"]
    for detection in found:
        scales = (width / SSD_SIZE, height / SSD_SIZE) * 2
        detection["box"] = [v * scale for v, scale in zip(detection["box"], scales)]
    missing, furthest = find_stated(boxes, found, width, height, overlap)
    print_stated("published pixels", found, missing, furthest)
    return not missing and furthest <= PIXELS and len(found) == len(boxes)


def check_our_pixels(arguments, path, boxes):
    image = detect(arguments, SSD, [path])[0]
    missing, furthest = find_stated(boxes, image["detections"], image["width"], image["height"],
                                    lambda a, b: overlap(a, b) > SAME_BOX)
    print_stated("our pixels", image["detections"], missing, furthest)
    return not missing


def check_stated(arguments, folder):
    path = os.path.join(folder, "cats_and_dogs.jpg")
    boxes = list(stated_boxes(os.path.join(folder, "expected.txt")))
    good = check_published_pixels(arguments, path, boxes)
    return check_our_pixels(arguments, path, boxes) and good


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
