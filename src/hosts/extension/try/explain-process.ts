import { execFile } from 'node:child_process';
import * as z from 'zod/mini';
import { type ShownExplanation, shownExplanation, type ShownProblem, shownProblem } from '../../../webview/try/messages.ts';
import type { Draft } from '../replay-process.ts';

export interface ExplainQuestion {
  /** The number of a recorded call, or a hook message. */
  readonly call: { readonly seq: number } | { readonly message: object; readonly folder: string; readonly agent: string };
  readonly drafts: readonly Draft[];
}

/** Drafts that cannot be used are an answer, too. */
export type ExplainAnswer = ShownExplanation | { readonly problems: readonly ShownProblem[] };

/** Asks the bundled command line, in a process that ends when nobody wants to know any more. Rejects with what is wrong, or when aborted. */
export class ExplainProcess {
  readonly #program: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor(program: string, environment: Readonly<Record<string, string | undefined>>) {
    this.#program = program;
    this.#environment = environment;
  }

  async ask({ call, drafts }: ExplainQuestion, signal: AbortSignal): Promise<ExplainAnswer> {
    const given = 'seq' in call ? { drafts } : { drafts, message: call.message };
    return answer.parse(JSON.parse(await this.#run(argumentsFor(call), JSON.stringify(given), signal)));
  }

  #run(args: readonly string[], given: string, signal: AbortSignal): Promise<string> {
    const env = { ...this.#environment, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' };
    const options = { env, signal, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 };
    return new Promise((resolve, reject) => {
      const child = execFile(process.execPath, [this.#program, ...args], options, (error, stdout, stderr) => {
        if (!error || stdout.startsWith('{')) resolve(stdout);
        else reject(new Error(reasonIn(stderr) ?? error.message));
      });
      // One that ends without reading says why by how it ends.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(given);
    });
  }
}

const answer: z.ZodMiniType<ExplainAnswer> = z.union([z.object({ problems: z.array(shownProblem) }), shownExplanation]);

/** `=`, so that no text is taken for an option. */
function argumentsFor(call: ExplainQuestion['call']): readonly string[] {
  const args = ['policy', 'explain', '--stdin', '--json'];
  if ('seq' in call) return [...args, String(call.seq)];
  return [...args, `--cwd=${call.folder}`, ...(call.agent === '' ? [] : [`--agent=${call.agent}`])];
}

/** The command line says which command failed; the person knows. */
function reasonIn(said: string): string | undefined {
  return said
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.replace(/^countersign policy: /, '');
}
