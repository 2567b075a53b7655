import { relative, resolve } from 'node:path';

/** A test, as JUnit's reports have it. */
export interface JunitCase {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** Left out where it passed: a line, and the whole. */
  readonly failure?: { readonly message: string; readonly text: string };
}

/** A report as GitLab, Jenkins, Azure and the actions of GitHub read it: a suite for each file. */
export function junit(name: string, cases: readonly JunitCase[]): string {
  const suites = Map.groupBy(cases, ({ file }) => pathOf(file));
  const lines = [...suites].flatMap(([file, own]) => [
    `  <testsuite ${attributes({ name: file, ...counts(own) })}>`,
    ...own.flatMap((one) => linesOf(one, file)),
    '  </testsuite>',
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name, ...counts(cases) })}>`,
    ...lines,
    '</testsuites>',
  ].join('\n');
}

function counts(cases: readonly JunitCase[]) {
  return { tests: cases.length, failures: cases.filter(({ failure }) => failure !== undefined).length, errors: 0, skipped: 0, time: 0 };
}

function linesOf({ name, line, failure }: JunitCase, file: string): readonly string[] {
  const opening = `    <testcase ${attributes({ name, classname: file, file, line, time: 0 })}`;
  if (failure === undefined) return [`${opening}/>`];
  const { message, text } = failure;
  return [`${opening}>`, `      <failure ${attributes({ message, type: 'failure' })}>${escape(text)}</failure>`, '    </testcase>'];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escape(String(value))}"`)
    .join(' ');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Texts come from policies: what XML cannot hold at all is left out. */
function escape(text: string): string {
  const held = Array.from(text.toWellFormed()).filter((char) => isHeld(char.codePointAt(0) ?? 0));
  return held.map((char) => entities[char] ?? char).join('');
}

function isHeld(code: number): boolean {
  return code === 9 || code === 10 || (code >= 32 && code < 127) || (code >= 160 && code !== 0xfffe && code !== 0xffff);
}

function pathOf(file: string): string {
  return relative(process.cwd(), resolve(file)).replaceAll('\\', '/');
}
