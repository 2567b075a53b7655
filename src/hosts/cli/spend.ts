import { type Command, parse } from './command.ts';
import { askedOf, spendOptions } from './spend-options.ts';
import { spendReports } from './spend-report.ts';
import { spendTelemetry } from './spend-telemetry.ts';
import { csvOf, jsonOf, tableOf } from './spend-text.ts';

export const spend: Command = {
  name: 'spend',
  summary: 'what agents used and what it costs, from their own records',
  usage:
    'countersign spend [--today|--week|--month] [--since TIME] [--until TIME] [--by day|session|agent|subagent|model|workspace] [--session ID] [--tz ZONE] [--json|--csv] [--claude-dir DIR] [--codex-dir DIR]\ncountersign spend telemetry [on|off|status]',
  run: async (args, terminal) => {
    const { values, positionals } = parse(args, spendOptions);
    if (positionals[0] === 'telemetry') return spendTelemetry(positionals[1], terminal);
    const asked = askedOf(values, Date.now());
    const [report] = await spendReports([asked.query], asked.folders, (line) => terminal.err(line));
    if (report === undefined) throw new Error('Nothing was counted.');
    if (values.json === true) terminal.out(jsonOf(report, asked));
    else if (values.csv === true) terminal.out(csvOf(report, asked));
    else terminal.out(tableOf(report, asked));
    return 0;
  },
};
