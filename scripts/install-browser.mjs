/**
 * Finds the browser that the tests drive, or installs it where that is ours to do: as root on Debian or Ubuntu.
 *
 * Plain JavaScript that runs on Node 20. `node scripts/install-browser.mjs`, or `installBrowser()`.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { argv, env, getuid, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

// The first has no window of its own: an editor in it is there in three quarters of the time.
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const elsewhere = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
// A bare machine has no fonts at all, and a page without a font shows no text to find or to look at.
const fonts = 'fonts-dejavu-core';

/**
 * The path of Chromium or Chrome, installed first if need be. Throws, saying what to do, where it cannot.
 *
 * @returns {string}
 */
export function installBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (!canInstall()) throw new Error(`Found no Chromium. ${advice}`);
  const packages = installPackages();
  const installed = findBrowser();
  if (!installed) throw new Error(`Installed ${packages.join(' and ')}, and still found no Chromium. ${advice}`);
  console.log(`Installed ${packages.join(' and ')} for the tests: ${installed}`);
  return installed;
}

/**
 * CHROMIUM_PATH if it is set (throws if nothing can be run there), or the first known browser of this machine.
 *
 * @returns {string | undefined}
 */
export function findBrowser() {
  const chosen = env.CHROMIUM_PATH;
  if (chosen && !isExecutable(chosen)) throw new Error(`CHROMIUM_PATH is ${chosen}, which cannot be run.`);
  if (chosen) return chosen;
  const directories = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = names.flatMap((name) => directories.map((directory) => join(directory, name)));
  return [...onPath, ...elsewhere].find(isExecutable);
}

const advice = 'Install Chromium or Chrome, or set CHROMIUM_PATH to one (Debian, as root: apt-get install chromium).';

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function canInstall() {
  return platform === 'linux' && getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

function installPackages() {
  apt('update');
  const packages = [names.slice(0, 2).find(isOffered) ?? 'chromium', fonts];
  apt('install', '-y', '--no-install-recommends', ...packages);
  return packages;
}

/** Not every release has each of them. */
function isOffered(name) {
  return execFileSync('apt-cache', ['policy', name], { encoding: 'utf8' }).match(/^ *Candidate: (?!\(none\))/m) !== null;
}

function apt(...args) {
  execFileSync('apt-get', ['-qq', ...args], {
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) console.log(installBrowser());
