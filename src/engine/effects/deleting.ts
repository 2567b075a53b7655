import type { Word } from '../shell/analysis.ts';
import type { Arguments } from './arguments.ts';
import { alike, deletes, reads, writes, type Program, type Programs, type Use } from './effect.ts';
import { around } from './word.ts';

const rm: Program = { uses: (args) => deletes(args.operands, args.has('-r', '-R', '-rf', '--recursive')) };
const rmdir: Program = {
  // `rmdir` takes only what is empty; with the switch of Windows, everything below.
  uses: (args) =>
    args.operands.some(isSwitch) ? windows(args) : args.operands.map((target) => ({ mode: 'delete', target, recursive: false })),
};
const del: Program = { uses: windows };

/** Programs that remove files, or empty them. */
export const deleting: Programs = {
  rm,
  grm: rm,
  srm: rm,
  rmdir,
  grmdir: rmdir,
  ...alike('unlink wipe trash-put trash-rm rmtrash', { uses: (args) => deletes(args.operands, args.has('-r', '-R')) }),
  ...alike('trash gtrash', { uses: (args) => deletes(args.operands, true) }),
  ...alike('rimraf del-cli trash-cli rmrf', {
    valued: '--max-retries --retry-delay --backoff',
    uses: (args) => deletes(args.operands, true),
  }),
  gio: { uses: ({ operands: [verb, ...targets] }) => (verb === 'trash' || verb === 'remove' ? deletes(targets, true) : reads(targets)) },
  shred: { valued: '-n --iterations -s --size --random-source', uses: ({ operands }) => deletes(operands, false) },
  truncate: {
    valued: '-s --size -r --reference',
    uses: (args) => (args.values('-s', '--size').some(grows) ? writes(args.operands) : deletes(args.operands, false)),
  },
  ...alike('del erase', del),
  rd: del,
  deltree: {
    uses: (args) =>
      deletes(
        args.operands.filter((word) => !isSwitch(word)),
        true,
      ),
  },
  find: { oneDash: true, valued: findValued(), uses: (args) => found(args) },
  gfind: { oneDash: true, valued: findValued(), uses: (args) => found(args) },
  ...alike('fd fdfind', {
    valued:
      '-e --extension -t --type -d --max-depth --min-depth -E --exclude -S --size -j --threads --changed-within --changed-before -o --owner --base-directory --search-path -c --color',
    uses: (args) => reads([...args.operands.slice(1), ...args.values('--base-directory', '--search-path')]),
  }),
  ...alike(
    'mkfs mke2fs mkswap wipefs blkdiscard mkfs.ext4 mkfs.ext3 mkfs.ext2 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.fat mkfs.ntfs mkfs.exfat newfs',
    {
      valued: '-t -L -U -b -n -o -O -i -I -N -m -d -F -s -l',
      uses: ({ operands }) => writes(operands.filter((word) => typeof word !== 'string' || !/^\d+$/.test(word))),
    },
  ),
  ...alike('fdisk sfdisk cfdisk gdisk sgdisk parted partprobe hdparm badblocks', { uses: ({ operands }) => writes(operands.slice(0, 1)) }),
  ...alike('cryptsetup', { uses: ({ operands }) => writes(operands.slice(1, 2)) }),
  ...alike('pvcreate pvremove vgremove mkzfs', { uses: ({ operands }) => writes(operands) }),
  diskutil: { uses: ({ operands }) => writes(operands.slice(-1)) },
};

/** What `find … -exec rm {} +` hands on: the places it starts from, narrowed to the names that it asks for. */
export function foundBy(args: readonly Word[]): readonly Word[] {
  const end = args.findIndex((arg) => typeof arg === 'string' && /^[-(!]/.test(arg) && !/^-[HLPDO]/.test(arg));
  const starts = args.slice(0, end < 0 ? args.length : end).filter((arg) => typeof arg !== 'string' || !/^-[HLPDO]/.test(arg));
  const names = namesAsked(end < 0 ? [] : args.slice(end));
  const from = starts.length === 0 ? ['.'] : starts;
  return names.length === 0 ? from : from.flatMap((start) => names.map((name) => under(start, name)));
}

function found(args: Arguments): readonly Use[] {
  const words = args.all;
  const starts = foundBy(words);
  const written = writes(args.values('-fprint', '-fprint0', '-fls', '-fprintf'));
  // What is empty takes nothing with it.
  return words.includes('-delete') ? [...deletes(starts, !words.includes('-empty')), ...written] : [...reads(starts), ...written];
}

function findValued(): string {
  return '-name -iname -path -ipath -wholename -regex -iregex -type -xtype -mtime -mmin -atime -amin -ctime -cmin -newer -size -user -group -perm -maxdepth -mindepth -fprint -fprint0 -fls -fprintf -printf -lname -inum -links -fstype -samefile';
}

/** Names that everything found must have. A negation, or an alternative outside of parentheses, makes that uncertain: none then. */
function namesAsked(tests: readonly Word[]): readonly string[] {
  const words = tests.map((word) => (typeof word === 'string' ? word : ''));
  if (words.includes('!') || words.includes('-not')) return [];
  const open = words.findIndex((word) => word === '(');
  const close = words.lastIndexOf(')');
  const loose = words.some((word, at) => (word === '-o' || word === '-or' || word === ',') && !(open >= 0 && at > open && at < close));
  if (loose) return [];
  const names = words.flatMap((word, at) => (word === '-name' || word === '-iname' ? [words[at + 1] ?? ''] : []));
  const within = words.some((word, at) => (word === '-o' || word === '-or') && at > open && at < close);
  // Inside parentheses every alternative has to be a name.
  const alternatives = words.slice(open + 1, Math.max(close, 0)).filter((word) => word === '-o' || word === '-or').length + 1;
  const inside = words.slice(open + 1, Math.max(close, 0)).filter((word) => word === '-name' || word === '-iname').length;
  if (within && inside < alternatives) return [];
  return names.some((name) => name === '' || name.includes('/')) ? [] : names;
}

function under(start: Word, name: string): Word {
  const separator = typeof start === 'string' && start.endsWith('/') ? '' : '/';
  return around('', start, `${separator}**/${name}`);
}

/** Only what is certainly grown or kept is no loss. */
function grows(size: Word): boolean {
  return typeof size === 'string' && size.startsWith('+');
}

function windows(args: Arguments): readonly Use[] {
  return deletes(
    args.operands.filter((word) => !isSwitch(word)),
    args.operands.some((word) => typeof word === 'string' && /^\/s$/i.test(word)),
  );
}

function isSwitch(word: Word): boolean {
  return typeof word === 'string' && /^\/[a-z](:[a-z-]*)?$/i.test(word);
}
