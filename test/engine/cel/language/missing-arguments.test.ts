import { expect, test } from 'vitest';
import { missingArguments, type Wanted } from '../../../../src/engine/cel/language/missing-arguments.ts';

const a = 'request.arguments.a';
const all = (...expressions: readonly string[]): readonly Wanted[] => expressions.map((expression) => ({ expression, wanted: true }));

test.each<[string, readonly Wanted[], readonly string[]]>([
  ['an argument', all(`${a} == 1`), [a]],
  ['twice is once', all(`${a} == 1 || ${a} == 2`), [a]],
  ['two of them', all(`${a} == request.arguments.b`), [a, 'request.arguments.b']],
  ['by its name in brackets', all('request.arguments["a"] == 1'), ['request.arguments["a"]']],
  ['asked for before', all(`has(${a}) && ${a} == 1`), []],
  ['asked for behind', all(`${a} == 1 && has(${a})`), []],
  ['asked for in brackets', all(`"a" in request.arguments && ${a} == 1`), []],
  ['asked for by the other way to write it', all(`has(${a}) && request.arguments["a"] == 1`), []],
  ['only another is asked for', all(`has(request.arguments.b) && ${a} == 1`), [a]],
  ['asked for on one side only', all(`(has(${a}) && x) || ${a} == 1`), [a]],
  ['not there or right', all(`!has(${a}) || ${a} == 1`), []],
  ['not there and right', all(`!has(${a}) && ${a} == 1`), [a]],
  ['in the branch where it is there', all(`has(${a}) ? ${a} == 1 : true`), []],
  ['in the other branch', all(`has(${a}) ? true : ${a} == 1`), [a]],
  ['asked for in the next condition', all(`${a} == 1`, `has(${a})`), []],
  ['refused by "unless" where it is missing', [...all(`${a} == 1`), { expression: `!has(${a})`, wanted: false }], []],
  ['in "unless"', [{ expression: `${a} == 1`, wanted: false }], [a]],
  ['inside of another', all(`${a}.b == 1`), [a]],
  ['inside of another that is there', all(`has(${a}) && ${a}.b == 1`), [`${a}.b`]],
  ['asking for what is inside of another', all(`has(${a}.b)`), [a]],
  ['in a loop over another', all(`request.domains.exists(d, d == ${a})`), [a]],
  ['taken as something that may be missing', all('request.arguments.?a.orValue("") == "x"'), []],
  ['all arguments together', all('size(request.arguments) > 2'), []],
  ['other fields of a call', all('request.command.network'), []],
  ['what is no expression', all(`${a} ==`), []],
])('%s', (_, conditions, found) => {
  expect(missingArguments(conditions).map(({ argument }) => argument)).toEqual(found);
});
