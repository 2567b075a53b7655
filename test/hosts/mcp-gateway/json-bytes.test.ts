import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLine } from '../../../src/hosts/mcp-gateway/frame.ts';
import { FrameLines } from '../../../src/hosts/mcp-gateway/frame-lines.ts';
import { overlongId } from '../../../src/hosts/mcp-gateway/overlong.ts';
import { wishOf } from '../../../src/hosts/mcp-gateway/wish.ts';

const spaced = fc.constantFrom(undefined, 1, '\t');
const long = fc.string({ unit: 'grapheme', minLength: 40, maxLength: 200 });
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  long,
  fc.constantFrom('\\', '"', '\\"'.repeat(60), `${'x'.repeat(60)}\\`, 'ü"{[]},:'),
);

test('the members of any message lie where its reader finds them', () => {
  const messages = fc.dictionary(fc.oneof(fc.constantFrom('id', 'result', 'params'), fc.string()), value, { maxKeys: 6 });
  fc.assert(
    fc.property(messages, spaced, (message, space) => {
      const { method: _, id: __, ...plain } = message;
      const bytes = Buffer.from(JSON.stringify(plain, undefined, space));
      const line = readLine(bytes);
      if (line.kind !== 'message') throw new Error(line.kind);
      const found = [...line.frame.members].map(([name, { start, end }]) => [name, JSON.parse(bytes.toString('utf8', start, end))]);
      expect(found).toEqual(Object.entries(plain).map(([name, member]) => [name, JSON.parse(JSON.stringify(member))]));
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('bytes cut anywhere are the same lines', () => {
  fc.assert(
    fc.property(fc.array(long, { minLength: 1, maxLength: 5 }), fc.nat({ max: 64 }), (texts, size) => {
      const whole = Buffer.from(texts.map((text) => `${JSON.stringify(text)}\n`).join(''));
      const lines = new FrameLines();
      const step = size + 1;
      const found = Array.from({ length: Math.ceil(whole.length / step) }, (_, n) => lines.push(whole.subarray(n * step, (n + 1) * step)));
      expect(found.flat().map(String)).toEqual(texts.map((text) => `${JSON.stringify(text)}\n`));
      expect(lines.rest()).toBeUndefined();
    }),
    { numRuns: 100, seed: 1 },
  );
});

test('a message that comes in parts is read as in one piece, whether it is JSON or not', () => {
  const written = fc.array(fc.constantFrom('x', '\\', '"', '\\"', 'ü', '{', ',', 'words of a text '), { minLength: 1, maxLength: 8 });
  const texts = fc.tuple(written, fc.constantFrom(1, 60, 700)).map(([parts, times]) => parts.join('').repeat(times));
  const messages = fc.dictionary(fc.constantFrom('id', 'result', 'error', 'params'), fc.oneof(texts, fc.array(texts, { maxLength: 3 })));
  fc.assert(
    fc.property(messages, fc.integer({ min: 1, max: 9_000 }), fc.option(fc.nat()), (message, size, lost) => {
      const right = JSON.stringify(message);
      // Without one of its characters most messages are none any more.
      const at = lost === null ? right.length : lost % right.length;
      const whole = Buffer.from(`${right.slice(0, at)}${right.slice(at + 1)}\n`);
      const lines = new FrameLines();
      const parts = Array.from({ length: Math.ceil(whole.length / size) }, (_, n) => whole.subarray(n * size, (n + 1) * size));
      const [line] = parts.flatMap((part) => lines.push(part));
      if (line === undefined || 'tail' in line) throw new Error('No line');
      expect(reading(line)).toEqual(reading(whole));
    }),
    { numRuns: 150, seed: 1 },
  );
});

function reading(bytes: Buffer) {
  const line = readLine(bytes);
  return line.kind === 'message' ? [...line.frame.members] : line;
}

test.each<[string, string]>([
  ['{"id":1,"id":2}', 'bad'],
  ['{"id":1,"\\u0069d":2}', 'bad'],
  ['{"id":1}{"id":2}', 'bad'],
  ['{"id":1', 'bad'],
  ['{"id" 1}', 'bad'],
  ['{"method":7}', 'bad'],
  ['[{"id":1},{"id":2}]', 'batch'],
  ['hello', 'noise'],
  ['', 'noise'],
  ['  {"id":1}\r\n', 'message'],
])('%s is %s', (text, kind) => {
  expect(readLine(Buffer.from(text)).kind).toBe(kind);
});

test.each<[string, string, string | undefined]>([
  ['{"jsonrpc":"2.0","id":7,"result":{"a":"xx', 'xx"}}\n', '7'],
  ['{"id":"a\\"b","result":"xx', 'x"}', '"a\\"b"'],
  ['{"result":{"id":3,"a":"xx', 'xx"},"jsonrpc":"2.0","id":8}\n', '8'],
  ['{"result":{"id":3,"a":"xx', '"id":3}}', undefined],
])('a line of which only %s … %s is left answers %s', (head, tail, id) => {
  const line = { head: Buffer.from(head), tail: Buffer.from(tail), length: 1 };
  expect(overlongId(line)).toBe(id);
});

test.each<[string, string]>([
  ['--name github -- npx -y x', 'github'],
  ['-- npx -y @modelcontextprotocol/server-github@1.2.3', 'server-github'],
  ['-- node /opt/servers/notes.mjs --verbose', 'notes'],
  ['-- uvx mcp-server-git', 'mcp-server-git'],
  ['-- /usr/bin/memory-server', 'memory-server'],
])('%s: policies know the server as %s', (argv, name) => {
  expect(wishOf(argv.split(' ')).server).toBe(name);
});

test('without a command nothing is started', () => {
  expect(() => wishOf(['--name', 'x'])).toThrow('no COMMAND');
});
