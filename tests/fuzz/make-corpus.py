#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes what the fuzzers begin with: make-corpus.py BUILD-FOLDER.

Small files of every format, most of them put together here byte by byte; pictures come from
edge-scene and edgectl.  The result is kept in corpus/; programs are not, as their format changes:
run.py and the tests compile them from the ONNX models."""
import io
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

# ONNX: protocol buffers by hand -----------------------------------------------------------------

FLOAT, UINT8, INT8, INT32, INT64, BOOL, FLOAT16 = 1, 2, 3, 6, 7, 9, 10
LETTERS = {"f": FLOAT, "B": UINT8, "b": INT8, "i": INT32, "q": INT64, "?": BOOL, "e": FLOAT16}


def varint(value):
    value &= (1 << 64) - 1
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, body):
    body = body.encode() if isinstance(body, str) else body
    return varint(field << 3 | 2) + varint(len(body)) + body


def tensor(name, letter, dims, values=None):
    count = 1
    for dim in dims:
        count *= dim
    if values is None:
        values = [(i * 7 % 11 - 3) / (4 if letter in "fe" else 1) for i in range(count)]
        if letter in "B?":
            values = [abs(int(value)) % 2 for value in values]
        elif letter not in "fe":
            values = [int(value) for value in values]
    raw = struct.pack("<%d%s" % (count, letter), *values)
    return (b"".join(number(1, dim) for dim in dims) + number(2, LETTERS[letter]) +
            block(8, name) + block(9, raw))


def declaration(name, letter, dims):
    shape = b"".join(block(1, number(1, dim) if dim is not None else block(2, "n"))
                     for dim in dims or [])
    kind = number(1, LETTERS[letter]) + (block(2, shape) if dims is not None else b"")
    return block(1, name) + block(2, block(1, kind))


def attribute(name, value):
    if isinstance(value, str):
        return block(1, name) + block(4, value) + number(20, 3)
    if isinstance(value, bytes):
        return block(1, name) + block(5, value) + number(20, 4)
    if isinstance(value, float):
        return block(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + number(20, 1)
    if isinstance(value, int):
        return block(1, name) + number(3, value) + number(20, 2)
    if value and isinstance(value[0], float):
        floats = b"".join(varint(7 << 3 | 5) + struct.pack("<f", v) for v in value)
        return block(1, name) + floats + number(20, 6)
    return block(1, name) + b"".join(number(8, v) for v in value) + number(20, 7)


def node(text, **attributes):
    """'Op a b -> c d'; '-' is an input that is left out; 'domain:Op'."""
    head, outputs = text.split(" -> ")
    op, *inputs = head.split()
    domain, _, op = op.rpartition(":")
    out = b"".join(block(1, "" if name == "-" else name) for name in inputs)
    out += b"".join(block(2, name) for name in outputs.split())
    out += block(3, "n") + block(4, op)
    out += b"".join(block(5, attribute(name, value)) for name, value in attributes.items())
    return out + (block(7, domain) if domain else b"")


def model(nodes, inputs, constants=(), outputs=("y",), opset=16, metadata=()):
    graph = b"".join(block(1, body) for body in nodes) + block(2, "g")
    graph += b"".join(block(5, tensor(*constant)) for constant in constants)
    graph += b"".join(block(11, declaration(*entry)) for entry in inputs)
    graph += b"".join(block(12, declaration(name, "f", None)) for name in outputs)
    out = number(1, 8) + block(2, "make-corpus") + block(7, graph)
    out += block(8, block(1, "") + number(2, opset))
    return out + b"".join(block(14, block(1, key) + block(2, value)) for key, value in metadata)


IMAGE = ("x", "f", [1, 4, 6, 6])
PAIR = ("x", "f", [2, 3])


def operators():
    """A model for each operator, or for several that take the same."""
    unary = "Abs Acos Asinh Atan Ceil Cos Erf Exp Floor Identity Log Neg Reciprocal Round Sign " \
            "Sin Sqrt Tanh Relu Sigmoid Softplus Softsign HardSwish Mish Dropout".split()
    yield "unary", model([node("%s %s -> %s" % (op, "x" if not i else "t%d" % i,
                                                "y" if i + 1 == len(unary) else "t%d" % (i + 1)))
                          for i, op in enumerate(unary)], [PAIR], opset=20)
    yield "activations", model(
        [node("LeakyRelu x -> a", alpha=0.1), node("Elu a -> b", alpha=0.5),
         node("HardSigmoid b -> c", alpha=0.2, beta=0.5), node("Selu c -> d"), node("Celu d -> e"),
         node("ThresholdedRelu e -> f", alpha=0.1), node("Shrink f -> g", bias=0.1, lambd=0.2),
         node("Clip g low high -> h"), node("PRelu h slope -> i"), node("Gelu i -> y")],
        [IMAGE], [("low", "f", []), ("high", "f", [], [6.0]), ("slope", "f", [4, 1, 1])], opset=20)
    yield "binary", model(
        [node("Add x w -> a"), node("Sub a w -> b"), node("Mul b w -> c"), node("Div c w -> d"),
         node("Pow d w -> e"), node("Max e w x -> f"), node("Min f w -> g"), node("Mod g w -> h", fmod=1),
         node("Sum h w -> i"), node("Mean i w -> y")], [PAIR], [("w", "f", [3])])
    yield "logic", model(
        [node("Greater x w -> a"), node("Less x w -> b"), node("And a b -> c"), node("Or a c -> d"),
         node("Xor c d -> e"), node("Not e -> f"), node("Equal x w -> g"), node("GreaterOrEqual x w -> h"),
         node("Where h x w -> i"), node("IsNaN x -> j"), node("IsInf x -> k"), node("Where g i x -> y")],
        [PAIR], [("w", "f", [3])], outputs=["y", "f", "j", "k"])
    yield "integers", model(
        [node("Cast x -> a", to=INT32), node("BitShift s t -> b", direction="LEFT"), node("Mul a a -> c"),
         node("Div c d -> e"), node("Mod e d -> f"), node("CastLike f x -> g"), node("Add g x -> y")],
        [PAIR, ("s", "B", [2]), ("t", "B", [2])], [("d", "i", [3])], outputs=["y", "b"])
    yield "conv", model(
        [node("Conv x w b -> a", kernel_shape=[3, 3], pads=[1, 1, 1, 1]), node("Relu a -> c"),
         node("BatchNormalization c s s s v -> d", epsilon=0.001),
         node("Conv d g -> e", group=4, strides=[2, 2], auto_pad="SAME_UPPER"), node("Sigmoid e -> f"),
         node("Mul e f -> h"), node("Conv h p -> y")],
        [IMAGE], [("w", "f", [4, 4, 3, 3]), ("b", "f", [4]), ("s", "f", [4]),
                  ("v", "f", [4], [1.0, 2.0, 3.0, 4.0]), ("g", "f", [4, 1, 3, 3]), ("p", "f", [8, 4, 1, 1])])
    yield "conv1d", model([node("Conv x w -> y", dilations=[2], pads=[2, 2])], [("x", "f", [1, 2, 9])],
                          [("w", "f", [3, 2, 3])])
    yield "conv3d", model([node("Conv x w -> y", strides=[1, 2, 1])], [("x", "f", [1, 1, 3, 4, 4])],
                          [("w", "f", [2, 1, 2, 2, 2])])
    yield "conv-transpose", model(
        [node("ConvTranspose x w b -> a", strides=[2, 2], output_padding=[1, 1], pads=[1, 1, 1, 1]),
         node("ConvTranspose a v -> y", group=2, output_shape=[20, 20])],
        [("x", "f", [1, 2, 4, 4])], [("w", "f", [2, 4, 3, 3]), ("b", "f", [4]), ("v", "f", [4, 1, 2, 2])])
    yield "conv-f16", model([node("Conv x w -> y")], [("x", "e", [1, 2, 4, 4])], [("w", "e", [3, 2, 1, 1])])
    yield "pools", model(
        [node("MaxPool x -> a i", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
         node("AveragePool a -> b", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1),
         node("LpPool b -> c", kernel_shape=[2, 2], p=2), node("GlobalAveragePool c -> d"),
         node("GlobalMaxPool x -> e"), node("GlobalLpPool x -> f"), node("Concat d e f -> y", axis=1)],
        [IMAGE], outputs=["y", "i"])
    yield "norms", model(
        [node("InstanceNormalization x s s -> a"), node("LRN a -> b", size=3, alpha=0.1, bias=1.0),
         node("MeanVarianceNormalization b -> c", axes=[0, 2, 3]), node("LayerNormalization c l l -> y m d", axis=-1)],
        [IMAGE], [("s", "f", [4]), ("l", "f", [6])], outputs=["y", "m", "d"], opset=17)
    yield "matmul", model(
        [node("MatMul x w -> a"), node("Gemm a v b -> c", alpha=0.5, transB=1), node("Softmax c -> d"),
         node("LogSoftmax d -> e", axis=0), node("Hardmax e -> y")],
        [PAIR], [("w", "f", [3, 4]), ("v", "f", [5, 4]), ("b", "f", [5])])
    yield "matmul-batch", model([node("MatMul x w -> y")], [("x", "f", [2, 1, 3, 4])], [("w", "f", [3, 4, 2])])
    reduce = "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd " \
             "ReduceSumSquare".split()
    yield "reduce", model([node("%s x -> r%d" % (op, i), axes=[i % 3 + 1], keepdims=i & 1)
                           for i, op in enumerate(reduce)] + [node("ReduceSum x axes -> y")],
                          [IMAGE], [("axes", "q", [2], [1, -1])],
                          outputs=["r%d" % i for i in range(len(reduce))] + ["y"])
    yield "order", model(
        [node("ArgMax x -> a", axis=1), node("ArgMin x -> b", axis=0, keepdims=0, select_last_index=1),
         node("TopK x k -> c d", axis=-1, largest=0), node("CumSum c axis -> y", reverse=1)],
        [PAIR], [("k", "q", [1], [2]), ("axis", "q", [], [1])], outputs=["y", "a", "b", "d"])
    yield "resize", model(
        [node("Resize x - s -> a", mode="linear", coordinate_transformation_mode="half_pixel"),
         node("Resize a - - z -> b", mode="nearest", nearest_mode="floor", coordinate_transformation_mode="asymmetric"),
         node("Resize b - s -> c", mode="cubic", exclude_outside=1),
         node("Resize c roi s -> y", mode="linear", coordinate_transformation_mode="tf_crop_and_resize")],
        [("x", "f", [1, 1, 3, 3])],
        [("s", "f", [4], [1.0, 1.0, 1.5, 2.0]), ("z", "q", [4], [1, 1, 5, 4]),
         ("roi", "f", [8], [0.0, 0.0, 0.1, 0.1, 1.0, 1.0, 0.9, 0.9])])
    yield "upsample", model([node("Upsample x s -> y", mode="nearest")], [("x", "f", [1, 1, 3, 3])],
                            [("s", "f", [4], [1.0, 1.0, 2.0, 2.0])], opset=9)
    yield "sample", model(
        [node("GridSample x g -> a", mode="bicubic", padding_mode="reflection"),
         node("RoiAlign a r b -> y", output_height=2, output_width=2, sampling_ratio=0, mode="max")],
        [IMAGE], [("g", "f", [1, 3, 3, 2]), ("r", "f", [2, 4], [0.0, 0.0, 2.0, 2.0, 1.0, 1.0, 3.0, 2.0]),
                  ("b", "q", [2], [0, 0])])
    yield "move", model(
        [node("Transpose x -> a", perm=[0, 2, 3, 1]), node("Reshape a s -> b"), node("Squeeze b z -> c"),
         node("Unsqueeze c z -> d"), node("Flatten d -> e"), node("Split e sizes -> f g", axis=1),
         node("Concat g f -> h", axis=1), node("Slice h lo hi ax st -> i"), node("Pad i pads v -> j", mode="constant"),
         node("Tile j reps -> k"), node("Expand k shape -> y")],
        [IMAGE], [("s", "q", [3], [1, -1, 4]), ("z", "q", [1], [0]), ("sizes", "q", [2], [44, 100]),
                  ("lo", "q", [1], [-1]), ("hi", "q", [1], [-200]), ("ax", "q", [1], [1]), ("st", "q", [1], [-3]),
                  ("pads", "q", [4], [0, 1, 0, 2]), ("v", "f", [], [1.5]), ("reps", "q", [2], [2, 1]),
                  ("shape", "q", [3], [2, 2, 51])])
    yield "pad-modes", model([node("Pad x p -> a", mode="reflect"), node("Pad a p -> y", mode="edge")],
                             [IMAGE], [("p", "q", [8], [0, 0, 1, 2, 0, 0, 2, 1])])
    yield "blocks", model([node("SpaceToDepth x -> a", blocksize=2), node("DepthToSpace a -> y", blocksize=2, mode="CRD")],
                          [IMAGE])
    yield "gather", model(
        [node("Gather x i -> a", axis=1), node("GatherElements x e -> b", axis=0), node("GatherND x n -> c"),
         node("ScatterElements x e u -> d", axis=1), node("ScatterND x n v -> y")],
        [PAIR], [("i", "q", [2], [0, -1]), ("e", "q", [1, 3], [0, 1, 0]), ("n", "q", [1, 1], [1]),
                 ("u", "f", [1, 3]), ("v", "f", [1, 3])], outputs=["y", "a", "b", "c", "d"])
    yield "make", model(
        [node("Shape x -> a"), node("ConstantOfShape a -> b", value=tensor("", "f", [1], [2.0])), node("EyeLike b -> c"),
         node("Range l h d -> e"), node("OneHot o k v -> f"), node("Trilu x -> g", upper=0), node("Size x -> s"),
         node("Constant -> q", value_floats=[1.0, 2.0, 3.0]), node("Add c q -> z"), node("Add z x -> y")],
        [PAIR, ("o", "q", [2])], [("l", "q", [], [0]), ("h", "q", [], [5]), ("d", "q", [], [2]), ("k", "q", [], [3]),
                                  ("v", "f", [2], [0.0, 1.0])], outputs=["y", "e", "f", "g", "s"])
    yield "reverse", model([node("ReverseSequence x l -> y", batch_axis=0, time_axis=1)], [PAIR],
                           [("l", "q", [2], [2, 3])])
    yield "nms", model([node("NonMaxSuppression b s m i t -> y")], [("b", "f", [1, 6, 4]), ("s", "f", [1, 2, 6])],
                       [("m", "q", [1], [3]), ("i", "f", [1], [0.5]), ("t", "f", [1], [0.0])])
    yield "bound", model([node("Reshape x s -> y")], [IMAGE, ("s", "q", [None])])
    yield "open", model([node("Relu x -> y")], [("x", "f", [None, 3])])


def quantised():
    pair = [("s", "f", [], [0.1]), ("z", "B", [], [3]), ("t", "f", [], [0.2]), ("k", "b", [], [0])]
    yield "quantised", model(
        [node("QuantizeLinear x s z -> a"), node("DequantizeLinear a s z -> b"), node("DequantizeLinear w v -> c", axis=0),
         node("DequantizeLinear bias bs -> d"), node("Conv b c d -> e", pads=[1, 1, 1, 1]), node("Relu e -> f"),
         node("QuantizeLinear f s z -> g"), node("DequantizeLinear g s z -> h"), node("Add h b -> i"),
         node("QuantizeLinear i t z -> j"), node("DequantizeLinear j t z -> k2"), node("Sigmoid k2 -> l"),
         node("QuantizeLinear l s z -> m"), node("DequantizeLinear m s z -> n"), node("MaxPool n -> o", kernel_shape=[2, 2]),
         node("QuantizeLinear o s z -> p"), node("DequantizeLinear p s z -> y")],
        [IMAGE], pair + [("w", "b", [4, 4, 3, 3]), ("v", "f", [4], [0.1, 0.2, 0.3, 0.4]), ("bias", "i", [4]),
                         ("bs", "f", [], [0.02])])
    yield "integer-ops", model(
        [node("DynamicQuantizeLinear x -> a s z"), node("ConvInteger a w z -> b"), node("Cast b -> c", to=FLOAT),
         node("Mul c s -> y")], [IMAGE], [("w", "b", [2, 4, 1, 1])])
    yield "qlinear", model(
        [node("QuantizeLinear x s z -> a"), node("QLinearConv a s z w t k t z -> b"), node("DequantizeLinear b t z -> c"),
         node("QLinearMatMul q s z m t k t z -> d"), node("MatMulInteger q m z k -> e"),
         node("com.microsoft:QLinearAdd b t z b t z s z -> f"), node("DequantizeLinear f s z -> y")],
        [IMAGE, ("q", "B", [2, 3])], pair + [("w", "b", [2, 4, 1, 1]), ("m", "b", [3, 2])], outputs=["y", "c", "d", "e"])


    ms = "com.microsoft:QLinear"
    yield "runtime", model(
        [node("QuantizeLinear x s z -> a"), node(ms + "LeakyRelu a s z s z -> b", alpha=0.1),
         node(ms + "Sigmoid b s z t z -> c"), node(ms + "Mul a s z c t z s z -> d"),
         node(ms + "Concat s z d s z a t z -> e", axis=1), node(ms + "AveragePool e s z s z -> f", kernel_shape=[2, 2]),
         node(ms + "GlobalAveragePool f s z t z -> g"), node("Flatten g -> h"),
         node("com.microsoft:QGemm h t z w s k - t z -> i", transB=1), node(ms + "Softmax i t z s z -> j", opset=13, axis=1),
         node("DequantizeLinear j s z -> y")], [IMAGE], pair + [("w", "b", [3, 8])])

    def bytes_of(text, scale="s", **attributes):
        """An operator between DequantizeLinear and QuantizeLinear: its input and output are bytes."""
        left, to = text.split(" -> ")
        op, name, *rest = left.split()
        return [node("DequantizeLinear %s s z -> %s-f" % (name, name)),
                node(" ".join([op, name + "-f"] + rest) + " -> %s-g" % to, **attributes),
                node("QuantizeLinear %s-g %s z -> %s" % (to, scale, to))]

    yield "quantised-moves", model(
        [node("QuantizeLinear x s z -> a")] + bytes_of("Transpose a -> b", perm=[0, 2, 3, 1]) +
        bytes_of("Reshape b shape -> c") + bytes_of("Slice c lo hi -> d") + bytes_of("Pad d pads -> e", mode="constant") +
        bytes_of("Resize e - scales -> f", mode="linear") + bytes_of("Clip f low high -> g") +
        bytes_of("ReduceMean g -> h", "t", axes=[2]) + bytes_of("HardSwish h -> i", "t") + [node("DequantizeLinear i s z -> y")],
        [IMAGE], pair + [("shape", "q", [3], [1, 4, -1]), ("lo", "q", [3], [0, 0, 1]), ("hi", "q", [3], [1, 4, 30]),
                         ("pads", "q", [6], [0, 0, 1, 0, 0, 2]), ("scales", "f", [3], [1.0, 1.0, 2.0]), ("low", "f", [], [0.0]),
                         ("high", "f", [], [6.0])])
    yield "quantised-matmul", model(
        [node("QuantizeLinear x s z -> a"), node("DequantizeLinear a s z -> b"), node("DequantizeLinear w v k4 -> c", axis=1),
         node("MatMul b c -> d"), node("QuantizeLinear d t z -> e"), node("DequantizeLinear e t z -> f"),
         node("DequantizeLinear u s k -> g"), node("Gemm f g -> h", transB=1), node("QuantizeLinear h s k -> i"),
         node("DequantizeLinear i s k -> y")],
        [PAIR], pair + [("w", "b", [3, 4]), ("v", "f", [4], [0.1, 0.2, 0.3, 0.4]), ("k4", "b", [4], [0] * 4), ("u", "b", [5, 4])])


def detectors():
    """Heads that are recognised, on small images."""
    boxes = [("w", "f", [8, 3, 2, 2]), ("v", "f", [8, 8, 1, 1]), ("r", "q", [3], [1, 8, -1])]
    nodes = [node("Conv x w -> p", strides=[8, 8]), node("Conv p v -> q", strides=[2, 2]),
             node("Conv q v -> t", strides=[2, 2]), node("Reshape p r -> a"), node("Reshape q r -> b"),
             node("Reshape t r -> c"), node("Concat a b c -> e", axis=2)]
    yield "yolov8", model(nodes + [node("Sigmoid e -> y")], [("x", "f", [1, 3, 32, 32])], boxes,
                          metadata=[("names", "{0: 'a', 1: \"b's\", 2: 'c', 3: 'd'}")])
    yield "yolox", model(nodes + [node("Transpose e -> y", perm=[0, 2, 1])], [("x", "f", [1, 3, 32, 32])], boxes)
    yield "ssd", model(
        nodes + [node("Transpose e -> u", perm=[0, 2, 1]), node("Split u -> boxes s", axis=2), node("Softmax s -> scores", axis=2)],
        [("x", "f", [1, 3, 32, 32])], boxes, outputs=["scores", "boxes"],
        metadata=[("card", '{"version":1,"head":{"family":"ssd","strides":[8,16,32],'
                           '"anchors":[[[4,4]],[[8,8]],[[16,16]]]}}')])


def fields(data):
    """A message as (field, wire type, value)."""
    at = 0

    def take():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = take()
        if key & 7 == 0:
            yield key >> 3, 0, take()
        else:
            size = take() if key & 7 == 2 else {1: 8, 5: 4}[key & 7]
            at += size
            yield key >> 3, key & 7, data[at - size:at]


def cut(path, count):
    """The first @count nodes of a model, with what they use, for a small image."""
    parts = list(fields(open(path, "rb").read()))
    graph = list(fields(next(value for field, _, value in parts if field == 7)))
    nodes = [value for field, _, value in graph if field == 1][:count]
    used = {name for body in nodes for field, _, name in fields(body) if field == 1}
    last = next(name for field, _, name in fields(nodes[-1]) if field == 2)
    kept = b"".join(block(1, body) for body in nodes)
    for field, _, value in graph:
        inner = dict((f, v) for f, w, v in fields(value) if w == 2) if field in (5, 11) else {}
        if field == 5 and inner.get(8) in used:
            kept += block(field, value)
        if field == 11 and inner.get(1) in used:
            kept += block(field, declaration(inner[1].decode(), "f", [1, 3, 32, 32]))
    kept += block(12, declaration(last.decode(), "f", None))
    out = b""
    for field, wire, value in parts:
        out += number(field, value) if wire == 0 else block(field, kept if field == 7 else value)
    return out


# TensorFlow Lite: FlatBuffers by hand -----------------------------------------------------------


class Flat:
    """Writes tables as {field: value}: a number as (format, number), a string, a list of numbers as
    (format, list), a table, or a list of tables.  What a table refers to comes behind it."""

    def __init__(self, root, magic):
        self.out = bytearray(4) + magic
        self.refer(0, root)

    def align(self, size):
        self.out += bytes(-len(self.out) % size)

    def refer(self, place, value):
        if isinstance(value, dict):
            target = self.table(value)
        else:
            self.align(8)
            self.out += bytes(4)  # numbers behind the count lie at multiples of eight
            target = len(self.out)
            if isinstance(value, str):
                self.out += struct.pack("<I", len(value)) + value.encode() + b"\0"
            elif isinstance(value, tuple):
                self.out += struct.pack("<I%d%s" % (len(value[1]), value[0]), len(value[1]), *value[1])
            else:
                self.out += struct.pack("<I", len(value)) + bytes(4 * len(value))
                for i, entry in enumerate(value):
                    self.refer(target + 4 + 4 * i, entry)
        struct.pack_into("<I", self.out, place, target - place)

    def table(self, entries):
        offsets, size = {}, 4
        for field, value in entries.items():
            scalar = isinstance(value, tuple) and not isinstance(value[1], list)
            width = struct.calcsize(value[0]) if scalar else 4
            size += -size % width
            offsets[field] = size
            size += width
        count = max(entries, default=-1) + 1
        self.align(2)
        vtable = len(self.out)
        self.out += struct.pack("<HH", 4 + 2 * count, size)
        for field in range(count):
            self.out += struct.pack("<H", offsets.get(field, 0))
        self.align(8)
        at = len(self.out)
        self.out += struct.pack("<i", at - vtable) + bytes(size - 4)
        for field, value in entries.items():
            if isinstance(value, tuple) and not isinstance(value[1], list):
                struct.pack_into("<" + value[0], self.out, at + offsets[field], value[1])
            else:
                self.refer(at + offsets[field], value)
        return at


TFLITE_TYPES = {"f": 0, "e": 1, "i": 2, "B": 3, "q": 4, "?": 6, "b": 9}
TFLITE_OPS = dict(ADD=0, AVERAGE_POOL_2D=1, CONCATENATION=2, CONV_2D=3, DEPTHWISE_CONV_2D=4, DEPTH_TO_SPACE=5, DEQUANTIZE=6,
                  FULLY_CONNECTED=9, LOGISTIC=14, MAX_POOL_2D=17, MUL=18, RELU=19, RELU6=21, RESHAPE=22, RESIZE_BILINEAR=23,
                  SOFTMAX=25, SPACE_TO_DEPTH=26, TANH=28, CUSTOM=32, PAD=34, GATHER=36, TRANSPOSE=39, MEAN=40, SUB=41,
                  STRIDED_SLICE=45, EXP=47, SPLIT=49, CAST=53, ARG_MAX=56, SLICE=65, TRANSPOSE_CONV=67, SUM=74, SQUEEZE=43,
                  PACK=83, UNPACK=88, RESIZE_NEAREST_NEIGHBOR=97, LEAKY_RELU=98, MIRROR_PAD=100, ABS=101, SPLIT_V=102,
                  QUANTIZE=114, HARD_SWISH=117, BATCH_MATMUL=126, SHAPE=77, TILE=69, PRELU=54, L2_NORMALIZATION=11)


def flex(options):
    """A FlexBuffer that is a map of numbers, each four bytes wide."""
    names = sorted(options)
    out, places = b"", []
    for name in names:
        places.append(len(out))
        out += name.encode() + b"\0"
    out += bytes(-len(out) % 4) + struct.pack("<I", len(names))
    keys = len(out)
    for i, place in enumerate(places):
        out += struct.pack("<I", keys + 4 * i - place)
    out += struct.pack("<III", len(out) - keys, 4, len(names))
    values = len(out)
    for name in names:
        out += struct.pack("<f" if isinstance(options[name], float) else "<i", options[name])
    out += bytes((3 if isinstance(options[name], float) else 1) << 2 | 2 for name in names)
    out += bytes(-len(out) % 4)
    return out + struct.pack("<IBB", len(out) - values, 9 << 2 | 2, 4)


def tflite(tensors, steps, inputs, outputs, custom=None, metadata=None):
    """@tensors: name: (letter, shape[, values or None][, scales, zero points, axis]); @steps: "OP a b -> c", number of its
    options in their union, its options as fields, or as bytes for the operator @custom."""
    names, buffers, listed, codes = list(tensors), [{}], [], []
    for name, (letter, shape, *more) in tensors.items():
        entry = {0: ("i", shape), 1: ("b", TFLITE_TYPES[letter]), 2: ("I", 0), 3: name}
        if more and more[0] is not None:
            raw = struct.pack("<%d%s" % (len(more[0]), letter), *more[0])
            entry[2] = ("I", len(buffers))
            buffers.append({0: ("B", list(raw))})
        if len(more) > 1:
            entry[4] = {2: ("f", more[1]), 3: ("q", more[2]), 6: ("i", more[3] if len(more) > 3 else 0)}
        listed.append(entry)
    operators = []
    for text, union, options in steps:
        left, right = text.split(" -> ")
        op, *taken = left.split()
        number_of = TFLITE_OPS[op]
        if number_of not in codes:
            codes.append(number_of)
        more = {3: ("B", union), 4: options} if isinstance(options, dict) else {5: ("B", list(options))}
        operators.append({0: ("I", codes.index(number_of)), 1: ("i", [-1 if n == "-" else names.index(n) for n in taken]),
                          2: ("i", [names.index(n) for n in right.split()]), **more})
    graph = {0: listed, 1: ("i", [names.index(n) for n in inputs]), 2: ("i", [names.index(n) for n in outputs]),
             3: operators, 4: "main"}
    listed_codes = [{0: ("b", min(code, 127)), 2: ("i", 1), 3: ("i", code)} for code in codes]
    for entry in listed_codes:
        if entry[3][1] == TFLITE_OPS["CUSTOM"]:
            entry[1] = custom
    root = {0: ("I", 3), 1: listed_codes, 2: [graph], 3: "make-corpus", 4: buffers}
    if metadata:
        root[6] = [{0: "TFLITE_METADATA", 1: ("I", len(buffers))}]
        buffers.append({0: ("B", list(Flat(metadata, b"M001").out))})
    return bytes(Flat(root, b"TFL3").out)


def numbers(count, scale=1):
    return [(i * 7 % 11 - 3) / scale for i in range(count)]


def lite_models():
    conv = {0: ("b", 0), 1: ("i", 1), 2: ("i", 1), 3: ("b", 1)}
    pool = {0: ("b", 1), 1: ("i", 2), 2: ("i", 2), 3: ("i", 2), 4: ("i", 2)}
    yield "float", tflite(
        {"x": ("f", [1, 6, 6, 3]), "w": ("f", [4, 3, 3, 3], numbers(108, 8)), "b": ("f", [4], numbers(4)),
         "a": ("f", [1, 6, 6, 4]), "dw": ("f", [1, 3, 3, 4], numbers(36, 4)), "c": ("f", [1, 3, 3, 4]),
         "d": ("f", [1, 6, 6, 4]), "size": ("i", [2], [6, 6]), "e": ("f", [1, 6, 6, 8]), "f": ("f", [1, 3, 3, 8]),
         "g": ("f", [1, 3, 3, 8]), "s": ("i", [2], [1, -1]), "h": ("f", [1, 72]), "m": ("f", [5, 72], numbers(360, 16)),
         "i": ("f", [1, 5]), "y": ("f", [1, 5])},
        [("CONV_2D x w b -> a", 1, conv),
         ("DEPTHWISE_CONV_2D a dw b -> c", 2, {0: ("b", 0), 1: ("i", 2), 2: ("i", 2), 3: ("i", 1), 4: ("b", 3)}),
         ("RESIZE_BILINEAR c size -> d", 15, {3: ("?", True)}), ("CONCATENATION a d -> e", 10, {0: ("i", 3)}),
         ("MAX_POOL_2D e -> f", 5, pool), ("HARD_SWISH f -> g", 0, {}), ("RESHAPE g s -> h", 17, {0: ("i", [1, 72])}),
         ("FULLY_CONNECTED h m - -> i", 8, {}), ("SOFTMAX i -> y", 9, {0: ("f", 1.0)})], ["x"], ["y"])
    per = [0.01, 0.02, 0.03, 0.04]
    yield "quantised", tflite(
        {"x": ("b", [1, 6, 6, 3], None, [0.05], [-3]), "w": ("b", [4, 3, 3, 3], [int(v) for v in numbers(108)], per, [0] * 4, 0),
         "b": ("i", [4], [3, -40, 500, 0], [s * 0.05 for s in per], [0] * 4, 0), "a": ("b", [1, 6, 6, 4], None, [0.1], [-128]),
         "dw": ("b", [1, 3, 3, 4], [int(v) for v in numbers(36)], per, [0] * 4, 3),
         "bb": ("i", [4], [1, 2, 3, 4], [s * 0.1 for s in per], [0] * 4, 0), "c": ("b", [1, 6, 6, 4], None, [0.1], [-128]),
         "d": ("b", [1, 6, 6, 4], None, [0.12], [5]), "e": ("b", [1, 6, 6, 4], None, [0.00390625], [-128]),
         "f": ("b", [1, 6, 6, 4], None, [0.02], [-128]), "g": ("b", [1, 3, 3, 4], None, [0.02], [-128]),
         "axes": ("i", [2], [1, 2]), "h": ("b", [1, 4], None, [0.01], [-120]), "y": ("f", [1, 4])},
        [("CONV_2D x w b -> a", 1, conv),
         ("DEPTHWISE_CONV_2D a dw bb -> c", 2, {0: ("b", 0), 1: ("i", 1), 2: ("i", 1), 3: ("i", 1)}), ("ADD a c -> d", 11, {}),
         ("LOGISTIC d -> e", 0, {}), ("MUL d e -> f", 21, {}), ("AVERAGE_POOL_2D f -> g", 5, pool),
         ("MEAN g axes -> h", 27, {}), ("DEQUANTIZE h -> y", 0, {})], ["x"], ["y"])
    yield "move", tflite(
        {"x": ("f", [1, 4, 4, 4]), "p": ("i", [4, 2], [0, 0, 1, 0, 0, 2, 0, 0]), "a": ("f", [1, 5, 6, 4]),
         "t": ("i", [4], [0, 2, 1, 3]), "b": ("f", [1, 6, 5, 4]), "lo": ("i", [4], [0, 1, 0, 0]),
         "hi": ("i", [4], [1, 6, 5, 4]), "st": ("i", [4], [1, 2, 1, 1]), "c": ("f", [1, 3, 5, 4]), "ax": ("i", [], [3]),
         "d": ("f", [1, 3, 5, 2]), "e": ("f", [1, 3, 5, 2]), "i": ("i", [2], [1, 0]), "f": ("f", [1, 3, 2, 2]),
         "g": ("f", [3, 2, 2]), "h": ("f", [2, 2]), "j": ("f", [2, 2]), "k": ("f", [2, 2]), "l": ("f", [2, 2, 2]),
         "m": ("i", [1], [2]), "y": ("i", [2, 2])},
        [("PAD x p -> a", 22, {}), ("TRANSPOSE a t -> b", 26, {}), ("STRIDED_SLICE b lo hi st -> c", 32, {}),
         ("SPLIT ax c -> d e", 35, {0: ("i", 2)}), ("GATHER e i -> f", 23, {0: ("i", 2)}),
         ("SQUEEZE f -> g", 30, {0: ("i", [0])}), ("UNPACK g -> h j k", 64, {0: ("i", 3)}),
         ("PACK h k -> l", 59, {0: ("i", 2)}), ("ARG_MAX l m -> y", 40, {0: ("b", 2)})], ["x"], ["y", "d"])
    yield "up", tflite(
        {"x": ("B", [1, 3, 3, 2], None, [0.1], [10]), "s": ("i", [4], [1, 6, 6, 2]), "w": ("B", [2, 3, 3, 2], [i % 255 for i in range(36)], [0.1], [7]),
         "a": ("B", [1, 6, 6, 2], None, [0.3], [100]), "n": ("i", [2], [12, 12]), "b": ("B", [1, 12, 12, 2], None, [0.3], [100]),
         "c": ("b", [1, 12, 12, 2], None, [0.3], [-28]), "d": ("b", [1, 12, 12, 2], None, [0.3], [-28]), "y": ("f", [1, 12, 12, 2])},
        [("TRANSPOSE_CONV s w x -> a", 49, {0: ("b", 0), 1: ("i", 2), 2: ("i", 2)}),
         ("RESIZE_NEAREST_NEIGHBOR a n -> b", 74, {}), ("QUANTIZE b -> c", 0, {}), ("LEAKY_RELU c -> d", 75, {0: ("f", 0.1)}),
         ("DEQUANTIZE d -> y", 0, {})], ["x"], ["y"])


    options = flex({"max_detections": 4, "max_classes_per_detection": 1, "num_classes": 2, "nms_iou_threshold": 0.5,
                    "nms_score_threshold": 0.1, "use_regular_nms": 0, "y_scale": 10.0, "x_scale": 10.0, "h_scale": 5.0,
                    "w_scale": 5.0})
    described = {0: "a detector", 3: [{
        2: [{0: "image", 4: [{0: ("B", 1), 1: {0: ("f", [127.5]), 1: ("f", [127.5])}}]}],
        3: [{0: "location", 6: [{0: "labels.txt", 2: ("b", 2)}]}]}]}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("labels.txt"), "person\ncar\n")
    yield "detections", tflite(
        {"x": ("f", [1, 4, 4, 3]), "w": ("f", [7, 2, 2, 3], numbers(84, 8)), "b": ("f", [7], numbers(7)), "a": ("f", [1, 2, 2, 7]),
         "s": ("i", [3], [1, 4, 7]), "c": ("f", [1, 4, 7]), "sizes": ("i", [2], [4, 3]), "ax": ("i", [], [2]),
         "boxes": ("f", [1, 4, 4]), "scores": ("f", [1, 4, 3]), "anchors": ("f", [4, 4], [0.5] * 16),
         "p": ("f", [1, 4, 4]), "q": ("f", [1, 4]), "r": ("f", [1, 4]), "y": ("f", [1])},
        [("CONV_2D x w b -> a", 1, {0: ("b", 1), 1: ("i", 2), 2: ("i", 2)}), ("RESHAPE a s -> c", 17, {0: ("i", [1, 4, 7])}),
         ("SPLIT_V c sizes ax -> boxes scores", 79, {0: ("i", 2)}), ("CUSTOM boxes scores anchors -> p q r y", 0, options)],
        ["x"], ["p", "q", "r", "y"], "TFLite_Detection_PostProcess", described) + packed.getvalue()
    chain = "ABS EXP TANH LOGISTIC RELU RELU6 HARD_SWISH".split()
    names = ["x"] + ["t%d" % i for i in range(len(chain))]
    yield "unary", tflite({name: ("f", [2, 3]) for name in names},
                          [("%s %s -> %s" % (op, names[i], names[i + 1]), 0, {}) for i, op in enumerate(chain)],
                          ["x"], [names[-1]])
    yield "matmul", tflite(
        {"x": ("b", [2, 3], None, [0.1], [4]), "w": ("b", [5, 3], [int(v) for v in numbers(15)], [0.02], [0]),
         "b": ("i", [5], [1, -2, 300, 4, 5], [0.002], [0]), "a": ("b", [2, 5], None, [0.2], [-9]), "f": ("f", [2, 5]),
         "v": ("f", [5, 2], numbers(10)), "c": ("f", [2, 2]), "m": ("i", [2], [2, 1]), "d": ("f", [4, 2]), "p": ("f", [2], numbers(2)),
         "e": ("f", [4, 2]), "ax": ("i", [1], [0]), "g": ("f", [1, 2]), "y": ("f", [1, 2])},
        [("FULLY_CONNECTED x w b -> a", 8, {0: ("b", 1)}), ("DEQUANTIZE a -> f", 0, {}), ("BATCH_MATMUL f v -> c", 101, {}),
         ("TILE c m -> d", 67, {}), ("PRELU d p -> e", 0, {}), ("SUM e ax -> g", 27, {0: ("?", True)}),
         ("L2_NORMALIZATION g -> y", 12, {})], ["x"], ["y"])


# The others -------------------------------------------------------------------------------------

NET = "[net]\nwidth=16\nheight=16\nchannels=3\n"
CONV = "[convolutional]\nbatch_normalize=1\nfilters=4\nsize=3\nstride=%d\npad=1\nactivation=%s\n"
YOLO = "[yolo]\nmask=0,1\nanchors=4,4, 8,9, 10,12\nclasses=2\nnum=3\nscale_x_y=1.05\n"
HEAD = "[convolutional]\nfilters=14\nsize=1\nactivation=linear\n"


def darknet():
    yield "yolo", NET + CONV % (2, "leaky") + CONV % (1, "mish") + "[shortcut]\nfrom=-2\nactivation=linear\n" + \
        "[maxpool]\nsize=2\nstride=2\n" + HEAD + YOLO + "[route]\nlayers=-3\n[upsample]\nstride=2\n" + \
        "[route]\nlayers=-1,0\ngroups=2\ngroup_id=1\n" + HEAD + YOLO
    yield "region", NET + CONV % (2, "swish") + "[reorg]\nstride=2\n" + \
        "[convolutional]\nfilters=14\nactivation=linear\n[region]\nanchors=1,1,2,2\nclasses=2\nnum=2\nsoftmax=1\n"
    yield "layers", NET + CONV % (1, "relu6") + "[avgpool]\n[scale_channels]\nfrom=-2\n[sam]\nfrom=0\n" + \
        "[local_avgpool]\nsize=2\nstride=2\n[activation]\nactivation=logistic\n[dropout]\nprobability=.5\n" + \
        "[connected]\noutput=5\nactivation=tanh\n[softmax]\ngroups=1\n"
    weights = struct.pack("<iiiq", 0, 2, 5, 0) + struct.pack("<16f", *(i / 8 for i in range(16)))
    yield "weights", ("[net]\nwidth=4\nheight=4\nchannels=3\n[convolutional]\nfilters=4\n"
                      "activation=linear\n").encode() + b"\0weights" + weights


def cards():
    yield "all", """{ "version": 1, "input": { "resize": "letterbox-centre", "colour": "rgb", "mean": [1, 2.5, 3],
 "scale": 0.5, "pad": 114 }, "head": { "family": "yolov5", "classes": 3, "strides": [8, 16, 32],
 "anchors": [[[10, 13], [16, 30]], [[30, 61], [62, 45]], [[1, 2]]], "scores": "logits", "boxes": "raw" },
 "labels": ["person", "bicycle", "car"], "score_threshold": 0.3, "iou_threshold": 0.5 }"""
    yield "bins", '{"version":1,"input":{"std":[58,57.1,57],"colour":"bgr","resize":"stretch"},' \
        '"head":{"family":"nanodet","bins":8,"point":"centre"},"labels":"names.txt"}'


def labels():
    yield "lines", "person\r\nbicycle\n\ncar\n"
    yield "dictionary", "{0: 'person', 1: \"driver's seat\", '2': 'a\\'b'}"
    yield "list", "['person', 'car' , \"x\"]"


def truth():
    yield "coco", '{"images":[{"id":7,"file_name":"a.jpg","width":9,"height":8}],"categories":[{"id":3,"name":"car"}],' \
        '"annotations":[{"image_id":7,"category_id":3,"bbox":[1,2,3.5,4],"area":14,"iscrowd":0},' \
        '{"image_id":7,"category_id":3,"bbox":[0,0,1,1],"score":0.5}]}'
    yield "results", '[{"image_id":7,"category_id":3,"bbox":[1,2,3.5,4],"score":0.25}]'
    yield "voc", "<annotation><filename>a.jpg</filename><object><name>car</name><difficult>1</difficult><bndbox>" \
        "<xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4.5</ymax></bndbox><part><name>p</name></part></object>" \
        "</annotation>"
    yield "yolo", "0 0.5 0.5 0.25 0.125\n\n1 0.1 0.2 1e-3 1\n"


def images(build, folder):
    for name in "adam7.png grey1.png grey_alpha8.png palette2.png rgba16.png smooth.jpg".split():
        shutil.copy(os.path.join(ROOT, "tests/unit/data", name), folder)
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([build + "/tools/scene/edge-scene", "--seed", "3", "--size", "64x64", "--out", scratch], check=True,
                       stdout=subprocess.DEVNULL)
        scene = next(entry.path for entry in os.scandir(scratch) if entry.name.endswith(".png"))
        shutil.copy(scene, folder + "/scene.png")
        subprocess.run([build + "/tools/edgectl/edgectl", "detect", "-o", folder + "/scene.jpg",
                        ROOT + "/share/models/street.onnx", scene], check=True, stdout=subprocess.DEVNULL)
    write(folder, "rgb.ppm", b"P6 # a comment\n3 2\n255\n" + bytes(range(18)))
    write(folder, "grey16.pgm", b"P5 3 2 1023\n" + bytes(range(12)))


def words(entries):
    """A dictionary for libFuzzer: whatever looks like a name."""
    found = set()
    for data in entries:
        data = data.encode() if isinstance(data, str) else data
        found.update(re.findall(rb"[A-Za-z_][A-Za-z_0-9]{3,23}", data))
    lines = ['"%s"' % word.decode() for word in sorted(found)]
    return "# SPDX-License-Identifier: MIT\n" + "\n".join(lines) + "\n"


# The emulated card: what it is sent, see emu.c --------------------------------------------------

def emu_message(command, *values, fds=0):
    return bytes([0, command, fds]) + b"".join(values)


def emu_text(line):
    return bytes([4, len(line)]) + line.encode()


def emu():
    """Register programs, whose memory lies at 0, and messages."""
    text = open(ROOT + "/tests/emu/data/conv1x1.h").read()
    writes = [(int(a, 16), int(b, 16)) for a, b in re.findall(r"\{ 0x(\w+), 0x(\w+) \}", text)]
    places = {0x80000000: 0, 0x90000000: 0x1000, 0xa0000000: 0x2000}
    time = bytes([5])
    conv = b"".join(struct.pack("<BHI", 2, at // 4, places.get(value, value)) for at, value in writes)
    yield "conv", conv + time + struct.pack("<BH", 3, 0x100c // 4)
    yield "faults", emu_text("corrupt 1") + emu_text("interrupt spurious 2 1") + conv + time + emu_text("card 0 stats") + emu_text("hang 1") \
        + emu_text("reset stuck on") + emu_text("remove") + emu_text("restore") + emu_text("temperature -1")
    sdp = [(0x800c, 3), (0x8010, 1), (0x8014, 7), (0x8018, 0), (0x8020, 32), (0x8024, 64), (0x8028, 1), (0x8040, 1), (0x8058, 1), (0x8070, 0),
           (0x8074, 1), (0x903c, 3), (0x9040, 1), (0x9044, 7), (0x9048, 0x2000), (0x9050, 32), (0x9054, 64), (0x9058, 1), (0x906c, 1),
           (0x9080, 1), (0x90b0, 0), (0x90b4, 1), (0x90bc, 0), (0x90c4, 1), (0x8008, 1), (0x9038, 1)]
    yield "sdp", b"".join(struct.pack("<BHI", 2, at // 4, value) for at, value in sdp) + time
    pdp = [(0xa00c, 3), (0xa010, 3), (0xa014, 7), (0xa018, 1), (0xa01c, 0), (0xa024, 32), (0xa028, 128), (0xa02c, 1), (0xa030, 0), (0xa038, 0x11),
           (0xb00c, 3), (0xb010, 3), (0xb014, 7), (0xb018, 1), (0xb01c, 1), (0xb020, 7), (0xb024, 0x11), (0xb034, 0x110101), (0xb068, 32),
           (0xb06c, 128), (0xb070, 0x2000), (0xb078, 16), (0xb07c, 32), (0xb080, 1), (0xb084, 0), (0xa008, 1), (0xb008, 1)]
    yield "pdp", b"".join(struct.pack("<BHI", 2, at // 4, value) for at, value in pdp) + time
    cdp = [(0xd008, 0x30000), (0xd00c, 0x55), (0xd010, 0x71), (0xd014, 0x200), (0xd018, 0xffffff80), (0xd01c, 0x3f), (0xd020, 0x80),
           (0xd028, 0xffffff80), (0xd02c, 0x3f), (0xd030, 0x80),
           (0xc00c, 3), (0xc010, 1), (0xc014, 7), (0xc018, 0), (0xc020, 32), (0xc024, 64), (0xc028, 1), (0xc034, 0), (0xd04c, 3), (0xd050, 0x2000),
           (0xd058, 32), (0xd05c, 64), (0xd060, 1), (0xd068, 0), (0xd070, 0), (0xd078, 1), (0xd084, 1), (0xc008, 1), (0xd048, 1)]
    yield "cdp", b"".join(struct.pack("<BHI", 2, at // 4, value) for at, value in cdp) + time
    sysmem = struct.pack("<24Q", *([0, 0x1000] + 6 * [0] + 2 * [0x1000] + 6 * [0] + [0, 0x1000] + 6 * [0]))
    config = [emu_message(3, struct.pack("<3I", at, 0, size)) for at, size in ((0, 4), (2, 2), (0x34, 1), (0x10, 4))]
    sizing = [emu_message(2, struct.pack("<3I", 0x10, 0xffffffff, 4)), emu_message(3, struct.pack("<3I", 0x10, 0, 4)),
              emu_message(2, struct.pack("<3I", 0x10, 0xfe000000, 4))]
    bars = [emu_message(4, struct.pack("<QQII", 0xfe100008, 1, 4, 1)), emu_message(5, struct.pack("<QQII", 0xfe10000c, 0, 4, 1)),
            emu_message(4, struct.pack("<QQII", 0xfe100800, 0xfee01004, 8, 1)), emu_message(5, struct.pack("<QQII", 0xfe001000, 0, 4, 1))]
    yield "messages", emu_message(0, sysmem, fds=2) + emu_message(6, fds=2) + b"".join(config + sizing + bars) + emu_message(7) \
        + b"\1\x08" + struct.pack("<ii", 3, 0) + b"\1\x08" + struct.pack("<q", 12) + b"\1\x0c" + struct.pack("<III", 0, 0, 4)


# Command streams of the kernel driver: see stream.c ---------------------------------------------

def op_ref(handle=0, offset=0):
    return struct.pack("<IIQ", handle, 0, offset)


def op_cube(handle, offset, width, height, channels, line=None, surface=None):
    line = width * 8 if line is None else line
    surface = height * line if surface is None else surface
    return op_ref(handle, offset) + struct.pack("<6I", width, height, channels, line, surface, 0)


def op_stage(flags=0, alu=0, alu_shift=0, mul_shift=0, alu_value=0, mul_value=0, operands=op_ref(), line=0, surface=0):
    return struct.pack("<4I2i", flags, alu, alu_shift, mul_shift, alu_value, mul_value) + operands + struct.pack("<2I", line, surface)


def op_tail(bs=op_stage(), bn=op_stage(), offset=0, scale=1, shift=0):
    return bs + bn + struct.pack("<iiII", offset, scale, shift, 0)


def op_pool(method, window, stride, pad=(0, 0, 0, 0), value=0, reciprocal=(0, 0), bands=(0, 0, 0, 0)):
    return struct.pack("<9Ii6I", method, window, window, stride, stride, *pad, value, *reciprocal, *bands)


def op(kind, body):
    return struct.pack("<II", 0x10000 | kind, 8 + len(body)) + body


def op_conv(source, kernel, to, stride=1, dilation=1, pad=0, banks=(2, 2), tail=op_tail(), out=(8, 8), pool=bytes(64),
            image=0, pixel=bytes(32)):
    return op(1, struct.pack("<II", int(any(pool)), image) + source + pixel + op_ref(1, 0x3000) +
              struct.pack("<10Ii5I", kernel, kernel, stride, stride, dilation, dilation, pad, pad, pad, pad, -3, 2, *banks, *out) +
              tail + to + pool)


def streams():
    source, to = op_cube(1, 0, 8, 8, 16), op_cube(2, 0, 8, 8, 16)
    largest = op_pool(1, 2, 2)
    bias = op_stage(1 | 2 | 4 | 0x10 | 0x20 | 0x40 | 0x100, 2, 1, 4, operands=op_ref(3, 0x1000))
    leaky = op_stage(1 | 4 | 8, mul_shift=3, mul_value=1)
    other = op_stage(1 | 2 | 0x20 | 0x80, 2, operands=op_ref(3, 0x2000), line=64, surface=512)
    yield "conv", op_conv(source, 3, to, pad=1, tail=op_tail(bias, leaky, 1, 5, 6))
    yield "dilated", op_conv(source, 3, op_cube(4, 0, 8, 8, 16), dilation=2, pad=2)
    yield "strides", op_conv(source, 2, op_cube(2, 16, 4, 4, 16, 40, 168), stride=2, out=(4, 4))
    yield "conv-pool", op_conv(source, 1, op_cube(2, 0, 4, 4, 9), pool=largest)
    pixel = struct.pack("<2I4iiI", 3, 1, 124, 116, 104, 0, 77, 7)
    yield "image", op_conv(op_cube(3, 0, 16, 16, 4, 72, 0), 3, op_cube(2, 0, 14, 14, 8), out=(14, 14), image=2, pixel=pixel)
    yield "grey", op_conv(op_cube(3, 8, 16, 16, 1, 24, 0), 3, op_cube(2, 0, 16, 16, 8), pad=1, out=(16, 16), image=1)
    yield "sum", op(2, bytes(8) + source + op_tail(other) + to + bytes(64))
    yield "in-place", op(2, bytes(8) + to + op_tail(op_stage(0x11)) + to + bytes(64))
    yield "sdp-pool", op(2, struct.pack("<II", 1, 0) + source + op_tail() + op_cube(2, 0, 4, 4, 16) + largest)
    yield "largest", op(3, source + op_cube(2, 0, 9, 9, 16) + op_pool(1, 2, 1, (1, 1, 1, 1)))
    mean = op_pool(0, 3, 1, (1, 1, 1, 1), -5, (21845, 21845))
    yield "mean", op(3, source + to + mean)
    yield "bands", op(3, op_cube(1, 0, 70, 2, 8) + op_cube(2, 0, 70, 2, 8) + op_pool(2, 1, 1, bands=(3, 25, 20, 25)))
    values = struct.pack("<257h", *(min(max(2 * v, -100), 90) for v in range(-128, 129))) + bytes(6)
    table = op(4, source + to + struct.pack("<iiII", 1, 3, 1, 0) + values)
    yield "table", table
    copies = [op(5, op_ref(1, 64 * i) + op_ref(2, 4096 * i) + struct.pack("<4I", 64, 8, 72, 80)) for i in range(4)]
    yield "copies", b"".join(copies)
    back = op(5, op_ref(2, 0) + op_ref(1, 0) + struct.pack("<4I", 64, 16, 64, 64))
    yield "network", op_conv(source, 3, to, pad=1, tail=op_tail(bias)) + back + table + op(3, source + to + mean) + back


def op_words():
    """A dictionary: how descriptors begin, and flags that belong together."""
    begins = sorted({data[:8] for _, data in streams()})
    flags = [struct.pack("<I", value) for value in (0x7f, 0x67, 0x1e7, 0x43, 0x45, 0x11, 8192, 65536, 0x1ffff)]
    lines = ['"%s"' % "".join("\\x%02x" % byte for byte in word) for word in begins + flags]
    return "# SPDX-License-Identifier: MIT\n" + "\n".join(lines) + "\n"


def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make-corpus.py BUILD-FOLDER")
    onnx = dict(operators())
    onnx.update(quantised())
    onnx.update(detectors())
    onnx["street"] = cut(ROOT + "/share/models/street.onnx", 6)
    # A program may have a card in it.
    vocabulary = {"onnx": [data for kind in (onnx, dict(cards())) for data in kind.values()]}
    kinds = {"onnx": onnx, "tflite": dict(lite_models()), "darknet": dict(darknet()), "card": dict(cards()), "labels": dict(labels()), "truth": dict(truth()),
             "image": {}, "emu": dict(emu()), "stream": dict(streams())}
    for kind, entries in kinds.items():
        folder = os.path.join(HERE, "corpus", kind)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for name, data in entries.items():
            write(folder, name, data)
        if kind == "stream":
            write(HERE, "stream.dict", op_words())
        elif entries and kind != "emu":
            write(HERE, kind + ".dict", words(vocabulary.get(kind, entries.values())))
    images(sys.argv[1], os.path.join(HERE, "corpus", "image"))


main()
