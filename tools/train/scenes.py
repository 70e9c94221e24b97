# SPDX-License-Identifier: MIT
"""Scenes from edge-scene as the network wants them."""
import json
import math
import os
import subprocess
import tempfile

import cv2
import numpy as np

WIDTH, HEIGHT = 320, 256
PAD = 114


def letterbox(image):
    """The image at the input's size, and the scale from its pixels to the input's."""
    scale = min(HEIGHT / image.shape[0], WIDTH / image.shape[1])
    size = (int(image.shape[1] * scale), int(image.shape[0] * scale))
    canvas = np.full((HEIGHT, WIDTH, 3), PAD, np.uint8)
    canvas[: size[1], : size[0]] = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    return canvas, scale


def read_scenes(folder):
    """The images of a folder that edge-scene has filled, and their boxes."""
    with open(os.path.join(folder, "annotations.json")) as file:
        truth = json.load(file)
    of_image = {entry["id"]: [] for entry in truth["images"]}
    for annotation in truth["annotations"]:
        of_image[annotation["image_id"]].append(annotation)
    for entry in truth["images"]:
        image, scale = letterbox(cv2.imread(os.path.join(folder, entry["file_name"])))
        rows = []
        for annotation in of_image[entry["id"]]:
            x, y, w, h = (v * scale for v in annotation["bbox"])
            rows.append((annotation["category_id"] - 1, x, y, x + w, y + h))
        yield image, np.array(rows, np.float32).reshape(-1, 5)


def draw_scenes(tool, sets, count):
    """`count` scenes of each set (first number, width, height): the letterboxed images, and for
    each its boxes: class, x0, y0, x1, y1 in pixels of the input."""
    pairs = []
    for first, width, height in sets:
        size = f"--size={width}x{height}"
        for start in range(first, first + count, 100):
            n = min(100, first + count - start)
            with tempfile.TemporaryDirectory() as folder:
                command = [tool, f"--seed={start}", f"--count={n}", size, f"--out={folder}"]
                subprocess.run(command, check=True)
                pairs += read_scenes(folder)
    return np.stack([image for image, _ in pairs]), [boxes for _, boxes in pairs]


def move_boxes(boxes, m):
    """Boxes under a matrix without rotation; those that leave by more than half are dropped."""
    x = boxes[:, [1, 3]] * m[0, 0] + m[0, 2]
    y = boxes[:, [2, 4]] * m[1, 1] + m[1, 2]
    moved = np.stack([x.min(1), y.min(1), x.max(1), y.max(1)], 1)
    area = (moved[:, 2] - moved[:, 0]) * (moved[:, 3] - moved[:, 1])
    kept = np.clip(moved, 0, (WIDTH, HEIGHT, WIDTH, HEIGHT))
    left = (kept[:, 2] - kept[:, 0]) * (kept[:, 3] - kept[:, 1])
    return np.concatenate([boxes[:, :1], kept], 1)[left > 0.5 * area].astype(np.float32)


def augment(image, boxes, random):
    """Mirrors, moves, scales and tints a scene."""
    scale = math.exp(random.uniform(-0.25, 0.3))
    dx = random.uniform(-0.5, 0.5) * WIDTH * abs(1 - scale) + random.uniform(-16, 16)
    dy = random.uniform(-0.5, 0.5) * HEIGHT * abs(1 - scale) + random.uniform(-16, 16)
    m = np.array(
        [
            [scale, 0, (1 - scale) * WIDTH / 2 + dx],
            [0, scale, (1 - scale) * HEIGHT / 2 + dy],
        ]
    )
    if random.random() < 0.5:
        m[0] = -m[0]
        m[0, 2] += WIDTH
    image = cv2.warpAffine(image, m, (WIDTH, HEIGHT), borderValue=(PAD, PAD, PAD))
    gain = random.uniform(0.75, 1.25, size=3) * 0.3 + random.uniform(0.75, 1.25) * 0.7
    image = image.astype(np.float32) * gain.astype(np.float32) + random.uniform(-15, 15)
    return np.clip(image, 0, 255), move_boxes(boxes, m)
