import { spawn, type ChildProcess } from 'node:child_process';
import { instructionsOf } from '../../engine/guardrail/review/question.ts';
import type { ReviewModel } from '../../governor/review/model.ts';

/** An answer is short; a program that says more is ended. */
const longest = 64 * 1024;

/**
 * A program that a person named, with its arguments: no shell reads them. It gets the text on its standard input, the question, the id and
 * the instructions for a model in its environment, and prints the answer.
 */
export function commandModel([program, ...args]: readonly [string, ...string[]]): ReviewModel['ask'] {
  return async (question, signal) => {
    const { id, question: asked, text } = question;
    const env = {
      ...process.env,
      COUNTERSIGN_REVIEW_ID: id,
      COUNTERSIGN_REVIEW_QUESTION: asked,
      COUNTERSIGN_REVIEW_INSTRUCTIONS: instructionsOf(question),
    };
    // A group of its own, so that what it has started ends with it.
    const child = spawn(program, args, {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const stop = (): void => end(child);
    signal.addEventListener('abort', stop, { once: true });
    try {
      // A program may answer without having read everything.
      child.stdin.on('error', () => undefined);
      child.stdin.end(text);
      return { text: await printed(child) };
    } finally {
      signal.removeEventListener('abort', stop);
      end(child);
    }
  };
}

function printed(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    child.stdout?.on('data', (part: Buffer) => {
      length += part.length;
      if (length > longest) reject(new Error('its answer is too long'));
      else parts.push(part);
    });
    child.on('error', (error) => reject(new Error(`it cannot be started (${'code' in error ? String(error.code) : error.name})`)));
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve(Buffer.concat(parts).toString('utf8'));
      else reject(new Error(killedBy === null ? `it exited with ${code}` : `it was ended by ${killedBy}`));
    });
  });
}

/** With all that belongs to it. That it has gone already is no fault. */
function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
