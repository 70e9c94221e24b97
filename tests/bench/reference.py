# SPDX-License-Identifier: MIT
"""Detectors run by OpenCV DNN or ONNX Runtime, with pre- and post-processing in numpy.

Nothing here is shared with the library: sizes, means and the arithmetic of boxes are written down
again from the models' own documentation.
"""
import json
import os
import subprocess

import cv2
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def cells(side, stride):
    """Column and row of each cell, row by row."""
    n = side // stride
    y, x = np.mgrid[0:n, 0:n]
    return np.stack([x.ravel(), y.ravel()], 1).astype(np.float32)


def stretch(image, side):
    h, w = image.shape[:2]
    return cv2.resize(image, (side, side)), (w / side, h / side), (0, 0)


def letterbox(image, side, pad, centre):
    h, w = image.shape[:2]
    ratio = min(side / w, side / h)
    nw, nh = int(round(w * ratio)), int(round(h * ratio))
    x, y = ((side - nw) // 2, (side - nh) // 2) if centre else (0, 0)
    out = np.full((side, side, 3), pad, np.uint8)
    out[y:y + nh, x:x + nw] = cv2.resize(image, (nw, nh))
    return out, (w / nw, h / nh), (x, y)


def tensor(pixels, mean=(0, 0, 0), scale=(1, 1, 1), rgb=False):
    if rgb:
        pixels = pixels[:, :, ::-1]
    values = (pixels.astype(np.float32) - np.float32(mean)) * np.float32(scale)
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])


def best_class(boxes, scores):
    """One class a box."""
    classes = scores.argmax(1)
    return boxes, scores[np.arange(len(scores)), classes], classes


def distance_boxes(levels, side, offset):
    """NanoDet and PicoDet: four distances from a point, each the mean of a distribution over 0 to 7
    strides."""
    boxes, scores = [], []
    for stride, score, bins in levels:
        distance = (softmax(bins.reshape(-1, 4, 8)) * np.arange(8)).sum(-1) * stride
        point = cells(side, stride) * stride + offset(stride)
        boxes.append(np.concatenate([point - distance[:, :2], point + distance[:, 2:]], 1))
        scores.append(score.reshape(-1, score.shape[-1]))
    return best_class(np.concatenate(boxes), np.concatenate(scores))


