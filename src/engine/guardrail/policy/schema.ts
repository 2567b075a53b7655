import * as z from 'zod/mini';
import { described, documentFields, duration, modes, name, oneOrMore, optional } from '../../policy/schema-parts.ts';
import { testCall } from '../../policy/schema.ts';
import { allKinds } from '../kinds.ts';
import { guardActions, guardedPlaces, onErrors } from './document.ts';

/** The shape of a guardrail as it is written. What needs more than one field is checked when it is compiled. */

const builtIn = ['secret', 'pii', 'prompt-injection', 'exfiltration'] as const;
const secretKinds = allKinds().filter(({ detector }) => detector === 'secret');
const otherKinds = allKinds().filter(({ detector }) => detector !== 'secret');
const text = z.string().check(z.minLength(1, 'it cannot be empty'), z.maxLength(1_000, 'it has at most 1000 characters'));

const detection = z.strictObject({
  type: described(
    z.enum([...builtIn, 'regex', 'keyword', 'review', ...secretKinds.map((kind) => `secret/${kind.name}`)]),
    'What to look for: secrets (all, or of one kind), personal data, orders to a model, data on its way out, texts of your own, or what a model says (review).',
  ),
  action: described(
    z.enum(guardActions),
    'alert: record it. redact: take it out. require_approval: a person decides about the call. deny: the call, the prompt or the text does not pass.',
  ),
  name: optional(z.clone(name), 'What findings and exemptions call it. Left out: its type.'),
  kinds: optional(z.array(z.enum(otherKinds.map((kind) => kind.name))), 'Only these kinds, with pii, prompt-injection or exfiltration.'),
  hosts: optional(z.array(text), 'With exfiltration: hosts that data may be sent to, with all below them.'),
  pattern: optional(text, 'With regex: a regular expression (RE2). Takes linear time.'),
  words: optional(
    z.array(text).check(z.minLength(1, 'a list of words cannot be empty'), z.maxLength(1_000, 'at most 1000 words')),
    'With keyword: words or phrases, whatever their capitals and however far apart.',
  ),
  prompt: optional(
    text,
    'With review: a question about the text that a model answers with yes (then the action is done) or no. Nothing is sent unless "review" in config.json names a model.',
  ),
  timeout: optional(z.clone(duration), 'With review: how long the answer may take, 10s at most. Left out: 2s.'),
  onError: optional(
    z.enum(onErrors),
    'With review: what is done where no answer comes, in time and in its form. alert: record it. Left out: deny.',
  ),
});

/** A text and what the guardrail must make of it. */
const test = z.strictObject({
  prompt: optional(z.string(), 'What the person types.'),
  call: optional(z.union([z.string(), testCall]), 'A command, or a call in full: what stands in its arguments.'),
  output: optional(z.string(), 'What a tool returns.'),
  text: optional(z.string(), 'A text in any place, whatever "applyTo" and "tools" say.'),
  tool: optional(z.string(), 'With output: the tool that returns it. Left out: any.'),
  expect: described(z.enum(['pass', ...guardActions]), 'The strictest action of all that is found; pass: nothing is found.'),
  kinds: optional(
    z.array(z.string().check(z.minLength(1))).check(z.minLength(1, 'a list of kinds cannot be empty')),
    'Kinds that have to be among what is found, such as secret/github-token or regex/customer-id.',
  ),
});

const allowed = z.union([
  text,
  z.strictObject({
    text: optional(text, 'All of what was found.'),
    regex: optional(text, 'A regular expression (RE2) over all of what was found.'),
    fingerprint: optional(
      z
        .string()
        .check(z.regex(/^[0-9a-f]{16}$/, 'a fingerprint is the 16 hexadecimal digits that the log has as "hash" of what was found')),
      'The "hash" that the log of this machine has of what was found: for what shall not be written down. Needs a reason.',
    ),
    reason: optional(z.string(), 'Why it is none.'),
  }),
]);

export const guardrailPolicy = z.strictObject({
  ...documentFields('GuardrailPolicy'),
  spec: described(
    z.strictObject({
      agent: optional(oneOrMore, "Globs over the agent's name, its vendor/name (openai/*) or its type. Left out: every agent."),
      mode: optional(z.enum(modes), 'observe: look and record, never interfere.'),
      applyTo: optional(
        z.array(z.enum(guardedPlaces)).check(z.minLength(1, 'it cannot be empty')),
        'prompt: what the person typed. input: arguments of tools. output: their results. Left out: all three.',
      ),
      tools: optional(oneOrMore, 'Globs over the names of tools, as in rules; prompts have none. Left out: every tool.'),
      detect: optional(
        z.array(detection).check(z.minLength(1, 'a guardrail looks for something')),
        'What to look for, and what then. May be left out where "allow" is all that it says.',
      ),
      allow: optional(z.array(allowed), 'Texts that are found and are none: known false positives.'),
      tests: optional(z.array(test), 'Texts with what the guardrail must make of them. "countersign policy test" asks it.'),
    }),
    'What the guardrail says.',
  ),
});

export type GuardrailPolicySource = z.infer<typeof guardrailPolicy>;
export type DetectionSource = z.infer<typeof detection>;
export type GuardrailTestSource = z.infer<typeof test>;
export type AllowedSource = z.infer<typeof allowed>;
