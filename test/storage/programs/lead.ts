// lead.ts <lock>: tries until it leads, says so, and leads until it is killed or told to stop.
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLead } from '../../../src/storage/leader.ts';

const home = { leader: process.argv[2] ?? '' };
let leader = tryLead(home);
console.log(leader === undefined ? 'waiting' : 'leading at once');
while (leader === undefined) {
  await sleep(5);
  leader = tryLead(home);
}
console.log('leading');
process.stdin.on('end', () => leader.release()).resume();
