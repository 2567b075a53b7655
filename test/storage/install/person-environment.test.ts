import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHome } from '../../../src/storage/home.ts';
import { gatewayLauncher, renderGatewayLauncher } from '../../../src/storage/install/gateway-launcher.ts';
import { governorEnvironment, personHere, personIn, serverEnvironment } from '../../../src/storage/install/person-environment.ts';

const theirs = {
  HOME: '/repo/home',
  PATH: '/repo/bin',
  COUNTERSIGN_HOME: '/repo/state',
  COUNTERSIGN_PERSON: '{"HOME":"/repo"}',
  COUNTERSIGN_NODE_OPTIONS: '--require /repo/more.cjs',
  CODEX_HOME: '/repo/codex',
  npm_config_userconfig: '/repo/npmrc',
  NODE_OPTIONS: '--require /repo/evil.cjs',
  NODE_PATH: '/repo',
  GITHUB_TOKEN: 't',
};

test.skipIf(process.platform === 'win32')(
  'what a server’s configuration sets reaches the server, and neither the governor nor what installs it',
  () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
    try {
      const script = join(root, 'show.mjs');
      writeFileSync(script, 'console.log(JSON.stringify(process.env));');
      const home = openHome({ COUNTERSIGN_HOME: join(root, 'state') });
      const person = { HOME: root, PATH: '/usr/bin:/bin', CODEX_HOME: '/my codex', NODE_OPTIONS: '--trace-warnings', SECRET: 's' };
      renderGatewayLauncher({ home, runtime: process.execPath, script, environment: person });
      const { stdout, stderr } = spawnSync(gatewayLauncher(home), [], { env: theirs, encoding: 'utf8' });
      expect(stderr).toBe('');
      const seen: NodeJS.ProcessEnv = JSON.parse(stdout);
      const own = { HOME: root, PATH: '/usr/bin:/bin', CODEX_HOME: '/my codex' };
      expect(personHere(seen)).toEqual(own);
      expect(governorEnvironment(seen)).toEqual({ ...own, COUNTERSIGN_HOME: home.root });
      expect(seen['NODE_OPTIONS']).toBe('');
      expect(serverEnvironment(seen)).toMatchObject({ HOME: '/repo/home', NODE_OPTIONS: '--require /repo/evil.cjs', GITHUB_TOKEN: 't' });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
);

test('without a launcher nothing is handed on that makes a program load code', () => {
  expect(Object.keys(personIn({ ...theirs, LD_PRELOAD: '/x.so', HTTPS_PROXY: 'http://p' })).toSorted()).toEqual([
    'CODEX_HOME',
    'HOME',
    'HTTPS_PROXY',
    'PATH',
    'npm_config_userconfig',
  ]);
});
