// What programs with OpenAI's client for Node send, against a running service: BASE_URL is its address with /v1. Runs where
// the packages of package.json are installed: a line for each check that fails, and then the exit status is 1.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.cwd() + '/');
const load = (name) => import(pathToFileURL(require.resolve(name)));
const OpenAI = (await load('openai')).default;
const { zodResponseFormat } = await load('openai/helpers/zod');
const { z } = await load('zod');

const model = process.env.MODEL ?? 'llama-mini';
const messages = [{ role: 'user', content: 'Hi' }];
const client = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: 'none-needed-on-loopback', maxRetries: 0 });
let checks = 0;
let failures = 0;

async function check(label, expectation) {
  checks++;
  try {
    const result = await expectation();
    if (!result) throw new Error(`is ${JSON.stringify(result)}`);
  } catch (error) {
    failures++;
    console.log(`FAIL ${label}: ${error.name}: ${String(error.message).slice(0, 600)}`);
  }
}

const chat = (fields) => client.chat.completions.create({ model, messages, max_tokens: 3, ...fields });

await check('chats', async () => (await chat({})).choices[0].message.role === 'assistant');
await check('takes what asks for nothing', async () =>
  (await chat({ tools: [], store: false, safety_identifier: 'u', stop: null, n: 1.0, user: undefined })).choices.length === 1);
await check('streams with usage', async () => {
  let last;
  for await (const chunk of await chat({ stream: true, stream_options: { include_usage: true } })) last = chunk;
  return last.usage.completion_tokens > 0;
});
await check('goes on from its own answer', async () => {
  const answer = (await chat({})).choices[0].message;
  return (await chat({ messages: [...messages, answer, { role: 'user', content: 'B' }] })).choices.length === 1;
});
const tools = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string', maxLength: 9 } }, required: ['city'] },
    },
  },
];
await check('calls a tool and goes on with what it gave', async () => {
  const asked = { tools, tool_choice: 'required', parallel_tool_calls: false, max_tokens: 80, seed: 1 };
  const choice = (await chat(asked)).choices[0];
  const call = choice.message.tool_calls[0];
  const city = JSON.parse(call.function.arguments).city;
  const result = { role: 'tool', tool_call_id: call.id, content: 'rain' };
  const next = await chat({ tools, tool_choice: 'none', messages: [...messages, choice.message, result] });
  return choice.finish_reason === 'tool_calls' && typeof city === 'string' && next.choices[0].message.content !== null;
});
await check('streams a call', async () => {
  const stream = client.chat.completions.stream({ model, messages, tools, tool_choice: 'required', max_tokens: 80, seed: 2 });
  const call = (await stream.finalChatCompletion()).choices[0].message.tool_calls[0];
  return call.id && typeof JSON.parse(call.function.arguments).city === 'string';
});
await check('streams a response', async () => {
  const types = [];
  for await (const event of await client.responses.create({ model, input: 'Hi', max_output_tokens: 4, stream: true })) types.push(event.type);
  return types[0] === 'response.created' && types.at(-1) === 'response.incomplete' && types.includes('response.output_text.delta');
});
await check('calls a tool in a response', async () => {
  const asked = { tools: [{ type: 'function', ...tools[0].function }], tool_choice: 'required', max_output_tokens: 80 };
  const call = (await client.responses.create({ model, input: 'Hi', ...asked })).output.at(-1);
  return call.type === 'function_call' && typeof JSON.parse(call.arguments).city === 'string';
});
await check('embeds', async () => (await client.embeddings.create({ model, input: ['Hi', 'Ho'] })).data[1].embedding.length > 0);
await check('embeds as many as LangChain.js sends', async () =>
  (await client.embeddings.create({ model, input: Array(512).fill('Hi') })).data.length === 512);

const schemas = {
  number: z.object({ n: z.number() }),
  choice: z.object({ e: z.enum(['a', 'b']), k: z.literal('x') }),
  nullable: z.object({ a: z.string().nullable() }),
  union: z.object({ a: z.union([z.string(), z.number()]) }),
  array: z.object({ a: z.array(z.string()).min(1).max(3) }),
  described: z.object({ a: z.string().describe('x').max(5), b: z.boolean() }),
};
for (const [name, schema] of Object.entries(schemas)) {
  const asked = { model, messages, max_tokens: 200, seed: 1 };
  await check(`parses zod ${name}`, async () => {
    const answer = await client.chat.completions.parse({ ...asked, response_format: zodResponseFormat(schema, 'answer') });
    return schema.safeParse(answer.choices[0].message.parsed).success;
  });
}
console.log(`${checks} checks, ${failures} failed`);
process.exit(failures || checks < 12 ? 1 : 0);
