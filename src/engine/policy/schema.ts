import * as z from 'zod/mini';
import { parseDuration } from './duration.ts';
import { described, documentFields, duration, modes, name, oneOrMore, optional } from './schema-parts.ts';

/** The shape of a policy document as it is written. Checks that need more than one field are made when rules are compiled. */

const actions = ['allow', 'deny', 'require_approval', 'abstain'] as const;

const action = z.enum(actions);
const day = 86_400_000;
const approvalTimeout = described(
  z.string().check(
    z.refine((text) => parseDuration(text) !== undefined, 'a duration is a whole number with ms, s, m, h or d, such as 30m'),
    z.refine((text) => (parseDuration(text) ?? 0) <= day, 'an approval can wait at most 24h'),
  ),
  'How long to wait for a person, at most 24h. Left out: 1h.',
);
const jsonPath = z
  .string()
  .check(
    z.regex(
      /^\$(\.\.?[A-Za-z_][\w-]*|\.\.?\*|\[(\d+|\*|'[^'\\]*'|"[^"\\]*")\])*$/,
      "a JSONPath begins with $ and uses .name, ..name, [0], [*] or ['name']",
    ),
  );

export const condition = z.strictObject({
  cel: described(
    z.string().check(z.minLength(1, 'a condition cannot be empty'), z.maxLength(8_192, 'a condition has at most 8192 characters')),
    'A CEL expression over "request" that is true or false.',
  ),
});

const approval = z.strictObject({
  type: optional(z.enum(['human-in-the-loop']), 'Who decides: a person.'),
  timeout: optional(approvalTimeout, 'How long to wait for a person, at most 24h. Left out: 1h.'),
  onTimeout: optional(z.enum(['deny', 'abstain']), 'What an unanswered question becomes. Left out: deny.'),
  approvers: optional(z.array(z.string().check(z.minLength(1))), 'Roles or persons who may answer. Left out: anyone at this machine.'),
  reason: optional(z.enum(['required', 'optional']), 'Whether the person must give a reason.'),
});

const rateLimit = z.strictObject({
  calls: described(z.int().check(z.gte(1), z.lte(1_000_000)), 'How many matching calls are within the limit.'),
  per: described(z.clone(duration), 'The window, such as 1m.'),
});

/** A call as tests write it. */
export const testCall = z.strictObject({
  tool: optional(z.string(), 'The canonical name of the tool, or of the MCP tool its own. Left out: shell, where there is a command.'),
  nativeTool: optional(z.string(), 'What the agent calls the tool.'),
  mcpServer: optional(z.string(), 'The MCP server of the tool.'),
  arguments: optional(z.record(z.string(), z.json()), 'The arguments as the agent sends them.'),
  command: optional(z.string(), 'What a shell would run.'),
  paths: optional(
    z.strictObject({
      read: optional(z.array(z.string()), 'Paths that are read.'),
      write: optional(z.array(z.string()), 'Paths that are written, created or deleted.'),
    }),
    'The files that the call touches.',
  ),
  domains: optional(z.array(z.string()), 'The hosts that the call contacts.'),
  git: optional(
    z.record(z.string(), z.enum(['clean', 'changed', 'untracked', 'ignored', 'outside', 'missing', 'unknown'])),
    'What git knows of paths; of any other it knows nothing.',
  ),
  content: optional(z.string(), 'The text that is written.'),
  cwd: optional(z.string(), 'The folder that the call is made in.'),
  agent: optional(
    z.strictObject({
      vendor: optional(z.string(), 'Who makes the agent.'),
      name: optional(z.string(), 'Its name, such as claude-code.'),
      version: optional(z.string(), 'Its version.'),
      type: optional(z.string(), 'The type of the subagent that makes the call.'),
    }),
    'The agent that makes the call.',
  ),
  session: optional(
    z.strictObject({
      id: optional(z.string(), 'The session’s name.'),
      mode: optional(z.string(), 'The agent’s permission mode.'),
      calls: optional(z.number(), 'Tool calls so far.'),
      tokens: optional(z.number(), 'Tokens so far.'),
      costUsd: optional(z.number(), 'US dollars so far.'),
      interactive: optional(z.boolean(), 'Whether a person can be asked.'),
    }),
    'The session that the call belongs to.',
  ),
  workspace: optional(
    z.strictObject({
      root: optional(z.string(), 'The absolute path of its root.'),
      branch: optional(z.string(), 'The git branch that is checked out.'),
      remote: optional(z.string(), 'The address of its remote.'),
      trusted: optional(z.boolean(), 'Whether its own policies are trusted.'),
    }),
    'The folder that the session works in.',
  ),
  user: optional(
    z.strictObject({
      name: optional(z.string(), 'The account’s name.'),
      email: optional(z.string(), 'The address that git commits with.'),
      roles: optional(z.array(z.string()), 'Roles that were given to the person.'),
      home: optional(z.string(), 'The absolute path of the home folder.'),
    }),
    'The person at this machine.',
  ),
  time: optional(
    z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'a time is written like 2026-01-31T12:00:00Z')),
    'When the call is made.',
  ),
});

