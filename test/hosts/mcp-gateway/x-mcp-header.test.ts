import { expect, test } from 'vitest';
import { mirroredBy, type Mirrored } from '../../../src/hosts/mcp-gateway/x-mcp-header.ts';

const asks = (header: unknown, type: unknown = 'string') => ({ type, 'x-mcp-header': header });
const of = (properties: Readonly<Record<string, unknown>>, more = {}) => ({ type: 'object', properties, ...more });
/** A property of that name is none that asks for a header. */
const named = { 'x-mcp-header': { type: 'string' } };
const deep = Array.from({ length: 80 }).reduce((inner) => of({ inner }), asks('Deep'));

test.each<[string, unknown, readonly Mirrored[] | undefined]>([
  ['nothing asks for one', of({ a: { type: 'string' } }), []],
  ['no schema at all', undefined, []],
  ['a property is only called so', of(named), []],
  ['a text', of({ a: asks('Region') }), [{ path: ['a'], header: 'Region' }]],
  [
    'a whole number and a truth value',
    of({ a: asks('A', 'integer'), b: asks('B', 'boolean') }),
    [
      { path: ['a'], header: 'A' },
      { path: ['b'], header: 'B' },
    ],
  ],
  ['one that lies deeper', of({ a: of({ b: asks('B') }) }), [{ path: ['a', 'b'], header: 'B' }]],
  ['a number that need not be whole', of({ a: asks('A', 'number') }), undefined],
  ['an object', of({ a: asks('A', 'object') }), undefined],
  ['one of several types', of({ a: asks('A', ['string', 'null']) }), undefined],
  ['no name', of({ a: asks('') }), undefined],
  ['a name that is no text', of({ a: asks(1) }), undefined],
  ['a name with a space', of({ a: asks('My Region') }), undefined],
  ['a name with a line break', of({ a: asks('Region\r\nx') }), undefined],
  ['the same name in another case', of({ a: asks('Region'), b: asks('region') }), undefined],
  ['the schema itself', asks('All'), undefined],
  ['items of a list', of({ a: { type: 'array', items: asks('Item') } }), undefined],
  ['in one of several ways', of({}, { anyOf: [of({ a: asks('A') })] }), undefined],
  ['where only a reference leads', of({ a: { $ref: '#/$defs/a' } }, { $defs: { a: asks('A') } }), undefined],
  ['deeper than anybody looks', deep, undefined],
])('%s', (_, schema, expected) => {
  expect(mirroredBy(schema)).toEqual(expected);
});
