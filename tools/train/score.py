# SPDX-License-Identifier: MIT
"""How good a model file is: average precision as the COCO data set defines it."""
import cv2
import numpy as np
import torch

from network import NAMES, decode, overlap
from scenes import HEIGHT, WIDTH


def suppress(boxes, scores, limit):
    """Non-maximum suppression: the indices of the boxes that stay."""
    order = np.argsort(-scores, kind="stable")
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    kept = []
    while len(order):
        i, order = order[0], order[1:]
        kept.append(i)
        wh = np.minimum(boxes[i, 2:], boxes[order, 2:]) - np.maximum(boxes[i, :2], boxes[order, :2])
        inter = np.clip(wh, 0, None).prod(1)
        order = order[inter <= limit * (area[i] + area[order] - inter)]
    return kept


def detect(net, image):
    """Rows of class, x0, y0, x1, y1, score; the best first."""
    net.setInput(np.ascontiguousarray(image.transpose(2, 0, 1)[None], np.float32))
    raw = torch.from_numpy(net.forward())[0]
    corners = np.clip(decode(raw).numpy(), 0, (WIDTH, HEIGHT, WIDTH, HEIGHT))
    scores = (raw[:, 4:5] * raw[:, 5:]).numpy()
    rows = []
    for label in range(len(NAMES)):
        pick = np.nonzero(scores[:, label] > 0.01)[0]
        kept = pick[suppress(corners[pick], scores[pick, label], 0.6)]
        rows += [(label, *corners[i], scores[i, label]) for i in kept]
    rows.sort(key=lambda row: -row[-1])
    return np.array(rows[:100], np.float32).reshape(-1, 6)


def match(rows, truth, threshold):
    """For each detection of one class in one image whether it hits a box that no better one has."""
    free = np.ones(len(truth), bool)
    hits = []
    for row in rows:
        hit = False
        if len(truth):
            fit, _ = overlap(torch.from_numpy(row[1:5]), torch.from_numpy(truth[:, 1:]))
            fit = fit.numpy() * free
            best = int(fit.argmax())
            hit = bool(fit[best] >= threshold)
            free[best] &= not hit
        hits.append(hit)
    return hits


def average_precision(found, truths, label, threshold):
    """The mean of the precision at 101 levels of recall."""
    hits, scores, total = [], [], 0
    for rows, truth in zip(found, truths):
        rows, truth = rows[rows[:, 0] == label], truth[truth[:, 0] == label]
        total += len(truth)
        hits += match(rows, truth, threshold)
        scores += list(rows[:, 5])
    order = np.argsort(-np.array(scores), kind="stable")
    true = np.cumsum(np.array(hits, float)[order])
    recall = true / max(total, 1)
    precision = true / np.arange(1, len(true) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(recall, np.linspace(0, 1, 101))
    return float(np.mean([precision[i] if i < len(precision) else 0 for i in at]))


def print_scores(path, images, truths):
    """Runs the file as it is, by OpenCV."""
    net = cv2.dnn.readNetFromONNX(path)
    found = [detect(net, image) for image in images]
    thresholds = np.arange(50, 100, 5) / 100
    table = np.array(
        [
            [average_precision(found, truths, label, t) for t in thresholds]
            for label in range(len(NAMES))
        ]
    )
    print(f"{'class':10}{'AP50':>8}{'AP50:95':>9}{'boxes':>7}")
    for label, name in enumerate(NAMES):
        count = sum(int((truth[:, 0] == label).sum()) for truth in truths)
        print(f"{name:10}{table[label, 0]:8.3f}{table[label].mean():9.3f}{count:7}")
    print(f"{'all':10}{table[:, 0].mean():8.3f}{table.mean():9.3f}{sum(map(len, truths)):7}")
