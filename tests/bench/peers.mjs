// SPDX-License-Identifier: MIT
// Us and ONNX Runtime side by side: the same models, alternating, each measurement a process of its own.
//
// usage: node peers.mjs --edgectl PATH --ort FOLDER [--image FILE] [--rounds N] [--seconds S] [--threads 1,2]
//                       [--only TEXT] MODEL.onnx|FOLDER...
//
// Prints medians over the rounds of each process's median run, and their ratio; below 1 we are faster. Models of
// bytes have a table of their own, beside the same network in f32 where its file is there too, and with their share of
// what this machine's multiply-adds of bytes reach. With an image also the time from the start of a process to its
// first boxes, for the models of f32 that are detectors.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const here = path.dirname(new URL(import.meta.url).pathname);
const options = { rounds: '3', seconds: '1', warmup: '0.3', threads: '1,2', only: '' };
const places = [];
for (let argv = process.argv.slice(2); argv.length;) {
	const word = argv.shift();
	if (word.startsWith('--'))
		options[word.slice(2)] = argv.shift();
	else
		places.push(word);
}

// `legacy` repeats the same networks.
function findModels(place) {
	if (!statSync(place).isDirectory())
		return [place];
	return readdirSync(place).sort().flatMap((name) => {
		const file = path.join(place, name);
		if (statSync(file).isDirectory())
			return name === 'legacy' ? [] : findModels(file);
		return name.endsWith('.onnx') ? [file] : [];
	});
}

const isOfBytes = (model) => /[-_](int8|qdq)\b/.test(path.basename(model));

// The same network in f32: the path without what says that it is quantised.
function twinOf(model) {
	const twin = model.replace(/[-_](int8|qdq)(?=[-_./])/g, '');
	return existsSync(twin) ? twin : null;
}

function ours(model, threads) {
	return JSON.parse(execFileSync(options.edgectl, ['bench', '--json', '--threads', threads, '--warmup', options.warmup,
		'--seconds', options.seconds, model], { encoding: 'utf8' }));
}

