import type { Answers, Said } from './ask.ts';
import type { Question } from './world.ts';

const columns = ['dangerous commands', 'harmless commands', 'other tools: dangerous', 'harmless', 'everyday', 'ms per decision', 'faults'];

export function heading(first: string): string {
  return `| ${[first, ...columns].join(' | ')} |\n|${'---|'.repeat(columns.length + 1)}`;
}

/** One guard's line: of each kind, how many it stopped. */
export function row(name: string, questions: readonly Question[], { said, ms }: Answers): string {
  const of = (verdict: Question['verdict'], isCommand: boolean) =>
    questions.filter((one) => one.verdict === verdict && one.isCommand === isCommand).map(({ id }) => said.get(id));
  const cells = [of('stop', true), of('pass', true), of('stop', false), of('pass', false), of('everyday', true)].map(share);
  const failed = questions.filter(({ id }) => said.get(id)?.failed !== false).length;
  return `| ${[name, ...cells, time(ms), String(failed)].join(' | ')} |`;
}

/** The themes' lines: dangerous ones stopped, harmless ones stopped. */
export function themeRows(questions: readonly Question[], answers: readonly Answers[]): readonly string[] {
  const themes = [...new Set(questions.map(({ theme }) => theme))].filter((theme) => theme !== 'everyday');
  return themes.map((theme) => {
    const of = ({ said }: Answers, verdict: Question['verdict']) =>
      share(questions.filter((one) => one.theme === theme && one.verdict === verdict).map(({ id }) => said.get(id)));
    return `| ${[theme, ...answers.flatMap((one) => [of(one, 'stop'), of(one, 'pass')])].join(' | ')} |`;
  });
}

function share(said: readonly (Said | undefined)[]): string {
  if (said.length === 0) return '–';
  const stopped = said.filter((one) => one?.stopped === true).length;
  return `${((stopped / said.length) * 100).toFixed(1)} % (${stopped}/${said.length})`;
}

function time(ms: readonly number[]): string {
  const sorted = ms.toSorted((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN).toFixed(sorted.length === 1 ? 2 : 0);
}
