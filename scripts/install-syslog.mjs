// Brings rsyslog, into which the tests export the log.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const programs = ['/usr/sbin/rsyslogd', '/sbin/rsyslogd'];
const packages = ['rsyslog', 'rsyslog-openssl'];

/** Where it cannot be installed without asking a person, the tests that need it say so by name. */
export function bringRsyslog() {
  if (programs.some((path) => existsSync(path))) return;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayInstall) return;
  console.log('Installing rsyslog, into which the tests export the log …');
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  execFileSync('apt-get', ['update', '-qq'], options);
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
}
