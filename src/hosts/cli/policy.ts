import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Layer } from '../../engine/decision.ts';
import { withNameClashes } from '../../engine/policy/name-clashes.ts';
import { parsePolicyTestFile, runPolicyTestFile, runPolicyTests, type PolicyTestResult } from '../../engine/policy/policy-tests.ts';
import type { PolicyFile, PolicyProblem } from '../../engine/policy/policy-set.ts';
import { homeOf } from '../../storage/home.ts';
import { policyParser, shippedPolicies } from '../../storage/shipped-policies.ts';
import { StateDatabase } from '../../storage/state-db.ts';
import { openLayers } from './layers.ts';
import { type Command, type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents } from './governor.ts';
import { table } from './table.ts';

export const policy: Command = {
  name: 'policy',
  summary: 'check, test, list and trust policy files',
  usage: `countersign policy lint [PATH]…     errors as file:line:column: message
countersign policy test [PATH]…     the tests beside the rules, and *.test.yaml
countersign policy list [--cwd DIR] [--json]
countersign policy trust FILE [--digest SHA]   accept this version of a workspace file's autoApprove
countersign policy replay [--since TIME] [--until TIME] [--add PATH]… [--policy PATH]… [--cwd DIR] [--limit N] [--exit-code] [--json]
                                    what these policies would have decided on the recorded calls; --exit-code: 2 if anything changes
countersign policy explain (SEQ | --command TEXT | < MESSAGE) [--policy PATH]… [--agent NAME] [--cwd DIR] [--all] [--json]
                                               every document and rule for one call, matcher by matcher
countersign policy suggest [--since TIME] [--until TIME] [--session ID] [--agent NAME] [--cwd DIR | --all] [--default ask|deny] [--name NAME] [--out FILE] [--json]
                                               the least policy that allows what was done`,
  run: async (args, terminal) => {
    const [verb, ...rest] = args;
    if (verb === 'lint') return lint(rest, terminal);
    if (verb === 'test') return test(rest, terminal);
    if (verb === 'list') return list(rest, terminal);
    if (verb === 'trust') return trust(rest, terminal);
    if (verb === 'replay') return (await import('./policy-replay.ts')).replay(rest, terminal);
    if (verb === 'suggest') return (await import('./policy-suggest.ts')).suggest(rest, terminal);
    if (verb === 'explain') return (await import('./policy-explain.ts')).explainCall(rest, terminal);
    throw new WrongUsage(`"${verb ?? ''}" is not one of lint, test, list, trust, replay, explain, suggest`);
  },
};

function lint(args: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parse(args, { json: { type: 'boolean' } });
  const found = filesAt(positionals);
  const problems = [
    ...withNameClashes(found.policies.map(readPolicy)).flatMap((file) => file.problems),
    ...found.tests.flatMap((path) => readTests(path).problems),
  ];
  if (values.json) terminal.out(JSON.stringify(problems));
  else for (const problem of problems) terminal.out(line(problem));
  if (!values.json && problems.length === 0) terminal.out(`${found.policies.length + found.tests.length} files are fine.`);
  return problems.length === 0 ? 0 : 2;
}

function test(args: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parse(args, { json: { type: 'boolean' } });
  const found = filesAt(positionals);
  const policies = found.policies.map(readPolicy);
  const tests = found.tests.map(readTests);
  const problems = [...policies, ...tests].flatMap((file) => file.problems);
  const results = [...policies.flatMap(runPolicyTests), ...tests.flatMap((file) => runPolicyTestFile(file, { files: policies }))];
  for (const problem of problems) terminal.err(line(problem));
  if (values.json) terminal.out(JSON.stringify(results.map((result) => ({ id: result.name, ...result }))));
  else printResults(results, terminal);
  return problems.length === 0 && results.every(({ passed }) => passed) ? 0 : 2;
}

function printResults(results: readonly PolicyTestResult[], terminal: Terminal): void {
  const failed = results.filter(({ passed }) => !passed);
  if (results.length > 0)
    terminal.out(
      table(
        ['', 'TEST', 'EXPECTED', 'FOUND'],
        results.map((one) => [one.passed ? 'ok' : 'FAILED', one.name, one.expected, one.found]),
      ),
    );
  for (const { file, position, name, why } of failed) terminal.out(`${file}:${position.line}:${position.column}: ${name}: ${why}`);
  terminal.out(`${results.length - failed.length} passed, ${failed.length} failed`);
}

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

function summaryOf({ path, layer, digest, documents, budgets, problems, trusted, onlyObserves }: PolicyFile) {
  const rules = documents.reduce((sum, document) => sum + document.rules.length, 0);
  return {
    path,
    layer,
    digest,
    trusted,
    onlyObserves: onlyObserves === true,
    documents: [...documents, ...budgets].map(({ name }) => name),
    rules,
    problems: problems.map(line),
  };
}

function trust(args: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parse(args, { digest: { type: 'string' } });
  const path = resolve(required(positionals[0], 'the FILE'));
  refuseAgents('"countersign policy trust"');
  const file = readPolicy(path);
  if (file.problems.length > 0) throw new Error(file.problems.map(line).join('; '));
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

interface Found {
  readonly policies: readonly string[];
  readonly tests: readonly string[];
}

/** Files, and the YAML files of folders; without any, those of this folder's workspace policies. */
function filesAt(paths: readonly string[]): Found {
  const all = (paths.length === 0 ? ['.countersign'] : paths).flatMap((path) => (statSync(path).isDirectory() ? yamlIn(path) : [path]));
  return { policies: all.filter((path) => !isTest(path)), tests: all.filter(isTest) };
}

function yamlIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(folder, name));
}

function isTest(path: string): boolean {
  return /\.test\.ya?ml$/.test(path);
}

function readPolicy(path: string): PolicyFile {
  const layer: Layer = 'user';
  return policyParser(shippedPolicies())({
    path,
    layer: path.includes('.countersign') && !path.startsWith(homeOf().root) ? 'workspace' : layer,
    source: readFileSync(path, 'utf8'),
    trusted: true,
  });
}

function readTests(path: string): ReturnType<typeof parsePolicyTestFile> {
  return parsePolicyTestFile({ path, source: readFileSync(path, 'utf8') });
}

function line({ file, position, message }: PolicyProblem): string {
  return `${file}:${position.line}:${position.column}: ${message}`;
}