class Yolox:
    name, path, side = "yolox-nano", "yolox-nano_onnx/yolox_nano.onnx", 416
    score, iou = 0.001, 0.65

    def prepare(self, image):
        pixels, scale, offset = letterbox(image, self.side, 114, centre=False)
        return tensor(pixels), scale, offset

    def decode(self, outputs):
        rows = outputs[0].reshape(-1, 85)
        grid = np.concatenate([cells(self.side, s) for s in (8, 16, 32)])
        stride = np.concatenate([np.full((self.side // s) ** 2, s) for s in (8, 16, 32)])[:, None]
        centre, half = (rows[:, :2] + grid) * stride, np.exp(rows[:, 2:4]) * stride / 2
        boxes = np.concatenate([centre - half, centre + half], 1)
        return best_class(boxes, rows[:, 4:5] * rows[:, 5:])


class NanoDet:
    name, path, side = "nanodet-m", "nanodet-m-416_onnx/object_detection_nanodet_2022nov.onnx", 416
    score, iou = 0.01, 0.6

    def prepare(self, image):
        pixels, scale, offset = letterbox(image, self.side, 0, centre=True)
        return tensor(pixels, (103.53, 116.28, 123.675),
                      (1 / 57.375, 1 / 57.12, 1 / 58.395)), scale, offset

    def decode(self, outputs):
        by_size = sorted(outputs, key=lambda o: (o.shape[-1] != 80, -o.size))
        levels = [(s, by_size[i], by_size[i + 3]) for i, s in enumerate((8, 16, 32))]
        return distance_boxes(levels, self.side, lambda s: (s - 1) / 2)


class NanoDetInt8(NanoDet):
    name = "nanodet-m-int8"
    path = "nanodet-m-416-int8_onnx/object_detection_nanodet_2022nov_int8.onnx"
    only_onnxruntime = True
    tolerance = 0.005  # its Resize of bytes cuts off where we round


class PicoDet:
    name, path, side = "picodet-s", "picodet-s-320_onnx/picodet_s_320_coco.onnx", 320
    score, iou = 0.01, 0.6

    def prepare(self, image):
        pixels, scale, offset = stretch(image, self.side)
        return tensor(pixels, (123.675, 116.28, 103.53), (1 / 58.395, 1 / 57.12, 1 / 57.375),
                      rgb=True), scale, offset

    def decode(self, outputs):
        by_size = sorted(outputs, key=lambda o: (o.shape[-1] != 80, -o.size))
        levels = [(s, by_size[i], by_size[i + 4]) for i, s in enumerate((8, 16, 32, 64))]
        return distance_boxes(levels, self.side, lambda s: s / 2)


class FastestDet:
    name, path, side = "fastestdet", "fastestdet_onnx/FastestDet.onnx", 352
    score, iou = 0.001, 0.45

    def prepare(self, image):
        pixels, scale, offset = stretch(image, self.side)
        return tensor(pixels, scale=(1 / 255,) * 3), scale, offset

    def decode(self, outputs):
        rows = outputs[0].reshape(85, -1).T
        centre = (np.tanh(rows[:, 1:3]) + cells(self.side, 16)) * 16
        half = sigmoid(rows[:, 3:5]) * self.side / 2
        boxes = np.concatenate([centre - half, centre + half], 1)
        return best_class(boxes, rows[:, :1] ** 0.6 * rows[:, 5:] ** 0.4)


class YoloFastest:
    name, side = "yolo-fastest-1.1", 320
    path = "yolo-fastest-1.1_coco_darknet/yolo-fastest-1.1.cfg"
    score, iou = 0.001, 0.45

    def prepare(self, image):
        pixels, scale, offset = stretch(image, self.side)
        return tensor(pixels, scale=(1 / 255,) * 3, rgb=True), scale, offset

    def decode(self, outputs):
        boxes, scores = [], []
        for output, stride, anchors in zip(sorted(outputs, key=lambda o: o.size), (32, 16), (
                ((115, 73), (119, 199), (242, 238)), ((12, 18), (37, 49), (52, 132)))):
            rows = output.reshape(-1, 3, 85)
            centre = (sigmoid(rows[..., :2]) + cells(self.side, stride)[:, None]) * stride
            half = np.exp(rows[..., 2:4]) * np.float32(anchors) / 2
            boxes.append(np.concatenate([centre - half, centre + half], -1).reshape(-1, 4))
            scores.append((sigmoid(rows[..., 4:5]) * sigmoid(rows[..., 5:])).reshape(-1, 80))
        return best_class(np.concatenate(boxes), np.concatenate(scores))


# The classes of COCO, by the numbers that its annotations give them.
CATEGORIES = [i for i in range(1, 91) if i not in (12, 26, 29, 30, 45, 66, 68, 69, 71, 83)]

MODELS = [Yolox(), NanoDet(), NanoDetInt8(), PicoDet(), FastestDet(), YoloFastest()]


def suppress(boxes, scores, classes, iou, limit):
    """Greedy non-maximum suppression within each class; indices of the kept, best first."""
    order = np.argsort(-scores, kind="stable")
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    while len(order) and len(kept) < limit:
        best, rest = order[0], order[1:]
        kept.append(best)
        low = np.maximum(boxes[best, :2], boxes[rest, :2])
        high = np.minimum(boxes[best, 2:], boxes[rest, 2:])
        inter = np.clip(high - low, 0, None).prod(1)
        overlap = inter / (area[best] + area[rest] - inter)
        order = rest[(classes[rest] != classes[best]) | ~(overlap > iou)]
    return kept


def detect(model, forward, image, limit=300):
    """Rows of x0, y0, x1, y1 in the image, score, class."""
    values, scale, offset = model.prepare(image)
    boxes, scores, classes = model.decode(forward(values))
    passed = scores > model.score
    boxes, scores, classes = boxes[passed], scores[passed], classes[passed]
    kept = suppress(boxes, scores, classes, model.iou, limit)
    boxes = (boxes[kept] - np.tile(offset, 2)) * np.tile(scale, 2)
    h, w = image.shape[:2]
    boxes = np.clip(boxes, 0, (w, h, w, h))
    return np.concatenate([boxes, scores[kept, None], classes[kept, None]], 1)


def opencv(path):
    """The network in OpenCV DNN, as a function from input to outputs."""
    if path.endswith(".cfg"):
        net = cv2.dnn.readNetFromDarknet(path, os.path.splitext(path)[0] + ".weights")
        # What goes into the yolo layers, channels last: they themselves drop scores below 0.2.
        layers = net.getLayerNames()
        names = [layers[i - 1] for i, name in enumerate(layers) if name.startswith("yolo")]
    else:
        net = cv2.dnn.readNetFromONNX(path)
        names = net.getUnconnectedOutLayersNames()

    def forward(values):
        net.setInput(values)
        return [np.array(output) for output in net.forward(names)]

    return forward


def onnxruntime(path, modules):
    """The same in ONNX Runtime, by way of Node.js."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ort_forward.mjs")
    child = subprocess.Popen(["node", script, modules, path], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE)

    def forward(values):
        child.stdin.write(values.tobytes())
        child.stdin.flush()
        shapes = json.loads(child.stdout.readline())
        return [np.frombuffer(child.stdout.read(4 * int(np.prod(shape))), np.float32).reshape(shape)
                for shape in shapes]

    return forward
