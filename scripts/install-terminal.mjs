// Brings tmux, in which the tests run Claude Code as a person does: in a terminal.
import { execFileSync, spawnSync } from 'node:child_process';

/** Fails with what to do where it cannot be installed without asking a person. */
export function ensureTmux() {
  if (runs('tmux', ['-V'])) return;
  const mayInstall = process.getuid?.() === 0 && runs('apt-get', ['--version']);
  if (!mayInstall)
    throw new Error('The terminal tests need tmux. Install it (apt install tmux, dnf install tmux, brew install tmux) and run this again.');
  console.log('Installing tmux, in which the tests run Claude Code in a terminal …');
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  execFileSync('apt-get', ['update', '-qq'], options);
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'tmux'], options);
}

function runs(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
