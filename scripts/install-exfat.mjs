// Brings exFAT, so that a disk which does not tell small letters from capitals can be tried for real.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Where it cannot be had, or not be mounted, the test that needs it says so by name. */
export function bringExfat() {
  if (existsSync('/usr/sbin/mount.exfat-fuse') && existsSync('/usr/sbin/mkfs.exfat')) return;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && existsSync('/dev/fuse');
  if (!mayInstall) return;
  console.log('Installing exfat-fuse, for a disk that folds case …');
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'exfat-fuse', 'exfatprogs'], options);
}
