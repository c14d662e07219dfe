// One model in llama.cpp through node-llama-cpp: says it is ready, then measures a round for every line that comes in.
import {createInterface} from "node:readline";
import {createRequire} from "node:module";
import {join} from "node:path";
import {pathToFileURL} from "node:url";

const [installation, modelPath, threads, vocabulary] = process.argv.slice(2);
const require = createRequire(join(installation, "package.json"));
const {getLlama} = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
const llama = await getLlama({gpu: false, build: "never", maxThreads: Number(threads), logLevel: "error"});
const model = await llama.loadModel({modelPath, gpuLayers: 0});
const context = await model.createContext({contextSize: 2048, batchSize: 512, threads: Number(threads)});
const sequence = context.getSequence();

const seconds = (from, to) => Number(to - from) / 1e9;
console.log(JSON.stringify({ready: true}));
for await (const line of createInterface({input: process.stdin})) {
    const [prompt, decoded] = line.split(" ").map(Number);
    await sequence.clearHistory();
    const tokens = Array.from({length: prompt}, (_, i) => 300 + (i * 7919) % (vocabulary - 300));
    const start = process.hrtime.bigint();
    await sequence.evaluateWithoutGeneratingNewTokens(tokens);
    const filled = process.hrtime.bigint();
    let generated = 0;
    for await (const _ of sequence.evaluate([300], {temperature: 0, yieldEogToken: true})) {
        generated++;
        if (generated === decoded) {
            break;
        }
    }
    const end = process.hrtime.bigint();
    console.log(JSON.stringify({prompt: seconds(start, filled), decode: seconds(filled, end)}));
}
process.exit(0);
