import { expect, test } from 'vitest';
import { placeOf, type Place } from '../../../src/engine/policy/place.ts';

const roots = { home: '/home/u', workspace: '/home/u/src/org/app' };

test.each<[Place, readonly string[]]>([
  [
    'system',
    ['/', '/*', '/etc', '/etc/passwd', '/usr/local/bin/x', '/lib64/x', '/var/log/syslog', '/boot', '/dev', '/sys/x', '/proc/1/mem'],
  ],
  [
    'system',
    ['/home', '/Users', '/tmp', '/tmp/*', '/var/tmp', '/data', '/u*', '/Library/x', '/System/Library', '/ETC/passwd', '/opt/x', '/home/*'],
  ],
  ['system', ['C:\\', 'C:/*', 'C:\\Windows\\System32\\x', 'c:/program files (x86)/x', 'C:\\Users', '/mnt/c/Windows/x']],
  ['device', ['/dev/null', '/dev/tty', '/dev/stdout', '/dev/fd/3', '/dev/tcp/host/80', '/proc/self/fd/1', '/dev/random']],
  [
    'disk',
    ['/dev/sda', '/dev/sda1', '/dev/nvme0n1p2', '/dev/disk2', '/dev/rdisk2', '/dev/mapper/root', '/dev/sd*', '\\\\.\\PhysicalDrive0'],
  ],
  [
    'home',
    ['/home/u', '/home/u/*', '/home/u/.*', '/home/u/Documents', '/home/u/.ssh/id_rsa', '/home/u/.config/x/y', '/home/u/src', '/home/u/D*'],
  ],
  ['home', ['/home/other', '/home/other/src/x', '/Users/x/y', '/root', '/root/x', 'C:\\Users\\x', 'C:/Users/x/Documents/y']],
  ['above', ['/home/u/src/org', '/home/u/src/org/*', '/home/u/src/org/app/..']],
  [
    'workspace',
    ['/home/u/src/org/app', '/home/u/src/org/app/', '/home/u/src/org/app/*', '/home/u/src/org/app/.*', '/home/u/src/org/app/**/*'],
  ],
  [
    'repository',
    [
      '/home/u/src/org/app/.git',
      '/home/u/src/org/app/.git/*',
      '/home/u/src/org/app/.git/hooks/x',
      '/home/u/src/b/.git',
      '/home/u/src/org/app/sub/.git/x',
    ],
  ],
  [
    'inside',
    [
      '/home/u/src/org/app/src',
      '/home/u/src/org/app/src/*',
      '/home/u/src/org/app/*.ts',
      '/home/u/src/org/app/.github/x',
      '/home/u/src/org/app/distant',
    ],
  ],
  [
    'generated',
    [
      '/home/u/src/org/app/node_modules',
      '/home/u/src/org/app/build/*',
      '/home/u/src/org/app/packages/*/dist/x',
      '/home/u/src/org/app/**/*.pyc',
    ],
  ],
  [
    'temporary',
    [
      '/tmp/x',
      '/var/tmp/x/y',
      '/private/tmp/x',
      '/var/folders/a/b/T/c',
      '/tmp/r/.git',
      '/dev/shm/x',
      'C:\\Users\\u\\AppData\\Local\\Temp\\x',
    ],
  ],
  ['elsewhere', ['/home/u/src/other', '/home/u/src/org/appendix', '/data/x', '/home/u/Documents/x', 'D:\\work\\x', '/Volumes/Disk/x']],
  ['unknown', ['', 'x', './x', '~/x']],
])('%s: %s', (place, paths) => {
  expect(paths.map((path) => [path, placeOf(path, roots)])).toEqual(paths.map((path) => [path, place]));
});

test.each<[string, string, string, Place]>([
  ['a home that is the workspace stays the home', '/home/u', '/home/u', 'home'],
  ['and what lies right in it, too', '/home/u', '/home/u/Documents', 'home'],
  ['a root that is the workspace stays the system', '/', '/', 'system'],
  ['a workspace in a temporary folder is the workspace', '/tmp/w', '/tmp/w', 'workspace'],
  ['what is in it is inside', '/tmp/w', '/tmp/w/a', 'inside'],
  ['beside it is temporary', '/tmp/w', '/tmp/v', 'temporary'],
  ['a workspace in a hidden folder', '/home/u/.config/nvim', '/home/u/.config/nvim/init.lua', 'inside'],
  ['drives do not tell case apart', 'C:/Work/App', 'c:\\work\\app\\SRC', 'inside'],
])('%s', (_, workspace, path, place) => {
  expect(placeOf(path, { home: '/home/u', workspace })).toBe(place);
});
