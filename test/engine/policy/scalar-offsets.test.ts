import { expect, test } from 'vitest';
import { Document, isScalar, parseDocument, Scalar } from 'yaml';
import { scalarOffsets } from '../../../src/engine/policy/scalar-offsets.ts';

const styles = [Scalar.PLAIN, Scalar.QUOTE_SINGLE, Scalar.QUOTE_DOUBLE, Scalar.BLOCK_LITERAL, Scalar.BLOCK_FOLDED] as const;
const pieces = ['a', 'b', 'request', '.', ' ', '  ', '\n', '\n\n', '"', "'", '\\', '\t', '#', ':', '!', '(x == y)', 'é', '😀', '\u0007'];

test('every character of a value is found in the source, whatever the style', () => {
  let seed = 3;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % below;
  };
  let checked = 0;
  const wrong: string[] = [];
  for (let round = 0; round < 6_000; round += 1) {
    const value = Array.from({ length: random(25) }, () => pieces[random(pieces.length)]).join('');
    const written = write(value, styles[random(styles.length)] ?? Scalar.PLAIN, [0, 20, 40, 80][random(4)] ?? 0, 2 + random(3));
    const source = random(2) === 0 ? written : written.replaceAll('\n', '\r\n');
    const scalar = parseDocument(source).getIn(['a', 0, 'cel'], true);
    if (!isScalar(scalar) || typeof scalar.value !== 'string') continue;
    const offsets = scalarOffsets(source, scalar);
    expect(offsets).toHaveLength(scalar.value.length + 1);
    const { value: decoded } = scalar;
    const lost = offsets
      .slice(0, -1)
      .findIndex((offset, index) => /[a-z.(=]/.test(decoded[index] ?? '') && source[offset] !== decoded[index]);
    if (lost >= 0) wrong.push(JSON.stringify({ source, lost }));
    checked += 1;
  }
  expect(wrong).toEqual([]);
  expect(checked).toBeGreaterThan(5_000);
});

function write(value: string, type: Scalar.Type, lineWidth: number, indent: number): string {
  const document = new Document({ a: [{ cel: value }, { z: 1 }] });
  const scalar = document.getIn(['a', 0, 'cel'], true);
  if (isScalar(scalar)) scalar.type = type;
  return document.toString({ lineWidth, indent, minContentWidth: 0 });
}
