import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePlace, type Place } from './run.ts';

function withServer(): Place {
  const place = makePlace();
  const script = join(place.folder, 'server.mjs');
  writeFileSync(script, 'serve();');
  writeFileSync(join(place.folder, '.mcp.json'), JSON.stringify({ mcpServers: { own: { command: 'node', args: [script] } } }));
  const packages = { '': { name: 'own' }, 'node_modules/a': { version: '1.0.0', license: 'MIT' } };
  writeFileSync(join(place.folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  return place;
}

test('a server’s bill of materials is printed, or written', async () => {
  using place = withServer();
  const { stdout } = await place.run(['mcp', 'sbom', 'own']);
  expect(JSON.parse(stdout)).toMatchObject({ bomFormat: 'CycloneDX', components: [{ purl: 'pkg:npm/a@1.0.0' }] });
  expect((await place.run(['mcp', 'sbom', './', '--out', 'sbom.json'])).exitCode).toBe(0);
  expect(readFileSync(join(place.folder, 'sbom.json'), 'utf8')).toBe(stdout);
  expect(await place.run(['mcp', 'sbom', 'other'])).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('is called "other"') });
});

test('scanners say what they found, and what they kept is named with the server’s signatures', async () => {
  using place = withServer();
  expect(await place.run(['mcp', 'scan', 'own'])).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('no scanner is configured'),
  });
  const saying = (text: string): readonly string[] => [process.execPath, '-e', `console.log(${JSON.stringify(text)})`];
  const found = { name: 'found', command: saying('{"findings":[{"severity":"high","id":"X-1","title":"bad"}]}') };
  const broken = { name: 'broken', command: saying('all is well') };
  const configure = (...scanners: readonly unknown[]): void => {
    mkdirSync(place.home, { recursive: true });
    writeFileSync(join(place.home, 'config.json'), JSON.stringify({ scanners }));
  };
  configure(broken);
  expect(await place.run(['mcp', 'scan', 'own'])).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('broken: not available') });
  configure(broken, found);
  expect(await place.run(['mcp', 'scan', 'own'])).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('X-1') });
  writeFileSync(join(place.folder, 'server.sig'), 'a signature');
  expect((await place.run(['mcp', 'evidence', 'own', 'server.sig'])).stdout).toContain('kept');
  const { stdout } = await place.run(['mcp', 'evidence', 'own']);
  expect(stdout).toContain(createHash('sha256').update('serve();').digest('hex').slice(0, 12));
  for (const line of [/signature +server\.sig/, /found: 1 found, the worst high/, /broken: not available/]) expect(stdout).toMatch(line);
  writeFileSync(join(place.folder, 'server.mjs'), 'other();');
  expect((await place.run(['mcp', 'evidence', 'own'])).stdout).not.toContain('server.sig');
});

test('what an agent’s own terminal finds is printed, and not kept: it chooses which programs run there', async () => {
  using place = withServer();
  mkdirSync(place.home, { recursive: true });
  const clean = { name: 'clean', command: [process.execPath, '-e', 'console.log(`{"findings":[]}`)'] };
  writeFileSync(join(place.home, 'config.json'), JSON.stringify({ scanners: [clean] }));
  expect(await place.run(['mcp', 'scan', 'own'], '', { CLAUDECODE: '1' })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('nothing found'),
    stderr: expect.stringContaining('is not kept'),
  });
  expect((await place.run(['mcp', 'evidence', 'own'])).stdout).not.toContain('clean');
});
