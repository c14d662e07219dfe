// Prints JSON schemas as zod writes them, by the type that they were made of: npm install zod@4 && node zod-schemas.mjs > zod.json
import { z } from 'zod';
import { createRequire } from 'node:module';
const types = {
  int: z.int(), int32: z.int32(), uint32: z.uint32(), positive: z.number().int().positive(), float32: z.float32(), float64: z.float64(),
  int64: z.number().gte(0).lte(2 ** 62), multipleOf: z.number().multipleOf(2), step: z.number().multipleOf(0.5),
  datetime: z.iso.datetime(), 'datetime with offset': z.iso.datetime({ offset: true }), date: z.iso.date(), time: z.iso.time(), duration: z.iso.duration(),
  email: z.email(), uuid: z.uuid(), guid: z.guid(), url: z.url(), ipv4: z.ipv4(), ipv6: z.ipv6(), cidr: z.cidrv4(), e164: z.e164(),
  base64: z.base64(), base64url: z.base64url(), hostname: z.hostname(), ulid: z.ulid(), uuidv7: z.uuidv7(), 'cidr v6': z.cidrv6(), mac: z.mac(),
  'never, if there': z.object({ a: z.never().optional(), b: z.int32() }), uppercase: z.string().uppercase(), letters: z.string().regex(/^\p{L}{1,9}$/u), nanoid: z.nanoid(), cuid2: z.cuid2(), jwt: z.jwt(), lowercase: z.string().lowercase(),
  'starts, ends, includes': z.string().startsWith('ab').endsWith('c').includes('x'), template: z.templateLiteral(['a-', z.number()]), regex: z.string().regex(/^a/),
  record: z.record(z.string(), z.number()), 'record by enum': z.record(z.enum(['a', 'b']), z.number()), 'partial record': z.partialRecord(z.enum(['a', 'b']), z.number()),
  enum: z.enum(['a', 'b']), literals: z.literal(['a', 1, true]), nullable: z.string().nullable(), union: z.union([z.string(), z.number()]),
  discriminated: z.discriminatedUnion('k', [z.object({ k: z.literal('a'), x: z.string() }), z.object({ k: z.literal('b'), y: z.boolean() })]),
  array: z.array(z.string()).min(1).max(3), tuple: z.tuple([z.string(), z.int()]), 'tuple with rest': z.tuple([z.string()]).rest(z.int()),
  intersection: z.intersection(z.object({ x: z.literal(1) }), z.object({ y: z.int() })),
  meta: z.object({ a: z.string().max(3).meta({ title: 'T', examples: ['x'], deprecated: true, foo: 'bar' }) }),
  strict: z.strictObject({ a: z.literal('x') }), loose: z.looseObject({ a: z.literal('x') }), any: z.object({ a: z.any() }), defaults: z.object({ a: z.string().max(3).default('x') }),
  lazy: (() => { const N = z.object({ v: z.int32(), get c() { return z.array(N); } }); return z.object({ root: N }); })(),
};
const all = { zod: createRequire(import.meta.url)('zod/package.json').version };
for (const [name, type] of Object.entries(types)) all[name] = z.toJSONSchema(type);
console.log(JSON.stringify(all, null, 1));
