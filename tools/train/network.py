# SPDX-License-Identifier: MIT
"""The network, in the manner of YOLOX, and what it is to minimise.

Ge et al. 2021, "YOLOX: Exceeding YOLO Series in 2021": no anchors, labels assigned by SimOTA, and
the layout of outputs that YOLOX exports. ReLU instead of SiLU: accelerators have it.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

from scenes import HEIGHT, WIDTH

STRIDES = (8, 16, 32)
NAMES = ("person", "bicycle", "car")


def conv(inputs, outputs, size, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Block(nn.Module):
    """A residual bottleneck."""

    def __init__(self, channels, hidden):
        super().__init__()
        self.body = nn.Sequential(conv(channels, hidden, 1), conv(hidden, channels, 3))

    def forward(self, x):
        return x + self.body(x)


class Detector(nn.Module):
    """BGR images, 0 to 255, to logits of [n, cells, 5 + classes]: x, y, w and h relative to the
    cell, objectness, classes."""

    def __init__(self):
        super().__init__()
        neck = 40
        self.to8 = nn.Sequential(
            conv(3, 16, 3, 2), conv(16, 24, 3, 2), conv(24, 48, 3, 2), Block(48, 16)
        )
        self.to16 = nn.Sequential(conv(48, 64, 3, 2), Block(64, 32), Block(64, 32))
        self.to32 = nn.Sequential(conv(64, 72, 3, 2), Block(72, 32))
        self.lateral32 = conv(72, neck, 1)
        self.lateral16 = conv(64 + neck, neck, 1)
        self.lateral8 = conv(48 + neck, neck, 1)
        self.heads = nn.ModuleList(conv(neck, neck, 3) for _ in STRIDES)
        self.outputs = nn.ModuleList(nn.Conv2d(neck, 5 + len(NAMES), 1) for _ in STRIDES)
        for output in self.outputs:
            # At first nearly every cell is background; say so from the start.
            nn.init.constant_(output.bias[4:], -math.log(99.0))

    def forward(self, x):
        c8 = self.to8(x)
        c16 = self.to16(c8)
        c32 = self.to32(c16)
        p32 = self.lateral32(c32)
        p16 = self.lateral16(torch.cat([c16, F.interpolate(p32, scale_factor=2.0)], 1))
        p8 = self.lateral8(torch.cat([c8, F.interpolate(p16, scale_factor=2.0)], 1))
        levels = [
            output(head(p)) for p, head, output in zip((p8, p16, p32), self.heads, self.outputs)
        ]
        return torch.cat([level.flatten(2) for level in levels], 2).permute(0, 2, 1)


class Exported(nn.Module):
    """The network with the sigmoids that users of YOLOX expect inside."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        y = self.network(x)
        return torch.cat([y[..., :4], torch.sigmoid(y[..., 4:])], -1)


def make_cells():
    """For each cell its column, row and stride."""
    rows = []
    for s in STRIDES:
        y, x = torch.meshgrid(
            torch.arange(HEIGHT // s), torch.arange(WIDTH // s), indexing="ij"
        )
        rows.append(torch.stack([x.flatten(), y.flatten(), torch.full((x.numel(),), s)], 1))
    return torch.cat(rows).float()


CELLS = make_cells()


def decode(raw):
    """Corners in pixels of the input."""
    stride = CELLS[:, 2:]
    middle = (raw[..., :2] + CELLS[:, :2]) * stride
    half = torch.exp(raw[..., 2:4].clamp(max=8)) * stride / 2
    return torch.cat([middle - half, middle + half], -1)


def overlap(a, b):
    """IoU and generalised IoU of boxes that broadcast."""
    low, high = torch.minimum(a, b), torch.maximum(a, b)
    inter = (low[..., 2:] - high[..., :2]).clamp(min=0).prod(-1)
    hull = (high[..., 2:] - low[..., :2]).prod(-1) + 1e-6
    both = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1)
    union = both - inter + 1e-6
    return inter / union, inter / union - (hull - union) / hull


@torch.no_grad()
def assign(raw, boxes, truth):
    """SimOTA for one image: the cells that answer for a box, which box, and how well they fit.

    Candidates are the cells within a cell and a half of a box's middle, on each level, so that
    every box has some. A box gets as many of them as its ten best fits add up to: the cheapest.
    """
    corners, labels = truth[:, 1:], truth[:, 0].long()
    centres = (CELLS[:, :2] + 0.5) * CELLS[:, 2:]
    middles = (corners[:, :2] + corners[:, 2:]) / 2
    off = (centres[None] - middles[:, None]).abs().amax(-1) / CELLS[None, :, 2]
    candidates = (off < 1.5).any(0).nonzero()[:, 0]
    near = off[:, candidates] < 1.5

    fit, _ = overlap(corners[:, None], boxes[candidates][None])
    chance = (raw[candidates, 4:5].sigmoid() * raw[candidates, 5:].sigmoid()).sqrt()
    wanted = F.one_hot(labels, len(NAMES)).float()
    doubt = F.binary_cross_entropy(
        chance[None].expand(len(truth), -1, -1),
        wanted[:, None].expand(-1, len(candidates), -1),
        reduction="none",
    ).sum(-1)
    cost = doubt - 3 * torch.log(fit + 1e-8) + 1e5 * ~near

    share = fit.topk(min(10, fit.shape[1]), 1)[0].sum(1).int().clamp(min=1)
    taken = torch.zeros_like(near)
    for i in range(len(truth)):
        taken[i, cost[i].topk(min(int(share[i]), len(candidates)), largest=False)[1]] = True
    taken &= near
    owner = torch.where(taken, cost, torch.full_like(cost, 1e9)).argmin(0)
    chosen = taken.any(0)
    owner = owner[chosen]
    return candidates[chosen], owner, fit[owner, chosen.nonzero()[:, 0]]


def losses_of(raw, truths):
    """Of boxes, objectness and classes, per cell that answers for a box."""
    boxes = decode(raw)
    objectness = torch.zeros(raw.shape[:2])
    box_loss = raw.new_zeros(())
    class_loss = raw.new_zeros(())
    total = 0
    for i, truth in enumerate(truths):
        if not len(truth):
            continue
        index, owner, fit = assign(raw[i].detach(), boxes[i].detach(), truth)
        objectness[i, index] = 1
        total += len(index)
        box_loss = box_loss + (1 - overlap(boxes[i, index], truth[owner, 1:])[1]).sum()
        wanted = F.one_hot(truth[owner, 0].long(), len(NAMES)).float() * fit[:, None]
        class_loss = class_loss + F.binary_cross_entropy_with_logits(
            raw[i, index, 5:], wanted, reduction="sum"
        )
    object_loss = F.binary_cross_entropy_with_logits(raw[..., 4], objectness, reduction="sum")
    total = max(total, 1)
    return 4 * box_loss / total, object_loss / total, class_loss / total
