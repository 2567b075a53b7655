import { expect, test } from 'vitest';
import { callOf } from '../../src/agents/mcp/call.ts';
import { ServersPast } from '../../src/governor/gateway/past.ts';

const calls = (client: string, server: string, id: string, name = 'look') =>
  callOf({ client, session: 's1', cwd: '/p', server, kind: 'tool', name, arguments: {} }, id);

type Step =
  | readonly ['gateway', agent: string, server: string, id?: string]
  | readonly ['hook', client: string, server: string, id: string, name?: string];

test.each<[string, readonly Step[], readonly string[]]>([
  ['a call that only a hook tells of', [['hook', 'claude-code', 'docs', 'c1']], ['docs']],
  [
    'a call that the gateway saw as well',
    [
      ['gateway', 'claude-code', 'docs', 'c1'],
      ['hook', 'claude-code', 'docs', 'c1'],
    ],
    [],
  ],
  [
    'another call than the gateway saw',
    [
      ['gateway', 'claude-code', 'docs', 'c1'],
      ['hook', 'claude-code', 'docs', 'c2'],
    ],
    ['docs'],
  ],
  [
    'of an agent whose hooks have names of their own, the server counts',
    [
      ['gateway', 'gemini-cli', 'docs'],
      ['hook', 'gemini-cli-mcp-client', 'docs', 'x'],
    ],
    [],
  ],
  [
    'another agent’s server of that name',
    [
      ['gateway', 'codex', 'docs', 'c1'],
      ['hook', 'gemini-cli-mcp-client', 'docs', 'x'],
    ],
    ['docs'],
  ],
  [
    'a call within code of Codex, which has another name there',
    [
      ['gateway', 'codex', 'docs', 'c1'],
      ['hook', 'codex-mcp-client', 'docs', 'exec-1'],
    ],
    [],
  ],
  [
    'names that tools cannot have',
    [
      ['gateway', 'gemini-cli', 'my docs'],
      ['hook', 'gemini-cli-mcp-client', 'my_docs', 'x'],
    ],
    [],
  ],
  [
    'the gateway comes later',
    [
      ['hook', 'claude-code', 'docs', 'c1'],
      ['gateway', 'claude-code', 'docs'],
    ],
    [],
  ],
  ['our own server', [['hook', 'claude-code', 'countersign', 'c1', 'explain']], []],
  ['one that is only called like it', [['hook', 'claude-code', 'countersign', 'c1', 'upload']], ['countersign']],
])('%s', (_, steps, servers) => {
  const past = new ServersPast(() => undefined);
  for (const step of steps)
    if (step[0] === 'gateway') past.gatewaySaw(step[1], step[2], step[3]);
    else past.hookTold(calls(step[1], step[2], step[3], step[4]));
  expect(past.all().map(({ server }) => server)).toEqual(servers);
});

test('each server is told once, and again when it is behind the gateway', () => {
  let told = 0;
  const past = new ServersPast(() => (told += 1));
  for (const id of ['c1', 'c2']) past.hookTold(calls('claude-code', 'docs', id));
  expect(told).toBe(1);
  past.gatewaySaw('claude-code', 'docs', 'c3');
  past.gatewaySaw('claude-code', 'docs', 'c4');
  expect(told).toBe(2);
});
