import type { CodexAsk, CodexCall, CodexLedgerEntry, CodexTurn, CodexUsage } from './model.ts';
import { startCodexModel } from './model.ts';
import { makeCodexScratch, type CodexScratch } from './client.ts';

/** Sessions of the real Codex whose every response is in a ledger. */
export interface CodexSessions extends AsyncDisposable {
  readonly scratch: CodexScratch;
  readonly ledger: readonly CodexLedgerEntry[];
  /** Ids of threads by the name of the scenario. */
  readonly threads: Readonly<Record<string, string>>;
}

export async function runCodexScenarios(binary: string): Promise<CodexSessions> {
  const model = await startCodexModel(turnFor, counter());
  const scratch = makeCodexScratch(binary, model.url);
  const exec = async (...args: string[]) => threadOf(await scratch.run(['exec', '--skip-git-repo-check', '--json', ...args]));
  const plain = await exec('plain');
  const team = await exec('team');
  const resumed = await exec('first');
  await exec('resume', resumed, 'second');
  const forked = await exec('fork', resumed, 'third');
  const forkedAgain = await exec('fork', forked, 'fourth');
  await exec('resume', resumed, '-m', 'gpt-5.5', 'fifth');
  const compacted = await exec('-c', 'model_auto_compact_token_limit=100000', 'full');
  return {
    scratch,
    ledger: model.ledger,
    threads: { plain, team, resumed, forked, forkedAgain, compacted },
    [Symbol.asyncDispose]: async () => {
      await model[Symbol.asyncDispose]();
      scratch[Symbol.dispose]();
    },
  };
}

function threadOf({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  const thread = /"thread_id":"([^"]+)"/.exec(stdout)?.[1];
  if (thread === undefined) throw new Error(`Codex began no thread: ${stdout}${stderr}`);
  return thread;
}

/** No two responses cost the same, so that none can stand in for another; but for those that all do. */
function counter(): () => CodexUsage {
  let n = 0;
  return () => {
    n += 1;
    return { input: 2000 + 17 * n, cached: 500 + 11 * n, cacheWrite: 7 * (n % 5), output: 50 + 3 * n, reasoning: 10 + n };
  };
}

const run: CodexCall = { names: ['exec_command', 'shell_command', 'shell'], input: { cmd: 'true', command: 'true' } };
const delegate = (message: string, isFork = false): CodexCall => ({ names: ['spawn_agent'], input: { message, fork_context: isFork } });
const wait = (ids: readonly string[]): CodexCall => ({ names: ['wait_agent', 'wait'], input: { targets: ids, ids, timeout_ms: 60_000 } });

function turnFor(ask: CodexAsk): CodexTurn {
  const script = scripts[ask.prompt.split(' ')[0] ?? ''];
  return (typeof script === 'function' ? script(ask) : script?.[ask.results.length]) ?? {};
}

const same: CodexUsage = { input: 900, cached: 100, cacheWrite: 0, output: 40, reasoning: 4 };
const scripts: Readonly<Record<string, readonly CodexTurn[] | ((ask: CodexAsk) => CodexTurn | undefined)>> = {
  plain: [{ calls: [run], usage: same }, { calls: [run], usage: same }, { usage: same }],
  team: (ask) => {
    if (ask.results.length === 0) return { calls: [delegate('alpha'), delegate('beta', true)] };
    const ids = ask.results.flatMap((result) => /agent_id[^0-9a-f]+([0-9a-f-]{36})/.exec(result)?.[1] ?? []);
    // Whoever waits hears of the first that ends.
    return ask.results.length < 4 ? { calls: [wait(ids.slice(ask.results.length - 2).slice(0, 1))] } : {};
  },
  alpha: [{ calls: [run], usage: same }, { usage: same }],
  beta: [{ calls: [run], usage: same }, { usage: same }],
  full: [{ calls: [run], usage: { input: 150_000, cached: 3000 } }],
};
