import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { opencodeUsage } from '../../../src/agents/opencode/usage.ts';
import { factsIn } from '../../agents/counted.ts';
import { pluginFile } from '../../../src/storage/install/opencode-plugin.ts';

/** The plugin as it is installed, loaded as opencode loads it, asking programs of ours in place of the hook. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const before = { tool: 'bash', sessionID: 'ses_child', callID: 'call_1' };
let count = 0;

interface Client {
  readonly aborted: string[];
}

async function load(program: string, runtime = process.execPath) {
  count += 1;
  const script = join(folder, `hook-${count}.mjs`);
  const file = join(folder, `plugin-${count}.mjs`);
  writeFileSync(script, program);
  writeFileSync(file, pluginFile({ platform: 'unix', runtime, script, environment: { GIVEN: 'yes', COUNTERSIGN_HOME: folder } }));
  const { Countersign } = await import(pathToFileURL(file).href);
  const known: Readonly<Record<string, object>> = {
    ses_root: { id: 'ses_root', directory: '/home/dev/repo', version: '1.18.33' },
    ses_child: { id: 'ses_child', parentID: 'ses_root', directory: '/home/dev/repo', version: '1.18.33' },
  };
  const client: Client & object = Object.assign(
    { aborted: [] },
    {
      session: {
        get: async ({ path }: { path: { id: string } }) => ({ data: known[path.id] }),
        abort: async ({ path }: { path: { id: string } }) => void client.aborted.push(path.id),
      },
      mcp: { status: async () => ({ data: { tracker: {} } }) },
    },
  );
  const hooks = await Countersign({ client, directory: '/home/dev/repo' });
  return { hooks, client };
}

const answering = (answer: object, code = 0): string =>
  `process.stdin.resume().on('end', () => { console.log(${JSON.stringify(JSON.stringify(answer))}); process.exit(${code}); });`;

describe('before a call', () => {
  test('"go" lets it run as it is', async () => {
    const { hooks } = await load(answering({ go: true }));
    const output = { args: { command: 'ls' } };
    await hooks['tool.execute.before'](before, output);
    expect(output.args).toEqual({ command: 'ls' });
  });

  test('other arguments take the place of all, in the object that opencode holds', async () => {
    const { hooks } = await load(answering({ go: true, args: { command: 'true' } }));
    const args = { command: 'ls', description: 'd' };
    await hooks['tool.execute.before'](before, { args });
    expect(args).toEqual({ command: 'true' });
  });

  test('the hook program hears all that decides', async () => {
    const program = `let all = ''; process.stdin.on('data', (text) => (all += text)).on('end', () => {
      console.log(JSON.stringify({ go: true, args: { heard: JSON.parse(all), args: process.argv.slice(2), given: process.env.GIVEN, environment: Object.keys(process.env) } }));
    });`;
    const { hooks } = await load(program);
    const args: Record<string, unknown> = { command: 'ls' };
    await hooks['tool.execute.before']({ ...before, tool: 'tracker_add' }, { args });
    expect(args).toEqual({
      args: ['opencode', 'tool.execute.before', '--installed'],
      given: 'yes',
      environment: ['PATH', 'GIVEN', 'COUNTERSIGN_HOME'],
      heard: {
        hook: 'tool.execute.before',
        directory: '/home/dev/repo',
        version: '1.18.33',
        session: { id: 'ses_child', root: 'ses_root' },
        input: { ...before, tool: 'tracker_add' },
        output: { args: { command: 'ls' } },
        servers: ['tracker'],
      },
    });
  });

  test.each<[string, string, string?]>([
    ['it refuses', answering({ refuse: 'not here' }, 2)],
    ['it says go and then fails', answering({ go: true }, 1)],
    ['it says nothing', 'process.stdin.resume();'],
    ['it says something else', answering({ permission: 'allow' })],
    ['it says half of it', `process.stdout.write('{"go":tr'); process.stdin.resume();`],
    ['it says it twice', `console.log('{"go":true}'); console.log('{"go":true}');`],
    ['it breaks', `throw new Error('broken');`],
    ['it is killed', `process.kill(process.pid, 'SIGKILL');`],
    ['it does not listen', `process.exit(0);`],
    ['it is not there', '', '/nowhere/node'],
  ])('%s: the call does not run', async (_, program, runtime) => {
    const { hooks } = await load(program, runtime);
    const args = { command: 'x'.repeat(1_000_000) };
    await expect(hooks['tool.execute.before'](before, { args })).rejects.toThrow(/Countersign refuses|not here|JSON|broken/);
    expect(args.command).toHaveLength(1_000_000);
  });

  test('a session that opencode does not know is refused', async () => {
    const { hooks } = await load(answering({ go: true }));
    await expect(hooks['tool.execute.before']({ ...before, sessionID: 'ses_x' }, { args: {} })).rejects.toThrow('ses_x');
  });

  test('a killed session is ended at its root', async () => {
    const { hooks, client } = await load(answering({ refuse: 'killed', stop: true }, 2));
    await expect(hooks['tool.execute.before'](before, { args: {} })).rejects.toThrow('killed');
    expect(client.aborted).toEqual(['ses_root']);
  });
});

test('a result is replaced as a whole, in the object that opencode holds', async () => {
  const { hooks } = await load(answering({ go: true, output: { output: '…', metadata: { output: '…' } } }));
  const output = { title: 't', output: 'secret', metadata: { output: 'secret' } };
  await hooks['tool.execute.after']({ ...before, args: {} }, output);
  expect(output).toEqual({ title: 't', output: '…', metadata: { output: '…' } });
});

test('a turn that ends takes back what it asked', async () => {
  const { hooks } = await load('setInterval(() => {}, 1000);');
  const asked: Promise<unknown> = hooks['tool.execute.before'](before, { args: {} });
  const refused = asked.then(
    () => 'it ran',
    (error: unknown) => String(error),
  );
  // Sessions are looked up first, in turns of the loop of their own.
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  await hooks.event({ event: { type: 'session.idle', properties: { sessionID: 'ses_child' } } });
  expect(await refused).toContain('Countersign refuses');
});

test('each response is written down once, when it is complete, in a form that can be counted', async () => {
  const { hooks } = await load(answering({ go: true }));
  const info = {
    id: 'msg_1',
    role: 'assistant',
    sessionID: 'ses_child',
    modelID: 'claude-sonnet-5-5',
    path: { cwd: '/home/dev/repo' },
    tokens: { total: 1050, input: 800, output: 40, reasoning: 10, cache: { write: 7, read: 200 } },
    time: { created: 1, completed: 2 },
  };
  const told = (over: object) => hooks.event({ event: { type: 'message.updated', properties: { info: { ...info, ...over } } } });
  await told({ time: { created: 1 } });
  await told({ role: 'user' });
  await told({});
  await told({});
  // They are written when the session is known.
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  expect(factsIn(opencodeUsage, readFileSync(join(folder, 'agents', 'opencode', 'usage.jsonl'), 'utf8'))).toEqual([
    {
      kind: 'response',
      key: 'msg_1',
      at: 2,
      cwd: '/home/dev/repo',
      model: 'claude-sonnet-5-5',
      session: 'ses_root',
      subagent: 'ses_child',
      request: '',
      claim: 1,
      speed: 'standard',
      region: '',
      webSearches: 0,
      isFinal: true,
      tokens: { input: 800, output: 50, cacheRead: 200, cacheWrite5m: 7, cacheWrite1h: 0 },
    },
  ]);
});
