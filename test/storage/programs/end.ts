// end.ts <session>: ends that session, of which it is itself a part, and prints the report.
import { MachineProcesses } from '../../../src/storage/processes.ts';

const report = await new MachineProcesses().end({ pid: 999_999_999, start: '1' }, process.argv[2] ?? '', 100);
console.log(JSON.stringify(report));
