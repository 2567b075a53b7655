import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Sample } from './sample.ts';

/** What CredSweeper reports, and what is no secret, or no single line. */
const others =
  /^(?:PEM Private Key|UUID|Salt|Nonce|AWS S3 Bucket|Firebase Domain|Tencent WeChat API App ID|Google Multi|AWS Multi|BASE64.*)$/;

const report = z.array(z.object({ rule: z.string(), line_data_list: z.array(z.object({ line: z.string(), path: z.string() })) }));

/** The lines of CredSweeper's samples: those in its expected report, and all others. */
export function credsweeperSamples(checkout: string): readonly Sample[] {
  const findings = z.parse(report, JSON.parse(readFileSync(join(checkout, 'tests/data/output.json'), 'utf8')));
  const reported = findings.flatMap(({ rule, line_data_list: lines }) =>
    lines.map(({ line, path }) => ({ rule, text: line.trim(), path })),
  );
  const known = new Set(reported.map(({ text }) => text));
  const positives = reported
    .filter(({ rule, path }) => !others.test(rule) && existsSync(join(checkout, path)))
    .map(({ rule, text }) => ({ rule, text, positive: true }));
  return [...positives, ...otherLines(join(checkout, 'tests/samples'), known)];
}

function otherLines(folder: string, known: ReadonlySet<string>): readonly Sample[] {
  return readdirSync(folder)
    .filter(
      (name) => !/^(?:pem_key|sample)|\.(?:jks|zip|gz|xz|bz2|tar|lzma|crx|deb|rpm|docx|pdf|png|apk|p12|sqlite|eml|gif|class)/.test(name),
    )
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
    .filter(([, text]) => !text.includes('\0') && !text.includes('\uFFFD'))
    .flatMap(([rule, text]) => text.split(/\r?\n/).map((line) => ({ rule, text: line.trim(), positive: false })))
    .filter(({ text }) => text.length > 8 && !known.has(text));
}
