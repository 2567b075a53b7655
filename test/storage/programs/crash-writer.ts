// crash-writer.ts <folder> <governor|hook>: appends without end, several entries at once, and prints the number and hash of each
// only when it was confirmed. A governor also signs, anchors and empties; a hook opens the log anew now and then, as hooks do.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { anchorOf } from '../../../src/storage/audit-anchors.ts';
import { LogKeeper } from '../../../src/storage/audit-keeper.ts';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { emptyOld } from '../../../src/storage/audit-retention.ts';
import { LogSigner } from '../../../src/storage/audit-signer.ts';
import { entryOf } from '../samples.ts';

const [folder = '', role = 'hook'] = process.argv.slice(2);
const path = join(folder, 'audit.db');
const patience = { patienceMs: 60_000, timeoutMs: 60_000 };
let count = 0;

async function write(log: AuditDatabase): Promise<void> {
  const durability = Math.random() < 0.2 ? 'synced' : 'written';
  const entry = entryOf({ callId: `${process.pid}-${(count += 1)}`, time: Date.now(), action: durability === 'synced' ? 'deny' : 'allow' });
  const { seq, hash } = await log.append(entry, durability);
  // One write to a pipe: what was printed has arrived, however this process ends.
  writeSync(1, `${seq} ${hash}\n`);
}

async function burst(log: AuditDatabase): Promise<void> {
  await Promise.all(Array.from({ length: 1 + Math.floor(Math.random() * 8) }, async () => write(log)));
}

if (role === 'governor') {
  const log = new AuditDatabase(path, { ...patience, pollMs: 20 });
  const signer = new LogSigner({ path, keyFile: join(folder, 'audit-key'), append: log.append, now: Date.now });
  const old = { path, append: log.append, now: Date.now, days: 1 / 86_400 };
  const anchors = [anchorOf({ file: join(folder, 'anchor') }, join(folder, 'timestamps'))];
  // Constructed for its life: it listens to the log.
  const keeper = new LogKeeper({ log, signer, anchors, now: Date.now, everyEntries: 10, everyMs: 20, emptyOld: async () => emptyOld(old) });
  process.on('beforeExit', () => void keeper.stop());
  for (;;) await burst(log);
}
for (;;) {
  const log = new AuditDatabase(path, patience);
  for (let i = 0; i < 20; i += 1) await burst(log);
  log.close();
}
