import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Programs that would reach beyond the lab if a call of the table ever ran: in their place stands one that only says that it was
 * started. A shell's own `kill` cannot be replaced; it gets numbers of the lab's own processes alone.
 */
const names =
  'pkill killall fuser ss systemctl systemd-run gdb strace prlimit nsenter iptables fallocate dd yes shred crontab at code npm npx tmux chattr docker'.split(
    ' ',
  );

export interface StandIns {
  readonly path: string;
  /** What was started, a line each. */
  readonly started: () => readonly string[];
}

export function standIns(folder: string, path: string): StandIns {
  const mark = join(folder, 'started');
  mkdirSync(folder);
  for (const name of names) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> '${mark}'\n`);
    chmodSync(file, 0o755);
  }
  return {
    path: `${folder}${delimiter}${path}`,
    started: () => (existsSync(mark) ? readFileSync(mark, 'utf8').split('\n').filter(Boolean) : []),
  };
}
