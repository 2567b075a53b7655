import { measureActivity } from './bench/activity.ts';
import { measureAudit } from './bench/audit.ts';
import { measureCommandHook } from './bench/command-hook.ts';
import { measureDecisions } from './bench/decisions.ts';
import { measureDetectors } from './bench/detectors.ts';
import { measureEditor } from './bench/editor.ts';
import { measureGateway } from './bench/gateway.ts';
import { measureHooks } from './bench/hooks.ts';
import { measurePackage } from './bench/package.ts';
import { measurePolicyLanguage } from './bench/policy-language.ts';
import { measureSpend } from './bench/spend.ts';
import { measureSpendAccuracy } from './bench/spend-accuracy.ts';
import { measureReplay } from './bench/replay.ts';
import { measureSearch } from './bench/search.ts';
import { measureStart } from './bench/start.ts';

/** One figure, held against what we promise. `limit` is missing where the figure only explains another. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: number;
}

const parts: Readonly<Record<string, () => readonly Figure[] | Promise<readonly Figure[]>>> = {
  hooks: measureHooks,
  'command-hook': measureCommandHook,
  mcp: measureGateway,
  decisions: measureDecisions,
  detectors: measureDetectors,
  audit: measureAudit,
  search: measureSearch,
  replay: measureReplay,
  start: measureStart,
  spend: measureSpend,
  package: measurePackage,
  'policy-language': measurePolicyLanguage,
  'spend-accuracy': measureSpendAccuracy,
  editor: measureEditor,
  activity: measureActivity,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`"${unknown}" is not one of ${Object.keys(parts).join(', ')}`);

// One after the other: they would disturb each other on a small machine.
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const measured = await measure();
  for (const figure of measured) console.log(line(figure));
  figures.push(...measured);
}
const missed = figures.filter(({ value, limit }) => limit !== undefined && !(value <= limit));
console.log(missed.length === 0 ? '\nevery bar is held' : `\n${missed.length} bar(s) missed: ${missed.map(({ what }) => what).join('; ')}`);
process.exit(0);

function line({ what, value, unit, limit }: Figure): string {
  const bar = limit === undefined ? '' : `  (at most ${limit}${value <= limit ? '' : ' — MISSED'})`;
  return `${what.padEnd(78)} ${(Math.round(value * 1000) / 1000).toString().padStart(10)} ${unit}${bar}`;
}
