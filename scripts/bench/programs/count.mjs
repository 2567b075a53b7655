// Runs the counting thread, as the governor does, until everything in one folder is counted; says what that cost.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const [dist = '', home = '', transcript = '', appended = ''] = process.argv.slice(2);
const thread = new Worker(pathToFileURL(join(dist, 'spend-worker.mjs')), {
  workerData: { home, claudeFolders: [] },
  resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 512 },
});
const asking = { agent: 'claude-code', session: '', cwd: '/', transcript };
let lastId = 0;

function post(message) {
  thread.postMessage(message, []);
}

function ask(scopes) {
  const id = (lastId += 1);
  post({ ask: 'sums', id, scopes, asking });
  return new Promise((resolve, reject) => {
    const take = (told) => {
      if (told.id !== id) return;
      thread.off('message', take);
      if (told.told === 'answer') resolve(told.result);
      else reject(new Error(told.message));
    };
    thread.on('message', take);
  });
}

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
// The thread is there and has opened its sums; what it costs to start a program is not asked here.
await ask([]).catch(() => undefined);
const started = cpu();
const [all] = await ask([{}]);
const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = all.tokens;
const result = {
  tokens: input + output + cacheRead + cacheWrite5m + cacheWrite1h,
  idleMs: cpu() - started,
};
if (appended !== '') result.appendedMs = await measureAppended();
console.log(JSON.stringify(result));
post({ ask: 'stop' });

/** One more line, and the session's new sum: the middle of many. */
async function measureAppended() {
  const { appendFileSync } = await import('node:fs');
  const session = appended;
  const spent = [];
  for (let n = 0; n < 200; n += 1) {
    const message = {
      model: 'claude-opus-5-5',
      id: `msg_appended${n}`,
      type: 'message',
      role: 'assistant',
      content: [],
      stop_reason: 'end_turn',
      usage: { input_tokens: 10, output_tokens: 20 },
    };
    appendFileSync(
      transcript,
      `${JSON.stringify({ isSidechain: false, message, type: 'assistant', uuid: `u${n}`, timestamp: new Date().toISOString(), cwd: '/', sessionId: session })}\n`,
    );
    const before = cpu();
    await ask([{ session }]);
    spent.push(cpu() - before);
  }
  return spent.sort((a, b) => a - b)[100];
}
