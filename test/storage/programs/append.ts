// append.ts <log> <count> <written|synced>: appends, prints how many were confirmed; the reason where one is rejected.
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { entryOf } from '../samples.ts';

const [path = '', count = '0', durability] = process.argv.slice(2);
const log = new AuditDatabase(path, { patienceMs: 15_000 });
console.log('open');
let confirmed = 0;
try {
  for (let i = 0; i < Number(count); i += 1) {
    await log.append(entryOf({ callId: `${process.pid}-${i}` }), durability === 'synced' ? 'synced' : 'written');
    confirmed += 1;
  }
  console.log(confirmed);
} catch (error) {
  console.log(`${confirmed} then: ${error instanceof Error ? error.message : String(error)}`);
}
