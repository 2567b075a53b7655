import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tryLead } from '../../src/storage/leader.ts';
import { temporaryFolder } from './folder.ts';
import { run } from './programs/program.ts';

test('one leads, the next one learns so at once, and may lead after the release', () => {
  const home = { leader: join(temporaryFolder(), 'leader.db') };
  const first = tryLead(home);
  expect(first).toBeDefined();
  expect(tryLead(home)).toBeUndefined();
  first?.release();
  first?.release();
  const second = tryLead(home);
  expect(second).toBeDefined();
  second?.release();
});

test('of several processes one leads; each time it is killed, another one does, and never two', async () => {
  const home = { leader: join(temporaryFolder(), 'leader.db') };
  const waiting = Array.from({ length: 5 }, () => run('lead.ts', [home.leader]));
  await Promise.all(waiting.map((program) => program.line()));
  const elected = new Map(waiting.map((program) => [program, program.line().then(() => program)]));
  while (elected.size > 0) {
    const leader = await Promise.race(elected.values());
    expect(tryLead(home)).toBeUndefined();
    elected.delete(leader);
    expect(await Promise.race([...elected.values(), Promise.resolve('nobody else')])).toBe('nobody else');
    leader.process.kill('SIGKILL');
    expect(await leader.ended).toBe('SIGKILL');
  }
  const mine = tryLead(home);
  expect(mine).toBeDefined();
  mine?.release();
});

test('a leader that ends by itself makes room', async () => {
  const home = { leader: join(temporaryFolder(), 'leader.db') };
  const program = run('lead.ts', [home.leader]);
  expect(await program.line()).toBe('leading at once');
  program.process.stdin?.end();
  expect(await program.ended).toBe(0);
  const mine = tryLead(home);
  expect(mine).toBeDefined();
  mine?.release();
});

test('where the lock cannot be used nobody leads, and the reason is said', () => {
  const folder = temporaryFolder();
  expect(() => tryLead({ leader: join(folder, 'missing', 'leader.db') })).toThrow(/Cannot open/);
  const damaged = join(folder, 'leader.db');
  writeFileSync(damaged, 'no database '.repeat(100));
  expect(() => tryLead({ leader: damaged })).toThrow(/not a database/);
});
