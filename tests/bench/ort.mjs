// SPDX-License-Identifier: MIT
// Measures one model in ONNX Runtime and prints JSON.
// usage: node ort.mjs FOLDER-OF-NODE_MODULES MODEL THREADS WARMUP-SECONDS SECONDS
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const [folder, model, threads, warmup, seconds] = process.argv.slice(2);
const ort = createRequire(path.resolve(folder) + '/')('onnxruntime-node');
const now = () => Number(process.hrtime.bigint()) / 1e6;

// Reals from 0 to 1, bytes of all values.
const arrays = { float32: Float32Array, uint8: Uint8Array, int8: Int8Array };

function randomInput(meta) {
	const dims = meta.shape.map((d) => (typeof d === 'number' && d > 0 ? d : 1));
	const data = new arrays[meta.type](dims.reduce((a, b) => a * b, 1));
	let seed = 1;
	for (let i = 0; i < data.length; i++) {
		seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
		data[i] = meta.type === 'float32' ? (seed >>> 8) / 16777216 : seed >>> 24;
	}
	return new ort.Tensor(meta.type, data, dims);
}

let start = now();
const session = await ort.InferenceSession.create(model, {
	intraOpNumThreads: Number(threads),
	interOpNumThreads: 1,
	executionMode: 'sequential',
	graphOptimizationLevel: 'all',
	logSeverityLevel: 3,
});
const load = now() - start;
const feeds = {};
for (const meta of session.inputMetadata)
	feeds[meta.name] = randomInput(meta);

start = now();
await session.run(feeds);
const first = now() - start;

const times = [];
const warm = now() + warmup * 1000;
const end = warm + seconds * 1000;
while (times.length === 0 || now() < end) {
	start = now();
	await session.run(feeds);
	if (start >= warm)
		times.push(now() - start);
}
times.sort((a, b) => a - b);
const peak = readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\s+(\d+)/)[1] * 1024;
console.log(JSON.stringify({
	version: ort.env?.versions?.node ?? ort.env?.versions?.common,
	load_ms: load,
	first_ms: first,
	median_ms: times[(times.length - 1) >> 1],
	min_ms: times[0],
	runs: times.length,
	peak_memory_bytes: peak,
}));
process.exit(0);
