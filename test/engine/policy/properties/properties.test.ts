import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { heldAgainst } from '../../../../src/engine/budget/held.ts';
import { judgeLimit } from '../../../../src/engine/budget/judge-limit.ts';
import type { Decision } from '../../../../src/engine/decision.ts';
import { combine, decide } from '../../../../src/engine/policy/decide.ts';
import { lintFile } from '../../../../src/engine/policy/lint/lint-file.ts';
import type { PolicyFile } from '../../../../src/engine/policy/policy-set.ts';
import { testRequest } from '../../../../src/engine/policy/test-request.ts';
import { together } from '../../../../src/engine/policy/together.ts';
import type { RateUsage, Request } from '../../../../src/engine/request.ts';
import { packs, shipped } from '../shipped.ts';
import { draft, fileOf, order, ordered, request, usage, type Draft } from './arbitrary.ts';

// The same cases each time, so that a run says something about the code and not about luck; a soak takes others, and more of them.
const soak = Number(process.env['PROPERTY_SOAK'] ?? 0);
const runs = (count: number) => (soak > 0 ? { numRuns: count * soak } : { numRuns: count, seed: 20_261_128 });

const everyLayer = ['organisation', 'user', 'workspace', 'built-in'] as const;
const drafts = fc.array(draft(everyLayer), { minLength: 1, maxLength: 4 });

test('the order of rules, documents and files never matters', () => {
  fc.assert(
    fc.property(drafts, order, request, usage, (written, other, call, used) => {
      const files = written.map((one, index) => fileOf(one, index));
      const others = ordered(
        written.map((one, index) => fileOf(one, index, other)),
        other.files,
      );
      expect(timeless(verdict(others, call, used))).toEqual(timeless(verdict(files, call, used)));
    }),
    runs(150),
  );
});

test('a file of the workspace never makes a decision freer', () => {
  fc.assert(
    fc.property(
      fc.array(draft(['organisation', 'user', 'built-in']), { maxLength: 3 }),
      fc.array(draft(['workspace']), { minLength: 1, maxLength: 2 }),
      request,
      usage,
      (outer, inner, call, used) => {
        const without = outer.map((one, index) => fileOf(one, index));
        const brought = inner.map((one, index) => fileOf({ ...one, trusted: false }, without.length + index));
        const before = verdict(without, call, used);
        const after = verdict([...without, ...brought], call, used);
        expect(freedom(after)).toBeLessThanOrEqual(freedom(before));
        expect(after.redact).toEqual(expect.arrayContaining([...before.redact]));
        expect(waitOf(after, before)).toBeLessThanOrEqual(waitOf(before, after));
      },
    ),
    runs(150),
  );
});

test('of a file that a person trusts, nothing but its autoApprove makes a decision freer', () => {
  fc.assert(
    fc.property(drafts, draft(['workspace']), request, usage, (outer, inner, call, used) => {
      const without = outer.filter(({ layer }) => layer !== 'workspace').map((one, index) => fileOf(one, index));
      const after = verdict([...without, fileOf({ ...inner, trusted: true }, without.length)], call, used);
      const before = verdict(without, call, used);
      expect(freedom({ ...after, autoApprove: before.autoApprove && after.autoApprove })).toBeLessThanOrEqual(freedom(before));
    }),
    runs(150),
  );
});

const protection = shipped.filter((file) => file.documents.some(({ name }) => name === 'self-protection'));
const attacks = protection.flatMap(({ documents }) =>
  documents.flatMap(({ rules }) => rules.flatMap(({ tests }) => tests.filter(({ expect: action }) => action === 'deny'))),
);

test('whatever is exempted, self-protection denies', () => {
  expect(attacks.length).toBeGreaterThan(50);
  fc.assert(
    fc.property(drafts, fc.constantFrom(...attacks), usage, (written, { call }, used) => {
      const decision = verdict([...written.map((one, index) => fileOf(one, index)), ...protection], testRequest(call), used);
      expect([decision.action, decision.mode]).toEqual(['deny', 'enforce']);
      expect(decision.observed.filter(({ policy }) => policy === 'self-protection')).toEqual([]);
    }),
    runs(150),
  );
});

