#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes share/models/street.onnx, the detector of the demonstration.

    make train-demo

Scenes are drawn by edge-scene, the network learns from them, is written as ONNX, and the file is
measured on scenes whose numbers it has not seen. That takes about half an hour of one core;
`--score` only measures the file that is there. The input is BGR, 0 to 255, letterboxed to the top
left and padded with 114.
"""
import argparse
import math
import os
import time

import numpy as np
import onnx
import torch
from torch import nn

from network import NAMES, Detector, Exported, losses_of
from scenes import HEIGHT, WIDTH, augment, draw_scenes
from score import print_scores

# (first scene, width, height). The shapes differ so that the letterbox does. No scene is in two
# sets, and that of `make demo` is in none.
TRAIN_SETS = ((100000, 640, 480), (200000, 720, 480), (300000, 960, 540), (400000, 480, 480))
SCORE_SETS = ((900000, 960, 640), (910000, 640, 480))


def make_optimizer(network):
    decayed = [p for p in network.parameters() if p.dim() > 1]
    plain = [p for p in network.parameters() if p.dim() == 1]
    return torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0}]
    )


@torch.no_grad()
def follow(average, network, step):
    """The mean of recent weights is steadier than the last ones."""
    keep = min(0.998, step / (step + 10))
    for a, b in zip(average.state_dict().values(), network.state_dict().values()):
        if a.dtype.is_floating_point:
            a.mul_(keep).add_(b, alpha=1 - keep)
        else:
            a.copy_(b)


def train(images, boxes, epochs, batch=16, rate=2.5e-3):
    random = np.random.default_rng(1)
    torch.manual_seed(1)
    network = Detector().to(memory_format=torch.channels_last)
    average = Detector()
    average.load_state_dict(network.state_dict())
    optimizer = make_optimizer(network)
    per_epoch = len(images) // batch
    step = 0
    start = time.time()
    for epoch in range(epochs):
        order = random.permutation(len(images))
        sums = np.zeros(3)
        for at in range(0, per_epoch * batch, batch):
            pairs = [augment(images[i], boxes[i], random) for i in order[at : at + batch]]
            x = torch.from_numpy(np.stack([p[0] for p in pairs])).permute(0, 3, 1, 2)
            for group in optimizer.param_groups:
                curve = 0.02 + 0.49 * (1 + math.cos(math.pi * step / (epochs * per_epoch)))
                group["lr"] = rate * min(1, (step + 1) / 200) * curve
            losses = losses_of(network(x), [torch.from_numpy(p[1]) for p in pairs])
            optimizer.zero_grad()
            sum(losses).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 10)
            optimizer.step()
            step += 1
            follow(average, network, step)
            sums += [float(v) for v in losses]
        box, objects, classes = sums / max(1, per_epoch)
        print(
            f"epoch {epoch + 1:3}/{epochs}  box {box:.3f}  object {objects:.3f}"
            f"  class {classes:.3f}  {time.time() - start:5.0f} s",
            flush=True,
        )
    return average.eval()


def export(network, path):
    torch.onnx.export(
        Exported(network).eval(),
        torch.zeros(1, 3, HEIGHT, WIDTH),
        path,
        opset_version=12,
        input_names=["images"],
        output_names=["output"],
    )
    model = onnx.load(path)
    onnx.helper.set_model_props(model, {"names": str(dict(enumerate(NAMES)))})
    onnx.checker.check_model(model)
    onnx.save(model, path)
    print(f"{path}: {os.path.getsize(path)} bytes")


def main():
    parser = argparse.ArgumentParser(description="Makes the detector of the demonstration.")
    parser.add_argument("--scene", default="build/tools/scene/edge-scene", help="the generator")
    parser.add_argument("--output", default="share/models/street.onnx", help="the model")
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--scenes", type=int, default=700, help="to learn from, of each shape")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--score", action="store_true", help="measure the model that is there")
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    if not args.score:
        images, boxes = draw_scenes(args.scene, TRAIN_SETS, args.scenes)
        print(f"{len(images)} scenes to learn from, {sum(map(len, boxes))} boxes", flush=True)
        export(train(images, boxes, args.epochs), args.output)
    images, boxes = draw_scenes(args.scene, SCORE_SETS, 200)
    print(f"{len(images)} unseen scenes")
    print_scores(args.output, images, boxes)


if __name__ == "__main__":
    main()
