import * as z from 'zod/mini';
import { headersVariable } from '../../agents/mcp/remote-headers.ts';
import { findIn } from '../../engine/guardrail/detect.ts';
import type { Home } from '../home.ts';
import { referenceTo, withSecrets } from '../secrets/references.ts';
import { SecretStore } from '../secrets/secret-store.ts';
import type { EntryChange } from './mcp-change.ts';
import { clientOf } from './mcp-servers.ts';
import { keyOf, readWrapped } from './mcp-wrapped.ts';

/** A value that leaves a configuration, and what it is called from now on. */
export interface MovedSecret {
  readonly name: string;
  readonly value: string;
  readonly server: string;
  /** Of the environment, or a header. */
  readonly variable: string;
}

const entry = z.object({
  env: z.optional(z.record(z.string(), z.unknown())),
  environment: z.optional(z.record(z.string(), z.unknown())),
});

/** The plan with values that look like credentials named instead of written. Only what can be put back to the byte is moved. */
export function movedSecrets(
  plan: readonly EntryChange[],
  taken: ReadonlySet<string>,
): { readonly plan: readonly EntryChange[]; readonly moved: readonly MovedSecret[] } {
  const moved: MovedSecret[] = [];
  const fresh = plan.map((change): EntryChange => {
    const own = [...variablesIn(change), ...headersIn(change)].map((place): Place & MovedSecret => {
      const { variable, value } = place;
      const same = moved.find((one) => one.value === value);
      const used = new Set([...taken, ...moved.map(({ name }) => name)]);
      const one = { name: same?.name ?? nameFor(change.server.name, variable, used), value, server: change.server.name, variable };
      if (same === undefined) moved.push(one);
      return { ...place, ...one };
    });
    if (own.length === 0) return change;
    const named = (text: string): string => own.reduce(withName, text);
    return { ...change, after: named(change.after), kept: named(change.before), moved: own.map(({ name }) => name) };
  });
  return { plan: fresh, moved };
}

function withName(text: string, { name, value, texts }: Place & MovedSecret): string {
  return texts.reduce((left, [before, after]) => left.replaceAll(before + value + after, before + referenceTo(name) + after), text);
}

/** A plan that unwraps, with the values that wrapping took out. Rejects where one of them is gone. */
export async function withValuesAgain(home: Home, plan: readonly EntryChange[]): Promise<readonly EntryChange[]> {
  const { entries } = readWrapped(home);
  return Promise.all(
    plan.map(async (change) => {
      const names = entries[keyOf(change.server)]?.moved ?? [];
      if (names.length === 0) return change;
      const values = [...(await new SecretStore(home).valuesOf(names))];
      const written = new Map(values.map(([name, value]) => [name, JSON.stringify(value).slice(1, -1)]));
      return { ...change, after: withSecrets(change.after, written), kept: change.after };
    }),
  );
}

/** Where a credential stands: what is written around it, in either text. */
interface Place {
  readonly variable: string;
  readonly value: string;
  readonly texts: readonly (readonly [before: string, after: string])[];
}

/** Variables with credentials in them, as far as both texts have them written in the one plain way. */
function variablesIn({ server, before, after }: EntryChange): readonly Place[] {
  if (clientOf(server.agent).format !== 'json') return [];
  const read = z.safeParse(entry, parsed(after));
  const variables = Object.entries({ ...read.data?.env, ...read.data?.environment });
  return variables.flatMap(([variable, value]) => {
    const isMoved =
      typeof value === 'string' && isCredential(variable, value) && [before, after].every((text) => text.includes(`"${value}"`));
    return isMoved ? [{ variable, value, texts: [['"', '"']] }] : [];
  });
}

/** The same of headers, which are lines of one variable after it: what comes before the token, `Bearer `, stays. */
function headersIn({ server, before, after }: EntryChange): readonly Place[] {
  if (server.how !== 'remote' || clientOf(server.agent).format !== 'json') return [];
  const read = z.safeParse(entry, parsed(after)).data;
  const given = { ...read?.env, ...read?.environment }[headersVariable];
  const lines = typeof given === 'string' ? given.split('\n') : [];
  return lines.flatMap((line) => {
    const [, header = '', scheme = '', value = ''] = /^([^:]+): ((?:(?:Bearer|Basic|Token) )?)(.*)$/i.exec(line) ?? [];
    const texts = [
      ['"', '"'],
      [`${header}: `, '\\n'],
      [`${header}: `, '"'],
    ].map(([start = '', end = '']) => [start + scheme, end] as const);
    const isMoved = isCredential(header, value) && before.includes(`"${scheme}${value}"`) && after.includes(`${header}: ${scheme}${value}`);
    return isMoved ? [{ variable: header, value, texts }] : [];
  });
}

/** What is filled in by the client, or by us, is none; nor what JSON would write with escapes. */
function isCredential(variable: string, value: string): boolean {
  if (value.length < 6 || /["\\$]|\{\w+:|[^\x20-\x7e]/.test(value)) return false;
  return /(TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIALS?|AUTHORIZATION)$/i.test(variable) || findIn(value, ['secret']).findings.length > 0;
}

function nameFor(server: string, variable: string, used: ReadonlySet<string>): string {
  const name = `${server}_${variable}`
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)|^_+/, 'S_')
    .slice(0, 90);
  const free = Array.from({ length: 100 }, (_, index) => (index === 0 ? name : `${name}_${index + 1}`)).find((one) => !used.has(one));
  if (free === undefined) throw new Error(`Too many secrets are called ${name}.`);
  return free;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