test('a rule that the linter calls shadowed never has a say', () => {
  let found = 0;
  fc.assert(
    fc.property(draft(['user']), fc.array(request, { minLength: 6, maxLength: 12 }), usage, (written, calls, used) => {
      const file = fileOf({ ...written, documents: written.documents.slice(0, 1), packs: [] }, 0);
      const shadowed = lintFile(file, { now: new Date(0), files: [] }).filter(({ check }) => check === 'shadowed');
      const names = shadowed.map(({ position: { column, endColumn } }) => file.source.slice(column, endColumn - 2));
      found += names.length;
      const decisions = calls.map((call) => decide({ files: [file] }, call, used)).filter(({ mode }) => mode === 'enforce');
      // One whose condition fails denies as well, beside the rule that denies anyhow.
      expect(decisions.filter(({ rules }) => rules.length > 0 && rules.every(({ rule }) => names.includes(rule)))).toEqual([]);
    }),
    runs(250),
  );
  expect(found).toBeGreaterThan(10);
});

/** What the governor makes of the files: the packs that they name are in force, and budgets are judged beside the policies. */
function verdict(files: readonly PolicyFile[], call: Request, used: RateUsage): Decision {
  const named = new Set(files.flatMap(({ documents }) => documents.flatMap((document) => document.packs)));
  const set = { files: [...files, ...packs.filter(({ path }) => named.has(/([^/]+)\.yaml$/.exec(path)?.[1] ?? ''))] };
  const subjects = { session: 's', agent: 'a', workspace: 'w', user: 'u' };
  const { limits } = heldAgainst(set, call.call, subjects, call.time, () => ({ start: 0, end: 1 }));
  const counted = { used: used.count('calls', 1), unpricedTokens: 0, isLowerBound: false };
  const said = limits.map((held) => judgeLimit(held, counted, { key: 'k', raisedBy: 0, acceptsUnpriced: false }));
  return together(decide(set, call, used), combine(said.flatMap(({ finding }) => finding ?? [])));
}

/** How much an agent may do: nothing, what a person allows, what its own permissions allow, or this without being asked. */
function freedom({ action, mode, autoApprove }: Decision): number {
  if (mode === 'observe') return 2;
  if (autoApprove) return 3;
  return { deny: 0, require_approval: 1, allow: 2, abstain: 2 }[action];
}

/** How easily a question is answered by nobody, where both are questions. What only watches asks nobody. */
function waitOf(decision: Decision, other: Decision): number {
  if (![decision, other].every(({ mode, approval }) => mode === 'enforce' && approval !== undefined)) return 0;
  return (decision.approval?.timeoutMs ?? 0) + (decision.approval?.onTimeout === 'abstain' ? 1e9 : 0);
}

/** Without what says in which version of which file, at which line, something stands. */
function timeless(decision: Decision): unknown {
  const text = JSON.stringify(decision, (key, value: unknown) => (key === 'digest' ? undefined : value));
  return JSON.parse(text.replaceAll(/\.yaml:\d+:\d+/g, '.yaml'));
}

// The drafts would prove nothing if they were all alike.
test('the drafts reach every sort of decision', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(drafts, request, usage, (written: readonly Draft[], call, used) => {
      const { action, mode, autoApprove, observed } = verdict(
        written.map((one, index) => fileOf(one, index)),
        call,
        used,
      );
      seen.add(`${mode} ${action}${autoApprove ? ' by itself' : ''}`);
      if (observed.some(({ exemption }) => exemption !== undefined)) seen.add('exempted');
    }),
    { numRuns: 300, seed: 7 },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'enforce deny',
      'enforce require_approval',
      'enforce allow',
      'enforce allow by itself',
      'enforce abstain',
      'observe deny',
      'exempted',
    ]),
  );
});
