import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { homeOf } from '../../storage/home.ts';
import { openSpend } from '../../storage/spend/open.ts';
import { allRecords } from '../../storage/spend/record-places.ts';
import { SpendLoop, type SpendAsk } from './spend-loop.ts';

/** What the counting thread is told at its start. */
export interface SpendWorkerData {
  readonly home: string;
  /** Where Claude Code keeps its files besides the places that it is known for. */
  readonly claudeFolders: readonly string[];
}

const port = parentPort;
if (!isMainThread && port !== null) {
  const { home, claudeFolders }: SpendWorkerData = workerData;
  const index = openSpend(homeOf({ ...process.env, COUNTERSIGN_HOME: home }), () => allRecords(claudeFolders));
  const loop = new SpendLoop(index, (told) => port.postMessage(told));
  port.on('message', (ask: SpendAsk) => {
    loop.take(ask);
    if (ask.ask === 'stop') port.close();
  });
}
