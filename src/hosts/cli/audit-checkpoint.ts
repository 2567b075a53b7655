import { AuditDatabase } from '../../storage/audit-log.ts';
import { LogSigner } from '../../storage/audit-signer.ts';
import { openHome } from '../../storage/home.ts';
import { type ExitCode, parse, type Terminal } from './command.ts';
import { refuseAgents } from './governor.ts';

/** Signs the log as it is, or shows the key that others check it with. */
export async function checkpoint(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parse(args, { key: { type: 'boolean' } });
  const text = await withSigner(async (signer) => (values.key ? (await signer.key()).verifier.text : (await signer.sign())?.note.note));
  if (text === undefined) throw new Error('The log is empty: there is nothing to sign yet.');
  terminal.out(text.trimEnd());
  return 0;
}

export async function rotateKey(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parse(args, { lost: { type: 'boolean' } });
  refuseAgents('"countersign audit rotate-key"');
  const key = await withSigner(async (signer) => signer.rotate(values.lost));
  terminal.out(key.verifier.text);
  return 0;
}

/** Whoever signs at the same time does so on the same log: nobody needs to be asked, no governor to run. */
export async function withSigner<T>(use: (signer: LogSigner) => Promise<T>): Promise<T> {
  const home = openHome();
  const log = new AuditDatabase(home.audit);
  const signer = new LogSigner({ path: home.audit, keyFile: home.auditKey, append: log.append, now: Date.now });
  try {
    return await use(signer);
  } finally {
    await signer.close();
    log.close();
  }
}
