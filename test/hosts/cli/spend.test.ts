import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Transcript } from '../../storage/spend/transcript.ts';
import { makePlace } from './run.ts';

const time = '2026-11-28T10:00:00.000Z';

function write(claude: string): void {
  new Transcript(claude, 's1')
    .answer({ id: 'msg_00000001', time })
    .answer({ id: 'msg_00000002', time: '2026-11-29T10:00:00.000Z', model: '=cmd()' });
}

test('without a governor, the records are read and the sums printed as one JSON document', async () => {
  using place = makePlace();
  const claude = join(place.folder, 'claude');
  write(claude);
  const env = { CLAUDE_CONFIG_DIR: claude, CODEX_HOME: join(place.folder, 'none') };
  const { stdout, exitCode } = await place.run(['spend', '--json', '--tz', 'UTC', '--until', '2027-01-01'], '', env);
  const { rows, total } = JSON.parse(stdout);
  expect(exitCode).toBe(0);
  expect(rows.map((row: { key: string; tokens: { total: number } }) => [row.key, row.tokens.total])).toEqual([
    ['2026-11-28', 30],
    ['2026-11-29', 30],
  ]);
  expect(total).toMatchObject({
    tokens: { input: 20, output: 40, total: 60 },
    costUsd: 0.00044,
    hiddenUsd: 0,
    unpricedTokens: 30,
    lowerBound: false,
  });
});

test('a folder can be named, and no text of an agent becomes a formula', async () => {
  using place = makePlace();
  const claude = join(place.folder, 'elsewhere');
  write(claude);
  const { stdout } = await place.run(['spend', '--csv', '--by', 'model', '--until', '2027-01-01', '--claude-dir', claude]);
  expect(
    stdout
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]),
  ).toEqual(['claude-opus-5-5', "'=cmd()", '']);
});

test.each<[readonly string[]]>([[['--by', 'colour']], [['--tz', 'Mars/Olympus']], [['--since', 'long ago']]])(
  '%j is wrong usage',
  async (args) => {
    using place = makePlace();
    expect((await place.run(['spend', ...args])).exitCode).toBe(64);
  },
);

test('telemetry is off until it is switched on, and what belongs into the settings is only printed', async () => {
  using place = makePlace();
  const said = async (...args: string[]) => (await place.run(['spend', 'telemetry', ...args])).stdout.trim();
  const config = join(place.home, 'config.json');
  mkdirSync(place.home, { recursive: true, mode: 0o700 });
  writeFileSync(config, '{"port": 4711, "prices": {}}');
  expect(await said()).toBe('Telemetry is off.');
  const { env } = JSON.parse(await said('on'));
  expect(env).toMatchObject({
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://127.0.0.1:4711/v1/otlp/v1/logs',
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
  });
  expect(JSON.stringify(env)).not.toContain(readFileSync(join(place.home, 'hook-token'), 'utf8').trim());
  expect(await said('status')).toBe('Telemetry is on.');
  await said('off');
  expect(JSON.parse(readFileSync(config, 'utf8'))).toEqual({ port: 4711, prices: {} });
});
