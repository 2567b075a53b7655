import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig, writeConfig } from '../../src/storage/config.ts';
import { openHome, type Home } from '../../src/storage/home.ts';
import { readExportTargets, targetName } from '../../src/storage/outbox-config.ts';
import { temporaryFolder } from './folder.ts';

function homeWith(config: unknown): Home {
  const home = openHome({ COUNTERSIGN_HOME: join(temporaryFolder(), 'home') });
  if (config !== undefined) writeFileSync(home.config, typeof config === 'string' ? config : JSON.stringify(config));
  return home;
}

const exporting = (...targets: readonly unknown[]) => homeWith({ port: 4711, audit: { export: targets } });

test.each([[undefined], [{}], [{ port: 4711 }], [{ audit: {} }], [{ audit: { export: [] } }]])('%j sends nothing anywhere', (config) => {
  expect(readExportTargets(homeWith(config))).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['a collector', { otlp: { url: 'https://c.example.com/v1/logs?key=1', headers: { a: 'secret' } } }, 'otlp https://c.example.com/v1/logs'],
  ['a collector on this machine', { otlp: { url: 'http://127.0.0.1:4318/v1/logs' } }, 'otlp http://127.0.0.1:4318/v1/logs'],
  ['a receiver over TLS', { syslog: { host: 's.example.com', port: 6514, tls: {} } }, 'syslog s.example.com:6514'],
  ['a receiver on this machine', { syslog: { host: 'localhost', port: 514 } }, 'syslog localhost:514'],
])('%s is a target, called without its secrets', (_, target, name) => {
  expect(readExportTargets(exporting(target)).map(targetName)).toEqual([name]);
});

test.each<[string, unknown, RegExp]>([
  [
    'a collector elsewhere in the clear',
    { otlp: { url: 'http://c.example.com/v1/logs' } },
    /audit\.export\.0\.otlp\.url is no https address/,
  ],
  ['a name that only begins like this machine', { otlp: { url: 'http://127.0.0.1.example.com/' } }, /is no https address/],
  ['a password in an address', { otlp: { url: 'https://u:p@c.example.com/' } }, /is no https address/],
  ['no address', { otlp: {} }, /otlp\.url/],
  ['syslog elsewhere in the clear', { syslog: { host: 's.example.com', port: 514 } }, /needs tls/],
  ['a port that is none', { syslog: { host: 'localhost', port: 0 } }, /syslog\.port/],
  ['a word that nobody knows', { kafka: {} }, /audit\.export\.0/],
  ['a misspelt member', { syslog: { host: 'localhost', port: 514, tsl: {} } }, /tsl/],
  ['certificates that are not there', { syslog: { host: 's', port: 514, tls: { ca: '/none.pem' } } }, /\/none\.pem/],
])('%s is refused, and it says what is wrong', (_, target, message) => {
  expect(() => readExportTargets(exporting(target))).toThrow(message);
});

test('a file that is no JSON is refused by its name', () => {
  expect(() => readExportTargets(homeWith('{'))).toThrow(/config\.json cannot be understood/);
});

test('writing the port leaves the targets as they are', () => {
  const home = exporting({ otlp: { url: 'https://c.example.com/' } });
  writeConfig(home, { ...readConfig(home), port: 1 });
  expect(readConfig(home).port).toBe(1);
  expect(readExportTargets(home)).toHaveLength(1);
});
