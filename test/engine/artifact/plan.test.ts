import { expect, test } from 'vitest';
import { dockerOptions } from '../../../src/engine/artifact/docker-run.ts';
import { imageByDigest, planOf, type Plan } from '../../../src/engine/artifact/plan.ts';

const npm = (name: string, spec: string, args: readonly string[] = [], bin?: string): Plan => ({
  kind: 'npm',
  name,
  spec,
  ...(bin === undefined ? {} : { bin }),
  args,
});
const opaque = (program: string, fetches: boolean): Plan => ({ kind: 'program', program, fetches });
const digest = `sha256:${'a'.repeat(64)}`;

test.each<[string, Plan]>([
  ['npx -y @scope/server-files /data', npm('@scope/server-files', 'latest', ['/data'])],
  ['npx --yes server@1.2.3 -y --port 1', npm('server', '1.2.3', ['-y', '--port', '1'])],
  ['/usr/local/bin/npx.cmd server@next', npm('server', 'next')],
  ['npx -p @scope/pack@^2 tool a', npm('@scope/pack', '^2', ['a'], 'tool')],
  ['npx --package=pack -- tool a', npm('pack', 'latest', ['a'], 'tool')],
  ['cmd /c npx -y server', npm('server', 'latest')],
  ['npm exec -y server', npm('server', 'latest')],
  ['pnpm dlx server@1', npm('server', '1')],
  ['bunx server', npm('server', 'latest')],
  // What cannot be held is not taken for something that can.
  ['npx -c server', opaque('npx', true)],
  ['npx ./server', opaque('npx', true)],
  ['npx github:owner/server', opaque('npx', true)],
  ['npx -p one -p two tool', opaque('npx', true)],
  ['npx --registry=https://evil.example server', opaque('npx', true)],
  ['sh -c npx+-y+server', opaque('sh', true)],
  ['env A=1 npx server', opaque('env', true)],
  ['uvx mcp-server-git', { kind: 'pypi', name: 'mcp-server-git', spec: 'latest' }],
  ['uvx --from mcp-server[x]==1.2 tool', { kind: 'pypi', name: 'mcp-server', spec: '1.2' }],
  [
    'docker run -i --rm -e TOKEN ghcr.io/o/server:1 stdio',
    { kind: 'image', image: 'ghcr.io/o/server:1', options: ['--interactive', '--rm', '--env=TOKEN'], risky: [] },
  ],
  [`docker run -i o/server@${digest}`, { kind: 'image', image: 'o/server', digest, options: ['--interactive'], risky: [] }],
  [
    'docker run --privileged -v /:/host --network=host --name x o/server',
    {
      kind: 'image',
      image: 'o/server',
      options: ['--privileged', '--volume=/:/host', '--network=host', '--name=x'],
      risky: ['--privileged', '-v /:/host', '--network=host'],
    },
  ],
  ['docker run --new-option x o/server', opaque('docker', false)],
  ['node /srv/server.js --x', { kind: 'script', file: '/srv/server.js' }],
  ['node --require ./x.js server.js', opaque('node', false)],
  ['python -m server', opaque('python', false)],
  ['/opt/server stdio', opaque('/opt/server', false)],
])('%s', (line, expected) => {
  const [command = '', ...args] = line.split(' ').map((word) => word.replaceAll('+', ' '));
  expect(planOf(command, args)).toEqual(expected);
});

const rewritten = (line: string): string => {
  const [command = '', ...args] = line.split(' ');
  return imageByDigest(command, args, digest).join(' ');
};

test.each<[string, string]>([
  ['docker run -i --rm o/server:1 stdio --x', `run -i --rm o/server@${digest} stdio --x`],
  ['docker run o/server', `run o/server@${digest}`],
  ['podman run -v o/a:1 localhost:5000/o/server:1 o/server:1', `run -v o/a:1 localhost:5000/o/server@${digest} o/server:1`],
  [`docker run o/server:1@sha256:${'b'.repeat(64)}`, `run o/server@${digest}`],
  ['cmd /c docker run -i o/server', `/c docker run -i o/server@${digest}`],
])('%s: its image by a digest, and every other word as it is', (line, expected) => {
  expect(rewritten(line)).toBe(expected);
});

test.each(['docker run --new-option x o/server', 'docker run -i', 'docker ps'])(
  '%s has no image that could be named by a digest',
  (line) => {
    expect(() => rewritten(line)).toThrow('no image');
  },
);

test.each<[string, readonly string[], readonly string[] | undefined]>([
  [
    'in one spelling',
    ['-it', '-e A=1', '--net host', '-v=/a:/b'],
    ['--interactive', '--tty', '--env=A=1', '--network=host', '--volume=/a:/b'],
  ],
  ['with blanks in a value', ['-v /my data:/data'], ['--volume=/my data:/data']],
  ['none', [], []],
  ['one that nobody knows', ['--new-option'], undefined],
  ['one with a value that takes none', ['--rm=false'], undefined],
  ['what is no option', ['-i o/server'], undefined],
])('options as a policy lists them: %s', (_, texts, expected) => {
  expect(dockerOptions(texts)).toEqual(expected);
});
