import { telemetryTokenOf } from '../../channel/token.ts';
import { readConfig, writeConfig } from '../../storage/config.ts';
import { openHome, type Home } from '../../storage/home.ts';
import { readOrCreateToken } from '../../storage/token.ts';
import { type ExitCode, type Terminal, WrongUsage } from './command.ts';

/** Switches on or off that Claude Code may tell its requests while it runs. Its settings are its user's: what belongs there is only printed. */
export function spendTelemetry(asked: string | undefined, terminal: Terminal): ExitCode {
  const home = openHome();
  if (asked === 'on') return switchOn(home, terminal);
  if (asked === 'off') return switchOff(home, terminal);
  if (asked !== undefined && asked !== 'status') throw new WrongUsage('spend telemetry takes on, off or status');
  terminal.out(`Telemetry is ${readConfig(home).telemetry === true ? 'on' : 'off'}.`);
  return 0;
}

function switchOn(home: Home, terminal: Terminal): ExitCode {
  const config = readConfig(home);
  if (config.port === undefined) throw new Error('The governor has no port yet. Start it once: countersign governor start');
  writeConfig(home, { ...config, telemetry: true });
  terminal.err('Telemetry is on. Put this into ~/.claude/settings.json, unless you send telemetry elsewhere already:');
  terminal.out(JSON.stringify({ env: environmentFor(config.port, telemetryTokenOf(readOrCreateToken(home.hookToken))) }, undefined, 2));
  return 0;
}

function switchOff(home: Home, terminal: Terminal): ExitCode {
  const { telemetry: _, ...config } = readConfig(home);
  writeConfig(home, config);
  terminal.out('Telemetry is off. Take the OTEL_ variables out of ~/.claude/settings.json again.');
  return 0;
}

function environmentFor(port: number, token: string): Readonly<Record<string, string>> {
  return {
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `http://127.0.0.1:${port}/v1/otlp/v1/logs`,
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: `Authorization=Bearer%20${token}`,
    OTEL_LOGS_EXPORT_INTERVAL: '1000',
  };
}
