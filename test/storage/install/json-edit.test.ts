import { describe, expect, test } from 'vitest';
import { hasMember, removeMember, setMember } from '../../../src/storage/install/json-edit.ts';

describe('taking a member out leaves every other byte', () => {
  test.each<[string, string, readonly string[], string]>([
    ['the only one', '{"a":1}', ['a'], '{}'],
    ['the first', '{ "a" : 1 , "b":2}', ['a'], '{ "b":2}'],
    ['the last', '{\n\t"b": 2,\n\t"a": {"x": "}"}\n}\n', ['a'], '{\n\t"b": 2\n}\n'],
    ['one in the middle', '{"b":[1,{"a":2}],"a":"\\",","c":3}', ['a'], '{"b":[1,{"a":2}],"c":3}'],
    ['a nested one', '{"x":{"y":{"a":[]},"z":1}}', ['x', 'y', 'a'], '{"x":{"y":{},"z":1}}'],
    ['one that stands there twice', '{"a":1,"b":2,"a":3}', ['a'], '{"b":2}'],
    ['an escaped name', '{"\\u0061":1,"b":2}', ['a'], '{"b":2}'],
    ['none', '{"b": 2}', ['a'], '{"b": 2}'],
    ['none, on a way that does not exist', '{"b": 2}', ['b', 'a'], '{"b": 2}'],
    ['behind a byte order mark', '\uFEFF{"a":1}', ['a'], '\uFEFF{}'],
  ])('%s', (_, text, path, expected) => {
    expect(removeMember(text, path)).toBe(expected);
    expect(hasMember(removeMember(text, path), path)).toBe(false);
  });
});

describe('putting one in keeps what is there', () => {
  test.each<[string, string, readonly string[], unknown, string]>([
    ['into nothing', '{}', ['a'], 1, '{\n  "a": 1\n}'],
    ['with the indentation of the file', '{\n\t"b": 2\n}\n', ['a'], true, '{\n\t"a": true,\n\t"b": 2\n}\n'],
    ['with the objects around it', '{"b":2}', ['x', 'y', 'a'], 1, '{\n  "x": {\n    "y": {\n      "a": 1\n    }\n  },"b":2}'],
    ['into an object', '{\n  "x": {\n    "b": 2\n  }\n}', ['x', 'a'], 1, '{\n  "x": {\n    "a": 1,\n    "b": 2\n  }\n}'],
    ['in place of another value', '{"a":2}', ['a'], 1, '{\n  "a": 1\n}'],
    ['an equal value: nothing', '{"a":{"b":1, "c":2}}', ['a'], { c: 2, b: 1 }, '{"a":{"b":1, "c":2}}'],
  ])('%s', (_, text, path, value, expected) => {
    expect(setMember(text, path, value)).toBe(expected);
    JSON.parse(setMember(text, path, value));
  });
});

test.each([['[]'], ['7'], ['{,}'], ['']])('%j is no object to edit', (text) => {
  expect(() => setMember(text, ['a'], 1)).toThrow(/JSON/);
  expect(() => removeMember(text, ['a'])).toThrow(/JSON/);
});
