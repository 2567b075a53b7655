import { resolve } from 'node:path';
import type { PolicyFile } from '../../engine/policy/policy-set.ts';
import { homeOf } from '../../storage/home.ts';
import { StateDatabase } from '../../storage/state-db.ts';
import { openLayers } from './layers.ts';
import { type Command, type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents } from './governor.ts';
import { problemLine, readPolicy } from './policy-paths.ts';
import { table } from './table.ts';

export const policy: Command = {
  name: 'policy',
  summary: 'check, test, list and trust policy files',
  usage: `countersign policy lint [PATH]… [--strict] [--format text|json|junit|sarif]
                                    errors as file:line:column: message, and what is hardly meant; --strict: warnings fail, too
countersign policy test [PATH]… [--format text|json|junit|sarif]
                                    the tests beside the rules, and *.test.yaml
countersign policy list [--cwd DIR] [--json]
countersign policy trust FILE [--digest SHA]   accept this version of a workspace file's autoApprove
countersign policy replay [--since TIME] [--until TIME] [--add PATH]… [--policy PATH]… [--cwd DIR] [--limit N] [--exit-code] [--json]
                                    what these policies would have decided on the recorded calls; --exit-code: 2 if anything changes
countersign policy explain (SEQ | --command TEXT | --server NAME [--command TEXT] | < MESSAGE) [--policy PATH]… [--agent NAME] [--cwd DIR] [--all] [--json]
                                               every document and rule for one call, matcher by matcher; --server: for the start of an MCP server
countersign policy suggest [--since TIME] [--until TIME] [--session ID] [--agent NAME] [--cwd DIR | --all] [--default ask|deny] [--name NAME] [--out FILE] [--json]
                                               the least policy that allows what was done`,
  run: async (args, terminal) => {
    const [verb, ...rest] = args;
    if (verb === 'lint') return (await import('./policy-lint.ts')).lint(rest, terminal);
    if (verb === 'test') return (await import('./policy-test.ts')).test(rest, terminal);
    if (verb === 'list') return list(rest, terminal);
    if (verb === 'trust') return trust(rest, terminal);
    if (verb === 'replay') return (await import('./policy-replay.ts')).replay(rest, terminal);
    if (verb === 'suggest') return (await import('./policy-suggest.ts')).suggest(rest, terminal);
    if (verb === 'explain') return (await import('./policy-explain.ts')).explainCall(rest, terminal);
    throw new WrongUsage(`"${verb ?? ''}" is not one of lint, test, list, trust, replay, explain, suggest`);
  },
};

function list(args: readonly string[], terminal: Terminal): ExitCode {
  const { values } = parse(args, { json: { type: 'boolean' }, cwd: { type: 'string' } });
  using layers = openLayers();
  const { files } = layers.policies.inForce(resolve(values.cwd ?? '.'));
  const rows = files.map((file) => ({ id: file.path, ...summaryOf(file) }));
  if (values.json) terminal.out(JSON.stringify(rows));
  else
    terminal.out(
      table(
        ['LAYER', 'POLICIES', 'RULES', 'TRUSTED', 'STATE', 'FILE'],
        rows.map((row) => [
          row.layer,
          row.documents.join(' '),
          String(row.rules),
          row.trusted ? 'yes' : 'no',
          row.problems[0] ?? (row.onlyObserves ? 'only observed' : 'in force'),
          row.path,
        ]),
      ),
    );
  return rows.some(({ problems }) => problems.length > 0) ? 2 : 0;
}

function summaryOf({ path, layer, digest, documents, budgets, guardrails, artifacts, problems, trusted, onlyObserves }: PolicyFile) {
  const rules = documents.reduce((sum, document) => sum + document.rules.length, 0);
  return {
    path,
    layer,
    digest,
    trusted,
    onlyObserves: onlyObserves === true,
    documents: [...documents, ...budgets, ...guardrails, ...artifacts].map(({ name }) => name),
    rules,
    problems: problems.map(problemLine),
  };
}

function trust(args: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parse(args, { digest: { type: 'string' } });
  const path = resolve(required(positionals[0], 'the FILE'));
  refuseAgents('"countersign policy trust"');
  const file = readPolicy(path);
  if (file.problems.length > 0) throw new Error(file.problems.map(problemLine).join('; '));
  // Whoever read the file says which version that was: it may have changed since.
  if (values.digest !== undefined && values.digest !== file.digest)
    throw new Error(`${path} is not the version that was read: it is ${file.digest} now. Read it again`);
  const state = new StateDatabase(homeOf().state);
  try {
    state.trustFile(path, file.digest);
  } finally {
    state.close();
  }
  terminal.out(`Trusted in this version: ${path} (${file.digest}). A changed file asks again.`);
  return 0;
}
