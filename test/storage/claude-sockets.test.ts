import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClaudeSockets } from '../../src/storage/claude-sockets.ts';
import { temporaryFolder } from './folder.ts';

const home = '/home/ada';
const processes: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  1: { HOME: home, CLAUDE_CONFIG_DIR: '/elsewhere' },
  2: { HOME: '/home/bob', CLAUDE_CONFIG_DIR: '/bob' },
  3: {},
  4: { HOME: home, CLAUDE_CONFIG_DIR: 'relative' },
  5: { HOME: home, CLAUDE_CONFIG_DIR: '/later' },
};

test('a process of ours says where it keeps its files, as soon as it is there; one of somebody else says nothing', () => {
  const place = join(temporaryFolder(), 'socks');
  const asked: number[] = [];
  const environmentOf = (pid: number) => (asked.push(pid), processes[pid] ?? {});
  const sockets = new ClaudeSockets({ places: [place], environmentOf, home });
  expect([sockets.folders(), sockets.places()]).toEqual([[], []]);
  mkdirSync(place);
  for (const name of ['1.sock', '2.sock', '3.sock', '4.sock', 'other']) writeFileSync(join(place, name), '');
  expect([sockets.folders(), sockets.places()]).toEqual([['/elsewhere'], [place]]);
  writeFileSync(join(place, '5.sock'), '');
  expect(sockets.folders()).toEqual(['/elsewhere', '/later']);
  sockets.folders();
  expect(new Set(asked)).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(asked).toHaveLength(5);
});

test('a pid that is used again is asked again', () => {
  const place = temporaryFolder();
  const seen = [{ HOME: '/home/bob' }, { HOME: home, CLAUDE_CONFIG_DIR: '/elsewhere' }];
  const sockets = new ClaudeSockets({ places: [place], environmentOf: () => seen.shift() ?? {}, home });
  writeFileSync(join(place, '1.sock'), '');
  expect(sockets.folders()).toEqual([]);
  rmSync(join(place, '1.sock'));
  sockets.folders();
  writeFileSync(join(place, '1.sock'), '');
  expect(sockets.folders()).toEqual(['/elsewhere']);
});
