import type { Word } from '../shell/analysis.ts';
import type { Arguments } from './arguments.ts';
import { alike, deletes, reads, writes, type Program, type Programs, type Use } from './effect.ts';
import { looksLikeFolder, within } from './word.ts';

const cp: Program = { valued: '-t --target-directory -S --suffix', uses: (args) => copied(args) };
const mv: Program = {
  valued: '-t --target-directory -S --suffix',
  uses: (args) => [...copied(args), ...away(args)],
};
const scpValued = '-c -F -i -J -l -o -P -S -X -D';

/** Programs that put files, or names of files, somewhere else. */
export const copying: Programs = {
  ...alike('cp gcp ditto pax xcopy copy', cp),
  ...alike('mv gmv move', mv),
  ln: { valued: '-t --target-directory -S --suffix', uses: link },
  install: {
    valued: '-t --target-directory -m --mode -o --owner -g --group -S --suffix',
    uses: (args) => (args.has('-d') ? writes(args.operands) : copied(args)),
  },
  rsync: {
    valued:
      '-e --rsh -f --filter --exclude --include --exclude-from --include-from --files-from --backup-dir --log-file --bwlimit --chmod --chown --port --password-file -T --temp-dir --partial-dir --link-dest --copy-dest --compare-dest --max-size --min-size -B --timeout --info --out-format --rsync-path --suffix --write-batch --only-write-batch --read-batch',
    uses: rsync,
  },
  ...alike('scp pscp', {
    valued: scpValued,
    uses: (args) => [...transferred(args), ...reads(args.values('-i', '-F'))],
  }),
  sftp: { valued: `${scpValued} -b -B -R -s`, uses: (args) => reads([...args.values('-b', '-i', '-F'), ...args.operands.filter(isLocal)]) },
  kubectl: { valued: '-n --namespace -c --container --context', uses: kubectl },
  ...alike('rename prename', { uses: ({ operands }) => writes(operands.slice(1)) }),
};

function copied(args: Arguments): readonly Use[] {
  const given = args.values('-t', '--target-directory');
  const from = given.length > 0 ? args.operands : args.operands.slice(0, -1);
  const [to] = given.length > 0 ? given : args.operands.slice(-1);
  if (to === undefined || (from.length === 0 && given.length === 0)) return reads(args.operands);
  return [...reads(from), ...into(to, from, given.length > 0)];
}

/** Where files arrive: in the folder under their names, where it is one; else, as it may be one, both. */
function into(to: Word, from: readonly Word[], folder: boolean): readonly Use[] {
  const arrived = from.map((source) => within(to, source)).filter((word) => word !== undefined);
  const sure = folder || from.length > 1 || looksLikeFolder(to);
  if (sure && arrived.length === from.length) return [...writes(arrived), { mode: 'write', target: to, guessed: true }];
  return [{ mode: 'write', target: to }, ...arrived.map((target): Use => ({ mode: 'write', target, guessed: true }))];
}

/** What is moved stays, at another place; what is moved into the null device does not. */
function away(args: Arguments): readonly Use[] {
  if (args.operands.at(-1) === '/dev/null') return deletes(sources(args), true);
  return sources(args).map((target): Use => ({ mode: 'delete', target, moved: true }));
}

function sources(args: Arguments): readonly Word[] {
  if (args.has('-t', '--target-directory')) return args.operands;
  return args.operands.length > 1 ? args.operands.slice(0, -1) : [];
}

function link(args: Arguments): readonly Use[] {
  const [only, ...more] = args.operands;
  if (only !== undefined && more.length === 0 && !args.has('-t', '--target-directory')) {
    const here = within('.', only);
    return [...reads([only]), ...writes(here === undefined ? [] : [here])];
  }
  return copied(args);
}

function rsync(args: Arguments): readonly Use[] {
  const [to] = args.operands.slice(-1);
  const from = args.operands.slice(0, -1).filter(isLocal);
  const named = reads(args.values(...'--exclude-from --include-from --files-from --password-file --link-dest'.split(' ')));
  const logs = writes(
    args.values('--log-file', '--backup-dir', '--temp-dir', '-T', '--partial-dir', '--write-batch', '--only-write-batch'),
  );
  if (to === undefined || args.has('-n', '--dry-run', '--list-only') || args.operands.length < 2)
    return [...reads(args.operands.filter(isLocal)), ...named];
  const moved = args.has('--remove-source-files') ? deletes(from, true) : [];
  if (!isLocal(to)) return [...reads(from), ...named, ...logs, ...moved];
  const mirrored = args.has(
    '--delete',
    '--delete-before',
    '--delete-after',
    '--delete-during',
    '--delete-delay',
    '--del',
    '--delete-excluded',
  );
  return [...reads(from), ...named, ...logs, ...moved, ...into(to, from, false), ...(mirrored ? deletes([to], true) : [])];
}

function transferred(args: Arguments): readonly Use[] {
  const [to] = args.operands.slice(-1);
  const from = args.operands.slice(0, -1);
  if (to === undefined || from.length === 0) return [];
  return [...reads(from.filter(isLocal)), ...(isLocal(to) ? into(to, from.map(withoutHost), false) : [])];
}

function withoutHost(word: Word): Word {
  return typeof word === 'string' ? word.replace(/^[^/:]{2,}:/, '') : word;
}

/** `host:path`, `user@host:` and `rsync://…` are elsewhere; a drive letter is not a host. */
function isLocal(word: Word): boolean {
  const text = typeof word === 'string' ? word : (word.parts[0] ?? '');
  return /^[A-Za-z]:[\\/]/.test(text) || !/^[^/]*:/.test(text);
}

function kubectl({ operands: [verb, from, to] }: Arguments): readonly Use[] {
  if (verb !== 'cp') return [];
  return [
    ...reads([from].filter((word) => word !== undefined && isLocal(word)).map((word) => word ?? '')),
    ...(to !== undefined && isLocal(to) ? writes([to]) : []),
  ];
}
