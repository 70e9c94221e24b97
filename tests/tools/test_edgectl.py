#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a person at a shell relies on: exit statuses, messages with a remedy, JSON that parses, files that work.

usage: test_edgectl.py EDGECTL EDGE-SCENE MODEL
"""
import json
import math
import os
import re
import socket
import struct
import subprocess
import sys
import tarfile
import tempfile
import unittest

EDGECTL, SCENE, MODEL = sys.argv[1:4]
VERBS = ("detect", "info", "compile", "bench", "eval", "ops", "devices", "doctor", "top", "reset", "report")


def edgectl(*args, status=0):
    done = subprocess.run([EDGECTL, *args], capture_output=True, text=True, timeout=300)
    if done.returncode != status:
        raise AssertionError(f"edgectl {' '.join(args)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def report(*args):
    object = json.loads(edgectl(*args, "--json").stdout)
    assert object["schema"] == 1 and object["tool"] == "edgectl" and object["verb"] == args[0]
    return object


class Edgectl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.at = lambda cls, name: os.path.join(cls.folder.name, name)
        subprocess.run([SCENE, "--seed", "950000", "--count", "6", "--size", "640x480", "--out", cls.folder.name],
                       check=True, capture_output=True)
        cls.truth = os.path.join(cls.folder.name, "annotations.json")
        with open(cls.truth) as file:
            cls.images = [os.path.join(cls.folder.name, i["file_name"]) for i in json.load(file)["images"]]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_help(self):
        text = edgectl("--help").stdout
        for verb in VERBS:
            self.assertIn(verb, text)
            self.assertIn(f"edgectl {verb}", edgectl(verb, "--help").stdout)
        self.assertRegex(edgectl("--version").stdout, r"^edgectl \d+\.\d+\.\d+$")

    def test_command_lines_that_make_no_sense(self):
        edgectl(status=2)
        self.assertIn("--help", edgectl("dance", status=2).stderr)
        edgectl("detect", MODEL, status=2)
        edgectl("detect", MODEL, self.images[0], "--score", "2", status=2)
        edgectl("bench", "--threads", "x", MODEL, status=2)
        edgectl("info", "--shape", "1x0", MODEL, status=2)

    def test_files_that_are_not_there_or_no_models(self):
        self.assertIn("nowhere.onnx", edgectl("info", "nowhere.onnx", status=1).stderr)
        self.assertIn(self.images[0], edgectl("info", self.images[0], status=1).stderr)
        message = edgectl("detect", MODEL, self.truth, status=1).stderr
        self.assertIn("annotations.json", message)

    def test_detects_what_was_drawn(self):
        found = report("detect", MODEL, self.images[0], "-o", self.at("boxes.png"))
        self.assertEqual(found["family"], "yolox")
        image = found["images"][0]
        self.assertEqual((image["width"], image["height"]), (640, 480))
        self.assertTrue(image["detections"])
        for box in image["detections"]:
            x0, y0, x1, y1 = box["box"]
            self.assertTrue(0 <= x0 <= x1 <= 640 and 0 <= y0 <= y1 <= 480)
            self.assertIn(box["label"], ("person", "bicycle", "car"))
        with open(self.at("boxes.png"), "rb") as file:
            self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")
        table = edgectl("detect", MODEL, *self.images, "-o", self.at("annotated")).stdout.splitlines()
        self.assertRegex(table[0], r"IMAGE +LABEL +SCORE +X +Y +WIDTH +HEIGHT")
        self.assertEqual(len(os.listdir(self.at("annotated"))), len(self.images))

    def test_a_damaged_image_does_not_stop_the_others(self):
        with open(self.at("broken.png"), "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\nnothing")
        done = edgectl("detect", MODEL, self.at("broken.png"), self.images[0], status=1)
        self.assertIn("broken.png", done.stderr)
        self.assertIn(os.path.basename(self.images[0]), done.stdout)

    def test_a_classifier_prints_classes(self):
        # The mean of red less that of blue, and the other way round.
        with open(self.at("colour.cfg"), "w") as file:
            file.write("[net]\nwidth=8\nheight=8\nchannels=3\n"
                       "[convolutional]\nfilters=2\nsize=1\nactivation=linear\n[avgpool]\n[softmax]\n")
        with open(self.at("colour.weights"), "wb") as file:
            file.write(struct.pack("<iiiQ2f6f", 0, 2, 5, 0, 0, 0, 2, 0, -2, -2, 0, 2))
        with open(self.at("colour.json"), "w") as file:
            json.dump({"version": 1, "labels": ["warm", "cold"]}, file)
        for name, pixel in (("warm", b"\xff\x80\x00"), ("cold", b"\x00\x80\xff")):
            with open(self.at(name + ".ppm"), "wb") as file:
                file.write(b"P6 40 20 255\n" + pixel * 800)
        args = (self.at("colour.cfg"), self.at("warm.ppm"), self.at("cold.ppm"), "--card", self.at("colour.json"))
        found = report("detect", *args)
        self.assertEqual(found["family"], "classifier")
        for image, name in zip(found["images"], ("warm", "cold")):
            self.assertEqual([c["label"] for c in image["classes"]][0], name)
            self.assertAlmostEqual(image["classes"][0]["score"], 1 / (1 + math.exp(-4)), places=5)
            self.assertAlmostEqual(sum(c["score"] for c in image["classes"]), 1, places=5)
            self.assertNotIn("detections", image)
        lines = edgectl("detect", *args, "--max", "1").stdout.splitlines()
        self.assertRegex(lines[0], r"IMAGE +LABEL +SCORE *$")
        self.assertEqual([line.split()[1:] for line in lines[1:3]], [["warm", "0.98"], ["cold", "0.98"]])
        edgectl("detect", args[0], args[1], "-o", self.at("warm.png"))
        # The labels are written onto what was one colour.
        self.assertGreater(os.path.getsize(self.at("warm.png")), 200)
        self.assertIn("classifier", edgectl("eval", self.at("colour.cfg"), "--truth", self.truth, status=1).stderr)

    def test_average_precision_on_scenes_it_has_not_seen(self):
        result = report("eval", MODEL, "--truth", self.truth, "--save", self.at("found.json"))
        self.assertGreater(result["ap50"], 0.5)
        again = report("eval", "--detections", self.at("found.json"), "--truth", self.truth)
        self.assertAlmostEqual(again["ap"], result["ap"], places=4)

    def test_ground_truth_in_three_formats(self):
        with open(self.truth) as file:
            coco = json.load(file)
        names = {c["id"]: c["name"] for c in coco["categories"]}
        order = sorted(names)
        for folder in ("voc", "yolo"):
            os.makedirs(self.at(folder))
        with open(self.at("yolo/classes.txt"), "w") as file:
            file.write("".join(names[i] + "\n" for i in order))
        for image in coco["images"]:
            stem = os.path.splitext(image["file_name"])[0]
            boxes = [a for a in coco["annotations"] if a["image_id"] == image["id"]]
            with open(self.at(f"voc/{stem}.xml"), "w") as file:
                file.write(f"<annotation><filename>{image['file_name']}</filename>")
                for a in boxes:
                    x, y, w, h = a["bbox"]
                    file.write(f"<object><name>{names[a['category_id']]}</name><bndbox><xmin>{x}</xmin><ymin>{y}</ymin>"
                               f"<xmax>{x + w}</xmax><ymax>{y + h}</ymax></bndbox></object>")
                file.write("</annotation>")
            with open(self.at(f"yolo/{stem}.txt"), "w") as file:
                for a in boxes:
                    x, y, w, h = a["bbox"]
                    file.write(f"{order.index(a['category_id'])} {(x + w / 2) / image['width']:.8f} "
                               f"{(y + h / 2) / image['height']:.8f} {w / image['width']:.8f} {h / image['height']:.8f}\n")
        whole = report("eval", MODEL, "--truth", self.truth)
        for folder in ("voc", "yolo"):
            result = report("eval", MODEL, "--truth", self.at(folder), "--images", self.folder.name)
            self.assertEqual(result["truth"], whole["truth"])
            self.assertAlmostEqual(result["ap50"], whole["ap50"], places=3)

    def test_a_program_does_what_its_model_does(self):
        edgectl("compile", MODEL, "-o", self.at("street.edge"))
        model = report("detect", MODEL, self.images[0])["images"][0]["detections"]
        program = report("detect", self.at("street.edge"), self.images[0])["images"][0]["detections"]
        self.assertEqual(model, program)
        self.assertEqual(report("info", self.at("street.edge"))["family"], "yolox")
        with open(self.at("street.edge"), "r+b") as file:
            file.seek(-100, 2)
            file.write(b"\xff" * 10)
        self.assertIn("damaged", edgectl("info", self.at("street.edge"), status=1).stderr)

    def test_bf16(self):
        def detect(model, *args):
            return report("detect", model, *args, *self.images)["images"]

        plain = report("info", MODEL)
        always = report("info", "--precision", "bf16-always", MODEL)
        self.assertEqual(plain["bf16_nodes"], 0)
        self.assertGreater(always["bf16_nodes"], len(always["nodes"]) / 3)
        self.assertEqual(always["bf16_nodes"], sum(n["kernel"] == "igemm-bf16" for n in always["nodes"]))
        self.assertLess(always["constant_bytes"], 0.75 * plain["constant_bytes"])
        for node in always["nodes"]:
            self.assertTrue(node["kernel"] == "igemm-bf16" or "Conv" not in node["op"] or "bf16" in node["reason"])

        edgectl("compile", MODEL, "--precision", "bf16-always", "-o", self.at("bf16.edge"))
        found = detect(MODEL, "--precision", "bf16-always")
        self.assertEqual(report("info", self.at("bf16.edge"))["bf16_nodes"], always["bf16_nodes"])
        for a, b, c in zip(found, detect(self.at("bf16.edge")), detect(MODEL)):
            self.assertEqual(a["detections"], b["detections"])
            self.assertNotEqual(a["detections"], c["detections"])
            wide = [d for d in c["detections"] if d["score"] > 0.6]
            for box in wide:
                self.assertTrue(any(box["label"] == other["label"] and abs(box["score"] - other["score"]) < 0.05
                                    and max(abs(x - y) for x, y in zip(box["box"], other["box"])) < 4
                                    for other in a["detections"]), (box, a["detections"]))
        self.assertIn("compile the model again",
                      edgectl("detect", self.at("bf16.edge"), self.images[0], "--precision", "bf16", status=1).stderr)

    def test_a_processor_without_bf16_says_so(self):
        for verb in (("info", "--nodes"), ("detect",)):
            done = edgectl(*verb, MODEL, *(self.images[:1] if verb[0] == "detect" else ()), "--cpu", "sse4.1",
                           "--precision", "bf16")
            self.assertIn("AVX512-BF16", done.stderr)
            self.assertNotIn("igemm-bf16", done.stdout)
        self.assertIn("has no AVX512-BF16", edgectl("info", "--nodes", MODEL, "--cpu", "c", "--precision", "bf16").stdout)
        edgectl("info", MODEL, "--precision", "f16", status=2)

    def test_info(self):
        self.assertIn("yolox", edgectl("info", MODEL).stdout)
        self.assertTrue(edgectl("info", "--dot", MODEL).stdout.startswith("digraph"))
        nodes = report("info", MODEL)["nodes"]
        self.assertTrue(all(n["device"] == "cpu" and n["kernel"] for n in nodes))
        self.assertIn("Conv", edgectl("info", "--graph", MODEL).stdout)

    def test_bench(self):
        for args in ((MODEL, "--cpu", "c"), ("--net", "mobilenet-v2"), (MODEL, "--profile")):
            result = report("bench", *args, "--seconds", "0.05", "--warmup", "0", "--threads", "1")
            self.assertGreater(result["median_ms"], 0)
            self.assertEqual(result["threads"], 1)
        for name in ("mobilenet-v1", "resnet50", "yolov3-tiny", "yolov4-tiny"):
            self.assertIn(name, edgectl("bench", "--net", "help").stdout)

    def test_ops(self):
        names = {(o["format"], o["name"]) for o in report("ops")["operators"]}
        self.assertIn(("onnx", "Conv"), names)
        self.assertIn(("darknet", "convolutional"), names)

    # What these find depends on the machine: mostly there is no accelerator, but nothing here relies on that.
    def test_devices(self):
        devices = report("devices")["devices"]
        self.assertEqual([d["index"] for d in devices], list(range(len(devices))))
        text = edgectl("devices").stdout
        if devices:
            self.assertIn(devices[0]["address"], text)
            self.assertTrue(all(bool(d["reason"]) == (d["state"] != "ready") for d in devices))
        else:
            self.assertIn("No accelerator was found", text)
            self.assertIn("edgectl doctor", text)
        edgectl("devices", "0", status=2)

    def test_doctor(self):
        done = subprocess.run([EDGECTL, "doctor", "--json"], capture_output=True, text=True, timeout=60)
        found = json.loads(done.stdout)
        verdicts = [c["verdict"] for c in found["checks"]]
        self.assertLessEqual(set(verdicts), {"ok", "warn", "fail", "skip"})
        self.assertEqual(found["healthy"], "fail" not in verdicts)
        self.assertEqual(done.returncode, 0 if found["healthy"] else 1)
        for check in found["checks"]:
            self.assertTrue(check["finding"])
            if check["verdict"] in ("warn", "fail"):
                self.assertTrue(check["remedy"].endswith("."), check)
        lines = edgectl("doctor", status=done.returncode).stdout.splitlines()
        self.assertEqual([line.split()[:2] for line in lines if line[:1].strip() and line.split()[0] in verdicts],
                         [[c["verdict"], c["name"]] for c in found["checks"]])
        # Nobody looks at it in a terminal: no colours, and remedies in one line.
        self.assertNotIn("\033", "".join(lines))
        for check in found["checks"]:
            self.assertTrue(not check["remedy"] or " " * 18 + check["remedy"] in lines, check)

    def test_top(self):
        found = report("top", "--interval", "0.05")
        self.assertGreaterEqual(found["interval_ms"], 50)
        for client in found["clients"]:
            self.assertTrue(0 <= client["busy"] <= 1)
        if not found["devices"]:
            self.assertIn("edgectl doctor", edgectl("top", "--once", status=1).stderr)
        edgectl("top", "--interval", "0", status=2)

    def test_reset_of_nothing(self):
        self.assertIn("accel999", edgectl("reset", "accel999", status=1).stderr)
        edgectl("reset", status=2)
        edgectl("reset", "a", "b", status=2)

    def test_a_report_has_no_names_in_it(self):
        path = self.at("report.tar.gz")
        written = report("report", "-o", path)
        self.assertEqual(written["file"], path)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        with tarfile.open(path) as archive:
            files = {m.name: archive.extractfile(m).read().decode() for m in archive}
        self.assertEqual(sorted(files), sorted("edge-report/" + c["name"] for c in written["contents"]))
        self.assertIn("verdict", files["edge-report/doctor.json"])
        json.loads(files["edge-report/devices.json"])
        self.assertNotRegex("".join(files.values()), r"\b%s\b" % re.escape(socket.gethostname()))
        # What is there already stays.
        self.assertIn("report.tar.gz", edgectl("report", "-o", path, status=1).stderr)
        self.assertIn("report.tar.gz", edgectl("report", "-o", self.at("nowhere/report.tar.gz"), status=1).stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
