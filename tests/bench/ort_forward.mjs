// SPDX-License-Identifier: MIT
// Runs one model in ONNX Runtime on the images of another program.
// usage: node ort_forward.mjs FOLDER-OF-NODE_MODULES MODEL
// Input tensors come on standard input, dense f32, one after the other. For each, a line of JSON
// with the shapes of the outputs goes to standard output, then the outputs, dense f32.
import { createRequire } from 'node:module';
import { writeSync } from 'node:fs';
import path from 'node:path';

const [folder, model] = process.argv.slice(2);
const ort = createRequire(path.resolve(folder) + '/')('onnxruntime-node');
const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
const [input] = session.inputMetadata;
const size = input.shape.reduce((a, b) => a * b, 4);

function writeAll(bytes) {
	for (let at = 0; at < bytes.length;) {
		try {
			at += writeSync(1, bytes, at);
		} catch (error) {
			if (error.code !== 'EAGAIN')
				throw error;
		}
	}
}

async function forward(bytes) {
	const { buffer, byteOffset } = bytes;
	const values = new Float32Array(buffer.slice(byteOffset, byteOffset + size));
	const tensor = new ort.Tensor('float32', values, input.shape);
	const results = await session.run({ [input.name]: tensor });
	const outputs = session.outputNames.map((name) => results[name]);
	writeAll(Buffer.from(JSON.stringify(outputs.map((output) => output.dims)) + '\n'));
	for (const { data } of outputs)
		writeAll(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
}

let pending = Buffer.alloc(0);
for await (const chunk of process.stdin) {
	pending = Buffer.concat([pending, chunk]);
	while (pending.length >= size) {
		await forward(pending.subarray(0, size));
		pending = pending.subarray(size);
	}
}
