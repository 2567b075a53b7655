// Brings polkit, whose question for an administrator's password the tests answer.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const programs = ['/usr/bin/pkexec', '/usr/bin/pkttyagent', '/usr/bin/dbus-daemon', '/usr/lib/polkit-1/polkitd'];
const packages = ['polkitd', 'pkexec', 'dbus-daemon'];

/** Where it cannot be installed without asking a person, the test that needs it says so by name. */
export function bringPolkit() {
  if (programs.every((path) => existsSync(path))) return;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayInstall) return;
  console.log('Installing polkit, which asks for an administrator’s password …');
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  execFileSync('apt-get', ['update', '-qq'], options);
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
}