function theirs(model, threads) {
	return JSON.parse(execFileSync('node', [path.join(here, 'ort.mjs'), options.ort, model, threads, options.warmup,
		options.seconds], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

const median = (list) => list.slice().sort((a, b) => a - b)[(list.length - 1) >> 1];
const geomean = (list) => Math.exp(list.reduce((sum, x) => sum + Math.log(x), 0) / list.length);
const pad = (text, width) => String(text).padStart(width);

function compare(model, threads) {
	const a = [], b = [];
	for (let round = 0; round < Number(options.rounds); round++) {
		const pair = [() => a.push(ours(model, threads)), () => b.push(theirs(model, threads))];
		if (round % 2)
			pair.reverse();
		pair.forEach((measure) => measure());
	}
	const field = (list, name) => median(list.map((x) => x[name]));
	return {
		ours: field(a, 'median_ms'), theirs: field(b, 'median_ms'),
		first: [field(a, 'load_ms') + field(a, 'compile_ms') + field(a, 'prepare_ms') + field(a, 'first_ms'),
			field(b, 'load_ms') + field(b, 'first_ms')],
		memory: [field(a, 'peak_memory_bytes'), field(b, 'peak_memory_bytes')],
		flops: a[0].flops, bytePeak: Math.max(...a.map((x) => x.peak_byte_operations)),
	};
}

const models = places.flatMap(findModels).filter((model) => model.includes(options.only));
if (!models.length || !options.edgectl || !options.ort) {
	console.error('usage: node peers.mjs --edgectl PATH --ort FOLDER MODEL.onnx|FOLDER...');
	process.exit(2);
}
const [reals, bytes] = [models.filter((model) => !isOfBytes(model)), models.filter(isOfBytes)];
const f32 = {}; // our times by threads and model

function summary(title, threads, ratios) {
	if (ratios.length)
		console.log(`${title.padEnd(38)} ${pad(threads, 3)} ${pad('', 9)} ${pad('', 9)} ` +
			`${pad(geomean(ratios).toFixed(3), 6)}   worst ${Math.max(...ratios).toFixed(2)} of ${ratios.length} models`);
}

// A line for each model, with what `more` says of it.
function table(list, threads, more) {
	const ratios = [];
	for (const model of list) {
		const name = path.basename(model, '.onnx').slice(-38);
		let result;
		try {
			result = compare(model, threads);
		} catch (error) {
			console.log(`${name.padEnd(38)} ${pad(threads, 3)} failed: ${String(error.stderr || error.message).trim().split('\n')[0]}`);
			process.exitCode = 1;
			continue;
		}
		const ratio = result.ours / result.theirs;
		ratios.push(ratio);
		console.log(`${name.padEnd(38)} ${pad(threads, 3)} ${pad(result.ours.toFixed(3), 9)} ${pad(result.theirs.toFixed(3), 9)} ` +
			`${pad(ratio.toFixed(2), 6)}   ${pad(result.first[0].toFixed(1), 10)} ${pad(result.first[1].toFixed(1), 8)}   ` +
			`${pad((result.memory[0] / 1e6).toFixed(0), 6)} ${pad((result.memory[1] / 1e6).toFixed(0), 6)}${more(model, result)}`);
	}
	summary('geometric mean', threads, ratios);
}

const title = `${'model'.padEnd(38)} thr ${pad('edge', 9)} ${pad('ort', 9)} ${pad('ratio', 6)}   ` +
	`${pad('load+first', 10)} ${pad('ort', 8)}   ${pad('MB', 6)} ${pad('ort', 6)}`;
console.log('ms of a run (medians); load + first: from opening the file to the first result; memory: peak of the process');
for (const threads of reals.length ? options.threads.split(',') : []) {
	console.log(title);
	table(reals, threads, (model, result) => {
		f32[`${threads} ${model}`] = result.ours;
		return '';
	});
	console.log();
}

if (bytes.length)
	console.log('models of bytes; /f32: our time by that for the same network in f32; peak: share of the peak for bytes');
for (const threads of bytes.length ? options.threads.split(',') : []) {
	const gains = [];
	console.log(`${title}   ${pad('/f32', 5)} ${pad('peak', 5)}`);
	table(bytes, threads, (model, result) => {
		const twin = twinOf(model), share = result.flops / result.ours / result.bytePeak * 1e3;
		let gain = '-';
		if (twin) {
			gains.push(result.ours / (f32[`${threads} ${twin}`] ??= ours(twin, threads).median_ms));
			gain = gains.at(-1).toFixed(2);
		}
		return `   ${pad(gain, 5)} ${pad((100 * share).toFixed(0), 4)}%`;
	});
	summary('geometric mean of /f32', threads, gains);
	console.log();
}

// Whole processes, from their start to the first boxes. The peer stops at the network's outputs: it reads no image and
// decodes no boxes, so the comparison is in its favour; what node needs before it does anything is taken off.
function wall(command, args) {
	const start = process.hrtime.bigint();
	const done = spawnSync(command, args, { stdio: 'ignore' });
	return done.status === 0 ? Number(process.hrtime.bigint() - start) / 1e6 : NaN;
}

function firstBoxes(model) {
	const program = path.join(options.ort, 'first.edge');
	const times = { model: [], program: [], peer: [], node: [] };
	wall(options.edgectl, ['compile', '-o', program, model]);
	for (let round = 0; round < 5; round++) {
		times.model.push(wall(options.edgectl, ['detect', '-t', '1', model, options.image]));
		if (Number.isNaN(times.model[0]))
			return { model: NaN };
		times.program.push(wall(options.edgectl, ['detect', '-t', '1', program, options.image]));
		times.peer.push(wall('node', [path.join(here, 'ort.mjs'), options.ort, model, '1', '0', '0']));
		times.node.push(wall('node', ['-e', '0']));
	}
	return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

if (options.image && reals.length) {
	console.log('ms from the start of the process to the first boxes, 1 thread (ort: to the first outputs, less node itself)');
	console.log(`${'model'.padEnd(38)} ${pad('edge', 9)} ${pad('.edge', 9)} ${pad('ort', 9)}`);
	for (const model of reals) {
		const times = firstBoxes(model);
		if (Number.isNaN(times.model))
			continue;
		console.log(`${path.basename(model, '.onnx').slice(0, 38).padEnd(38)} ${pad(times.model.toFixed(1), 9)} ` +
			`${pad(times.program.toFixed(1), 9)} ${pad((times.peer - times.node).toFixed(1), 9)}`);
	}
}
