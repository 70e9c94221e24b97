#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes heads.h: outputs of imaginary networks, and the boxes that they mean.

The outputs are noise from a linear congruential generator, which test_heads.c runs as well; the
boxes are worked out here in numpy from the papers and the published post-processing of each
family.  Run in this directory."""
import numpy as np


def noise(seed, shape, low, high):
    state, values = seed, np.empty(int(np.prod(shape)), np.float64)
    for i in range(values.size):
        state = (state * 1664525 + 1013904223) & 0xffffffff
        values[i] = state >> 8
    return (values / 2 ** 24 * (high - low) + low).astype(np.float32).reshape(shape)


def sigmoid(x):
    return 1 / (1 + np.exp(-x.astype(np.float64)))


def softmax(x):
    e = np.exp(x.astype(np.float64) - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def grid(width, height, stride):
    y, x = np.mgrid[0:-(-height // stride), 0:-(-width // stride)]
    return np.stack([x.ravel(), y.ravel()], 1).astype(np.float64)


def from_centre(centre, size):
    return np.concatenate([centre - size / 2, centre + size / 2], -1)


class Case:
    def __init__(self, name, family, width, height, labels=0, activation="IDENTITY"):
        self.name, self.family, self.width, self.height = name, family, width, height
        self.labels, self.activation = labels, activation
        self.outputs, self.metadata, self.params = [], [], {"first_class": -1}
        self.boxes, self.scores, self.points = [], [], []

    def output(self, shape, low=-6, high=2, origin="0", name="o"):
        seed = 1000 * len(self.name) + 17 * len(self.outputs) + sum(shape)
        self.outputs.append((name, shape, low, high, seed, origin))
        return noise(seed, shape, low, high)

    def add(self, boxes, scores, points=None):
        """Boxes as corners, a row of class scores each."""
        self.boxes.append(boxes.reshape(-1, 4))
        self.scores.append(scores.reshape(len(self.boxes[-1]), -1))
        if points is not None:
            self.points.append(points)

    def write(self, out, wanted=12):
        boxes, scores = np.concatenate(self.boxes), np.concatenate(self.scores)
        classes, best = scores.argmax(1), scores.max(1)
        # Of corners that are noise some boxes are inside out, which suppression drops.
        best = np.where((boxes[:, 2:] > boxes[:, :2]).all(1), best, -1)
        order = np.argsort(-best, kind="stable")
        assert best[order[wanted]] > 0
        threshold = (best[order[wanted - 1]] + best[order[wanted]]) / 2
        field = lambda key, value: out.write("\t\t.%s = %s,\n" % (key, value))
        out.write("\t{\n")
        field("name", '"%s"' % self.name)
        field("family", '"%s"' % self.family)
        field("width", self.width)
        field("height", self.height)
        field("num_labels", self.labels)
        field("activation", "EDGE_FUNC_" + self.activation)
        field("threshold", "%.8g" % threshold)
        out.write("\t\t.outputs = {\n")
        for name, shape, low, high, seed, origin in self.outputs:
            out.write('\t\t\t{ "%s", %d, { %s }, %.8g, %.8g, %du, %s },\n' % (
                name, len(shape), ", ".join(map(str, shape)), low, high, seed, origin))
        out.write("\t\t},\n")
        field("num_outputs", len(self.outputs))
        if self.metadata:
            out.write("\t\t.metadata = {\n")
            for entry in self.metadata:
                out.write('\t\t\t{ "%s", "%s" },\n' % entry)
            out.write("\t\t},\n")
            field("num_metadata", len(self.metadata))
        for key, value in self.params.items():
            field("params." + key, value)
        out.write("\t\t.boxes = {\n")
        for i in order[:wanted]:
            out.write("\t\t\t{ %.7g, %.7g, %.7g, %.7g, %.7g, %d },\n" % (
                *boxes[i], best[i], classes[i]))
        out.write("\t\t},\n")
        if self.points:
            points = np.concatenate(self.points)
            out.write("\t\t.points = {\n")
            for i in order[:wanted]:
                out.write("\t\t\t{ %s },\n" % ", ".join("%.7g" % p for p in points[i]))
            out.write("\t\t},\n")
        out.write("\t},\n")


def anchors(case, raw, stride, sizes, xy_scale=1.0, square=False, done=False, classes=sigmoid):
    """raw: [h * w, anchors, 5 + classes]"""
    act = (lambda v: v.astype(np.float64)) if done else sigmoid
    centre = act(raw[..., :2]) * xy_scale - (xy_scale - 1) / 2
    centre = (centre + grid(case.width, case.height, stride)[:, None]) * stride
    size = (2 * act(raw[..., 2:4])) ** 2 if square else np.exp(raw[..., 2:4].astype(np.float64))
    scores = act(raw[..., 4:5]) * (classes(raw[..., 5:]) if not done else raw[..., 5:])
    case.add(from_centre(centre, size * np.array(sizes)), scores)


def planes(array, count):
    """[1, A * n, h, w] to [h * w, A, n]"""
    return array.reshape(count, array.shape[1] // count, -1).transpose(2, 0, 1)


def darknet(case, index, kind, classes, sizes, scale=1, new=0):
    for key, value in (("type", kind), ("classes", classes),
                       ("anchors", ",  ".join("%g,%g" % tuple(s) for s in sizes)),
                       ("scale_x_y", "%g" % scale), ("new_coords", new)):
        case.metadata.append(("darknet.head.%d.%s" % (index, key), value))


def yolov3_darknet():
    case = Case("Darknet, two yolo layers", "yolov3", 96, 64)
    for i, (stride, sizes) in enumerate(((32, ((81, 82), (135, 169), (344, 319))),
                                         (16, ((10, 14), (23, 27), (37, 58))))):
        darknet(case, i, "yolo", 2, sizes, 1.05)
        raw = case.output((1, 21, 64 // stride, 96 // stride))
        anchors(case, planes(raw, 3), stride, sizes, 1.05)
    return case


def yolov4_new_coords():
    case = Case("Darknet, new coordinates", "yolov3", 64, 64)
    sizes = ((12, 16), (19, 36), (40, 28))
    darknet(case, 0, "yolo", 3, sizes, 2, 1)
    anchors(case, planes(case.output((1, 24, 8, 8), 0, 1), 3), 8, sizes, 2.0, True, True)
    return case


def yolov2_darknet():
    case = Case("Darknet, a region layer", "yolov2", 64, 96)
    sizes = ((0.5, 0.75), (1.75, 2), (3.25, 5.5))
    darknet(case, 0, "region", 4, sizes)
    case.metadata.append(("darknet.head.0.softmax", "1"))
    anchors(case, planes(case.output((1, 27, 3, 2), -3, 3), 3), 32, np.array(sizes) * 32,
            classes=softmax)
    return case


YOLOV3 = ((8, ((10, 13), (16, 30), (33, 23))), (16, ((30, 61), (62, 45), (59, 119))),
          (32, ((116, 90), (156, 198), (373, 326))))
YOLOV4 = ((8, ((12, 16), (19, 36), (40, 28))), (16, ((36, 75), (76, 55), (72, 146))),
          (32, ((142, 110), (192, 243), (459, 401))))


def anchor_maps(name, family, activation, table, square=False, five=False):
    case = Case(name, family, 64, 96, labels=3, activation=activation)
    for stride, sizes in reversed(table):
        h, w = 96 // stride, 64 // stride
        if five:
            raw = case.output((1, 3, h, w, 8)).reshape(3, h * w, 8).transpose(1, 0, 2)
        else:
            raw = planes(case.output((1, 24, h, w)), 3)
        anchors(case, raw, stride, sizes, 2.0 if square else 1.0, square)
    return case


def card_anchors():
    case = Case("anchors and strides of a card", "yolov3", 64, 64, labels=1)
    case.params |= {"family": '"yolov3"', "num_strides": 1, "strides": "{ 4 }",
                    "num_anchors": "{ 2 }", "anchors": "{ { { 5, 6 }, { 9, 7 } } }"}
    anchors(case, planes(case.output((1, 12, 16, 16)), 2), 4, ((5, 6), (9, 7)))
    return case


def yolov5():
    case = Case("YOLOv5 decoded", "yolov5", 64, 64, labels=4)
    rows = case.output((1, 3 * 84, 9), 0, 1)[0]
    case.add(from_centre(rows[:, :2], rows[:, 2:4]), rows[:, 4:5] * rows[:, 5:])
    return case


def yolov8(transposed):
    case = Case("YOLOv8 decoded" + ", transposed" * transposed, "yolov8", 64, 64, labels=5)
    shape = (1, 84, 9) if transposed else (1, 9, 84)
    rows = case.output(shape, 0, 1, "EDGE_ORIGIN_ARITHMETIC | EDGE_ORIGIN_SIGMOID")[0]
    rows = rows if transposed else rows.T
    case.add(from_centre(rows[:, :2], rows[:, 2:4]), rows[:, 4:])
    return case


def yolov8_more_channels():
    case = Case("YOLOv8 for segmentation", "yolov8", 64, 64, labels=2)
    rows = case.output((1, 38, 84), 0, 1)[0].T
    case.output((1, 32, 16, 16))
    case.add(from_centre(rows[:, :2], rows[:, 2:4]), rows[:, 4:6])
    return case


def distances(case, stride, bins, scores, point):
    """bins: [cells, 4, n]"""
    n = bins.shape[-1]
    sides = (softmax(bins) * np.arange(n)).sum(-1) * stride
    at = grid(case.width, case.height, stride) * stride + point
    case.add(np.concatenate([at - sides[:, :2], at + sides[:, 2:]], 1), scores)


def yolov8_raw(joined):
    case = Case("YOLOv8 cut off, %s outputs" % ("three" if joined else "six"), "yolov8", 64, 96,
                labels=7)
    for stride in (8, 16, 32):
        h, w = 96 // stride, 64 // stride
        if joined:
            raw = case.output((1, 71, h, w))[0].reshape(71, -1)
            bins, scores = raw[:64], raw[64:]
        else:
            bins = case.output((1, 64, h, w))[0].reshape(64, -1)
            scores = case.output((1, 7, h, w))[0].reshape(7, -1)
        distances(case, stride, bins.reshape(4, 16, -1).transpose(2, 0, 1), sigmoid(scores.T),
                  stride / 2)
    return case


def yolox(decoded, classes=3):
    case = Case("YOLOX, %d classes" % classes + " decoded" * decoded, "yolox", 96, 64,
                labels=classes if classes != 80 else 0)
    origin = "EDGE_ORIGIN_WEIGHTS | EDGE_ORIGIN_SIGMOID"
    if decoded:
        origin += " | EDGE_ORIGIN_ARITHMETIC | EDGE_ORIGIN_EXP"
    rows = case.output((1, 126, 5 + classes), 0, 1, origin)[0].astype(np.float64)
    centre, size = rows[:, :2], rows[:, 2:4]
    if not decoded:
        cells = np.concatenate([grid(96, 64, s) for s in (8, 16, 32)])
        stride = np.concatenate([[s] * (96 * 64 // s // s) for s in (8, 16, 32)])[:, None]
        centre, size = (centre + cells) * stride, np.exp(size) * stride
    case.add(from_centre(centre, size), rows[:, 4:5] * rows[:, 5:])
    return case


def yolov6():
    case = Case("YOLOv6", "yolov6", 96, 64, labels=3)
    rows = case.output((1, 126, 8), 0, 1, "EDGE_ORIGIN_WEIGHTS | EDGE_ORIGIN_SIGMOID | "
                       "EDGE_ORIGIN_ARITHMETIC")[0].astype(np.float64)
    case.add(from_centre(rows[:, :2], rows[:, 2:4]), rows[:, 4:5] * rows[:, 5:])
    return case


def yolox_maps():
    case = Case("YOLOX, an output a stride", "yolox", 96, 64, labels=3)
    for stride in (8, 16, 32):
        raw = case.output((1, 8, 64 // stride, 96 // stride))[0].reshape(8, -1).T
        centre = (raw[:, :2] + grid(96, 64, stride)) * stride
        case.add(from_centre(centre, np.exp(raw[:, 2:4].astype(np.float64)) * stride),
                 sigmoid(raw[:, 4:5]) * sigmoid(raw[:, 5:]))
    return case


def yolox_parts():
    case = Case("YOLOX, three outputs a stride", "yolox", 96, 64)
    for stride in (8, 16, 32):
        h, w = 64 // stride, 96 // stride
        raw = [case.output((1, n, h, w))[0].reshape(n, -1).T for n in (1, 6, 4)]
        centre = (raw[2][:, :2] + grid(96, 64, stride)) * stride
        case.add(from_centre(centre, np.exp(raw[2][:, 2:].astype(np.float64)) * stride),
                 sigmoid(raw[0]) * sigmoid(raw[1]))
    return case


def coco_maps(name, family, activation, channels):
    """Maps for 80 classes whose number of channels other families could have as well."""
    case = Case(name, family, 64, 64, activation=activation)
    for stride in (8, 16, 32):
        n = 64 // stride
        raw = case.output((1, channels, n, n), -6, 2, "EDGE_ORIGIN_WEIGHTS")
        flat = raw[0].reshape(channels, -1).T
        if family == "yolov5":
            anchors(case, planes(raw, 3), stride, dict(YOLOV3)[stride], 2.0, True)
        elif family == "yolov8":
            distances(case, stride, flat[:, :64].reshape(-1, 4, 16), sigmoid(flat[:, 64:]),
                      stride / 2)
        else:
            distances(case, stride, flat[:, 80:].reshape(-1, 4, 8), sigmoid(flat[:, :80]),
                      (stride - 1) / 2)
    return case


def nanodet_two():
    case = Case("NanoDet, two outputs for COCO", "nanodet", 64, 64)
    scores = np.split(case.output((1, 84, 80), 0, 1)[0], (64, 80))
    bins = np.split(case.output((1, 84, 32))[0], (64, 80))
    for stride, score, part in zip((8, 16, 32), scores, bins):
        distances(case, stride, part.reshape(-1, 4, 8), score, (stride - 1) / 2)
    return case


def nanodet(name, family, strides, classes, order, point):
    case = Case(name, family, 64, 64, labels=classes if classes != 80 else 0)
    cells = [(-(-64 // s)) ** 2 for s in strides]
    if order == "rows":
        rows = case.output((1, sum(cells), classes + 32), 0, 1)[0]
        parts = np.split(rows, np.cumsum(cells)[:-1])
        parts = [(p[:, :classes], p[:, classes:]) for p in parts]
    else:
        scores = [case.output((1, n, classes), 0, 1)[0] for n in cells]
        parts = list(zip(scores, [case.output((1, n, 32))[0] for n in cells]))
    for stride, (scores, bins) in zip(strides, parts):
        distances(case, stride, bins.reshape(-1, 4, 8), scores, point(stride))
    return case


def fastestdet():
    case = Case("FastestDet", "fastestdet", 96, 64, labels=4)
    raw = case.output((1, 9, 4, 6), 0, 1,
                      "EDGE_ORIGIN_WEIGHTS | EDGE_ORIGIN_SIGMOID | EDGE_ORIGIN_SOFTMAX")
    raw = raw[0].reshape(9, -1).T.astype(np.float64)
    centre = (np.tanh(raw[:, 1:3]) + grid(96, 64, 16)) * 16
    case.add(from_centre(centre, sigmoid(raw[:, 3:5]) * [96, 64]),
             raw[:, :1] ** 0.6 * raw[:, 5:] ** 0.4)
    return case


def priors(levels):
    """levels: stride, cells, sizes; centre and size of each default box."""
    out = []
    for stride, (nx, ny), sizes in levels:
        y, x = np.mgrid[0:ny, 0:nx]
        for cx, cy in zip(x.ravel(), y.ravel()):
            for w, h in sizes:
                out.append(((cx + 0.5) * stride, (cy + 0.5) * stride, w, h))
    return np.array(out)


def apply_deltas(raw, prior):
    raw = raw.astype(np.float64)
    return from_centre(prior[:, :2] + raw[:, :2] * 0.1 * prior[:, 2:],
                       np.exp(raw[:, 2:] * 0.2) * prior[:, 2:])


def ratio_sizes(side, ratios):
    return [(side * r ** 0.5, side / r ** 0.5) for r in ratios]


def ssd_tensorflow():
    case = Case("SSD as TensorFlow trains it", "ssd", 300, 300, labels=2)
    raw = case.output((1, 1917, 1, 4), -2, 2, "EDGE_ORIGIN_WEIGHTS").reshape(-1, 4)
    scores = case.output((1, 1917, 3), -3, 3, "EDGE_ORIGIN_SIGMOID")[0]
    levels = []
    scales = list(np.linspace(0.2, 0.95, 6)) + [1.0]
    for i, n in enumerate((19, 10, 5, 3, 2, 1)):
        if i == 0:
            sizes = [(30, 30)] + ratio_sizes(60, (2, 0.5))
        else:
            sizes = ratio_sizes(scales[i] * 300, (1, 2, 0.5, 3, 1 / 3))
            sizes.append(((scales[i] * scales[i + 1]) ** 0.5 * 300,) * 2)
        levels.append((300 / n, (n, n), sizes))
    case.add(apply_deltas(raw[:, [1, 0, 3, 2]], priors(levels)), scores[:, 1:])
    return case


def ssd_mobile(count):
    case = Case("SSD, %d default boxes" % count, "ssd", 300, 300, labels=4)
    scores = case.output((1, count, 5), -4, 4, "EDGE_ORIGIN_WEIGHTS")[0]
    raw = case.output((1, count, 4), -2, 2, "EDGE_ORIGIN_WEIGHTS")[0]
    if count == 3000:
        strides, cells = (16, 32, 64, 100, 150, 300), (19, 10, 5, 3, 2, 1)
        sides, wide = (60, 105, 150, 195, 240, 285, 330), (1, 1, 1, 1, 1, 1)
    else:
        strides, cells = (8, 16, 32, 64, 100, 300), (38, 19, 10, 5, 3, 1)
        sides, wide = (30, 60, 111, 162, 213, 264, 315), (0, 1, 1, 1, 0, 0)
    levels = []
    for i in range(6):
        sizes = [(sides[i],) * 2, ((sides[i] * sides[i + 1]) ** 0.5,) * 2]
        sizes += ratio_sizes(sides[i], (2, 1 / 2, 3, 1 / 3) if wide[i] else (2, 1 / 2))
        levels.append((strides[i], (cells[i],) * 2, sizes))
    case.add(apply_deltas(raw, priors(levels)), softmax(scores)[:, 1:])
    return case


def ultraface(decoded):
    case = Case("UltraFace" + " decoded" * decoded, "ultraface", 320, 240)
    scores = case.output((1, 4420, 2), 0, 1, "EDGE_ORIGIN_SOFTMAX")[0]
    origin = "EDGE_ORIGIN_WEIGHTS" + " | EDGE_ORIGIN_EXP" * decoded
    raw = case.output((1, 4420, 4), 0, 1, origin)[0]
    levels = [(8, (40, 30), ((10, 10), (16, 16), (24, 24))), (16, (20, 15), ((32, 32), (48, 48))),
              (32, (10, 8), ((64, 64), (96, 96))),
              (64, (5, 4), ((128, 128), (192, 192), (256, 256)))]
    boxes = raw * [320, 240, 320, 240] if decoded else apply_deltas(raw, priors(levels))
    case.add(boxes, scores[:, 1:])
    return case


def yunet():
    case = Case("YuNet", "yunet", 96, 64)
    levels = [(s, (64 // s) * (96 // s)) for s in (8, 16, 32)]
    scores = [case.output((1, n, 1), 0, 1, name="cls_%d" % s)[0] for s, n in levels]
    objects = [case.output((1, n, 1), 0, 1, name="obj_%d" % s)[0] for s, n in levels]
    raws = [case.output((1, n, 4), -1, 1, name="bbox_%d" % s)[0] for s, n in levels]
    points = [case.output((1, n, 10), -1, 1, name="kps_%d" % s)[0] for s, n in levels]
    for (stride, n), score, obj, raw, point in zip(levels, scores, objects, raws, points):
        cells = grid(96, 64, stride)
        case.add(from_centre((raw[:, :2] + cells) * stride,
                             np.exp(raw[:, 2:].astype(np.float64)) * stride),
                 np.sqrt(score.astype(np.float64) * obj),
                 ((point.reshape(-1, 5, 2) + cells[:, None]) * stride).reshape(-1, 10))
    return case


def blazeface(side, levels):
    case = Case("BlazeFace, %d pixels" % side, "blazeface", side, side)
    centres = np.concatenate([np.repeat((grid(side, side, stride) + 0.5) * stride, n, 0)
                              for stride, n in levels])
    raw = case.output((1, len(centres), 16), -30, 60, name="regressors")[0].astype(np.float64)
    scores = case.output((1, len(centres), 1), -9, 5, name="classificators")[0]
    points = raw[:, 4:].reshape(-1, 6, 2) + centres[:, None]
    case.add(from_centre(centres + raw[:, :2], raw[:, 2:4]), sigmoid(scores),
             points.reshape(-1, 12))
    return case


def detections(first):
    case = Case("detections, classes from %d" % first, "detections", 96, 64)
    count = int(case.output((1,), 90, 110, name="x_num_detections:0")[0])
    numbers = case.output((1, 120), -3, 95, name="x_detection_classes:0")[0]
    scores = case.output((1, 120), 0, 1, name="x_detection_scores:0")[0]
    boxes = case.output((1, 120, 4), 0, 1, name="x_detection_boxes:0")[0]
    if first != 1:
        case.params["first_class"] = first
    classes = np.floor(numbers - np.float32(first)).astype(int)
    known = (classes >= 0) & (classes < 90) & (np.arange(120) < count)
    case.add((boxes[:, [1, 0, 3, 2]] * [96, 64, 96, 64])[known],
             np.eye(90)[classes[known]] * scores[known, None])
    return case


def classifier(logits, shape):
    case = Case("a classifier of " + ("logits" if logits else "probabilities"), "classifier",
                96, 64, labels=20)
    numbers = case.output(shape, *((-3, 3, "EDGE_ORIGIN_WEIGHTS") if logits else
                                   (0, 0.3, "EDGE_ORIGIN_SOFTMAX"))).ravel()
    scores = softmax(numbers) if logits else numbers
    for index, score in enumerate(scores):
        case.add(np.array([0.0, 0, 96, 64]), np.eye(20)[index] * score)
    return case


CASES = [
    yolov3_darknet(), yolov4_new_coords(), yolov2_darknet(),
    anchor_maps("YOLOv3 maps", "yolov3", "LEAKY_RELU", YOLOV3),
    anchor_maps("YOLOv4 maps", "yolov3", "MISH", YOLOV4),
    anchor_maps("YOLOv5 maps", "yolov5", "SILU", YOLOV3, True),
    anchor_maps("YOLOv5, five dimensions", "yolov5", "SILU", YOLOV3, True, True),
    card_anchors(), yolov5(), yolov8(False), yolov8(True), yolov8_more_channels(), yolov8_raw(True),
    yolov8_raw(False), yolox(False), yolox(True), yolov6(), yolox_maps(), yolox(False, 80),
    nanodet("NanoDet", "nanodet", (8, 16, 32), 6, "maps", lambda s: (s - 1) / 2),
    nanodet("NanoDet, one output", "nanodet", (8, 16, 32), 6, "rows", lambda s: (s - 1) / 2),
    nanodet("NanoDet, one output for COCO", "nanodet", (8, 16, 32), 80, "rows",
            lambda s: (s - 1) / 2),
    nanodet("NanoDet-Plus", "nanodet", (8, 16, 32, 64), 6, "rows", lambda s: 0),
    nanodet("PicoDet", "picodet", (8, 16, 32, 64), 6, "maps", lambda s: s / 2),
    yolox_parts(), coco_maps("YOLOv5 maps for COCO", "yolov5", "SILU", 255),
    coco_maps("YOLOv8 maps for COCO", "yolov8", "SILU", 144),
    coco_maps("NanoDet maps for COCO", "nanodet", "LEAKY_RELU", 112), nanodet_two(),
    fastestdet(), ssd_tensorflow(), ssd_mobile(3000), ssd_mobile(8732), ultraface(False),
    ultraface(True), yunet(),
    blazeface(128, ((8, 2), (16, 6))), blazeface(192, ((4, 1),)),
    detections(1), detections(0),
    classifier(True, (1, 20)), classifier(False, (1, 20, 1, 1)),
]

with open("heads.h", "w") as header:
    header.write("/* SPDX-License-Identifier: MIT */\n/* Written by make-heads.py. */\n")
    header.write("static const struct head_case cases[] = {\n")
    for made in CASES:
        made.write(header)
    header.write("};\n")