const testCases = (description: string) => optional(z.array(z.union([z.string(), testCall])), description);

const rule = z.strictObject({
  name: described(z.clone(name), 'Unique within the document.'),
  tools: optional(oneOrMore, 'Globs over the canonical tool name, the agent\'s own tool name, or "server/tool" for MCP.'),
  commands: optional(oneOrMore, 'Patterns over each simple command that the call would run, such as "git push --force".'),
  paths: optional(
    z.strictObject({
      read: optional(oneOrMore, 'Paths that are read.'),
      write: optional(oneOrMore, 'Paths that are written, created or deleted.'),
      any: optional(oneOrMore, 'Paths that are read or written.'),
    }),
    'Gitignore-style globs over the absolute paths that the call touches; ~, ${workspace}, ${countersignHome} and !negation are understood.',
  ),
  domains: optional(oneOrMore, 'Globs over the host names that the call would contact.'),
  conditions: optional(z.array(condition), 'Every one must be true.'),
  unless: optional(z.array(condition), 'None may be true.'),
  action: described(z.enum(actions), 'What the rule says when it matches.'),
  message: optional(z.string().check(z.maxLength(2_000)), 'Shown to the person and to the model.'),
  autoApprove: optional(z.boolean(), 'With "allow": also answers the agent\'s own prompt with yes.'),
  approval: optional(approval, 'How a person is to be asked, with "require_approval".'),
  rateLimit: optional(rateLimit, 'Past it, "onLimit" applies instead of "action".'),
  onLimit: optional(action, 'What the rule says past its rate limit. Left out: deny.'),
  redact: optional(z.array(jsonPath), 'JSONPaths into the arguments that are never stored in the audit log.'),
  tests: optional(
    z.strictObject({
      deny: testCases('The rule denies these.'),
      pass: testCases('The rule does not apply to these.'),
      allow: testCases('The rule allows these.'),
      require_approval: testCases('The rule asks a person about these.'),
      abstain: testCases('The rule matches these without an opinion.'),
    }),
    'Commands or calls with what this rule must say to them; "pass": it does not apply.',
  ),
});

const isoDate = z
  .string()
  .check(
    z.refine(
      (text) => /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text) && !Number.isNaN(Date.parse(text)),
      'a date is written like 2026-12-31 or 2026-12-31T12:00:00Z',
    ),
  );

const exemption = z.strictObject({
  rule: described(
    z.string().check(z.regex(/^[^/]+\/[^/]+$/, 'an exemption names "policy/rule"')),
    '"policy/rule"; globs are allowed on both sides.',
  ),
  reason: described(z.string().check(z.minLength(1, 'an exemption needs a reason')), 'Why; it is recorded with every use.'),
  until: optional(isoDate, 'The last day (UTC), or the moment, at which it counts.'),
});

export const toolPolicy = z.strictObject({
  ...documentFields('ToolPolicy'),
  exempt: optional(z.array(exemption), 'Rules of this or an inner layer that do not count; only in the organisation and user layers.'),
  spec: described(
    z.strictObject({
      agent: optional(oneOrMore, "Globs over the agent's name, its vendor/name (openai/*) or its type. Left out: every agent."),
      mcpServer: optional(oneOrMore, 'Globs over the MCP server. Left out: built-in tools and every server.'),
      mode: optional(z.enum(modes), 'observe: decide and record, never interfere.'),
      packs: optional(
        z.array(z.string().check(z.minLength(1, 'a pack has a name'))),
        'Sets of rules that Countersign ships, in force for every call besides these rules: strict, git, kubernetes …',
      ),
      defaultAction: optional(action, 'What applies when no rule matches. Left out: abstain.'),
      unknownPrograms: optional(
        z.enum(['match', 'ignore']),
        'Whether "commands" of rules that deny or ask are held against commands whose program is unknown. Left out: match.',
      ),
      onUngoverned: optional(
        z.enum(['alert', 'kill']),
        'What becomes of a session whose calls run without a decision; only in the organisation and user layers, and kill wins. Left out: alert.',
      ),
      rules: optional(z.array(rule), 'Order never matters: the strictest matching rule counts.'),
    }),
    'What the policy says.',
  ),
});

export type ToolPolicySource = z.infer<typeof toolPolicy>;
export type RuleSource = z.infer<typeof rule>;
export type ExemptionSource = z.infer<typeof exemption>;
export type TestCall = z.infer<typeof testCall>;
