import type { Word } from '../shell/analysis.ts';
import type { Arguments } from './arguments.ts';
import { alike, deletes, reads, writes, type Program, type Programs, type Use } from './effect.ts';
import { around } from './word.ts';

const squeeze: Program = {
  valued: '-S --suffix -T --threads -M --memlimit -o -D',
  uses: (args) => {
    if (args.has('-t', '--test', '-l', '--list', '-c', '--stdout', '--to-stdout')) return reads(args.operands);
    const kept = args.has('-k', '--keep');
    return [
      ...reads(args.operands),
      ...writes([...args.operands.map(unpackedName), ...args.values('-o')]),
      ...(kept ? [] : moved(args.operands)),
    ];
  },
};

/** Programs that pack and unpack. */
export const archives: Programs = {
  ...alike('tar gtar bsdtar', {
    valued:
      '-f --file -C --directory -T --files-from -X --exclude-from --exclude -b --blocking-factor -I --use-compress-program --transform --xform --owner --group --mode --strip-components --to-command -g --listed-incremental -s --index-file',
    uses: tar,
  }),
  unzip: {
    valued: '-d -P -x',
    uses: (args) => [
      ...reads(args.operands.slice(0, 1)),
      ...(args.has('-l', '-t', '-p', '-Z', '-v', '-z') ? [] : writes(orHere(args.values('-d')))),
    ],
  },
  zip: {
    valued: '-x -i -b -P -t -tt -n --exclude --include',
    uses: (args) => [
      ...writes(args.operands.slice(0, 1)),
      ...reads(args.operands.slice(1)),
      ...(args.has('-m', '--move') ? deletes(args.operands.slice(1), true) : []),
    ],
  },
  ...alike('gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd lzma unlzma lz4 compress uncompress', squeeze),
  ...alike('zcat gzcat bzcat xzcat zstdcat zless zgrep', { uses: ({ operands }) => reads(operands) }),
  ...alike('7z 7za 7zz p7zip', { uses: sevenZip }),
  unrar: {
    uses: ({ operands: [verb, archive, to] }) => [
      ...reads(archive === undefined ? [] : [archive]),
      ...(verb === 'x' || verb === 'e' ? writes([to ?? '.']) : []),
    ],
  },
  cpio: {
    valued: '-D --directory -F --file -E -H -I -O',
    uses: (args) => [
      ...reads(args.values('-F', '-E', '-I')),
      ...writes([
        ...args.values('-O'),
        ...(args.has('-i', '--extract', '-p') ? orHere([...args.values('-D', '--directory'), ...args.operands.slice(0, 1)]) : []),
      ]),
    ],
  },
};

function tar(args: Arguments): readonly Use[] {
  const old = typeof args.all[0] === 'string' && /^[a-zA-Z]+$/.test(args.all[0]) ? args.all[0] : undefined;
  const letters =
    old ?? args.all.flatMap((word) => (typeof word === 'string' && /^-[A-Za-z]+$/.test(word) ? [word.slice(1)] : [])).join('');
  const operands = old === undefined ? args.operands : args.operands.slice(1);
  // In the old style the letters' values follow in order: `tar xf archive`.
  const [first, ...rest] = operands;
  const archive = old?.includes('f') === true && first !== undefined ? [first] : args.values('-f', '--file');
  const members = old?.includes('f') === true ? rest : operands;
  return tarUses(
    args,
    letters,
    archive.filter((word) => word !== '-'),
    members,
  );
}

function tarUses(args: Arguments, letters: string, archive: readonly Word[], members: readonly Word[]): readonly Use[] {
  const [from] = args.values('-C', '--directory').slice(-1);
  const named = reads(args.values(...'-T --files-from --exclude-from -X'.split(' ')));
  const at = from === undefined ? {} : { from };
  const listed = writes(args.values('--index-file', '-g', '--listed-incremental'));
  if (args.has('--extract', '--get') || letters.includes('x')) {
    const out = letters.includes('O') || args.has('--to-stdout') ? [] : writes(['.']).map((use) => ({ ...use, ...at }));
    const absolute = letters.includes('P') || args.has('--absolute-names') ? writes(members) : [];
    return [...reads(archive), ...named, ...listed, ...out, ...absolute];
  }
  if (args.has('--list') || letters.includes('t')) return [...reads(archive), ...named, ...listed];
  const gone = args.has('--remove-files') ? deletes(members, true) : [];
  return [...writes(archive), ...named, ...listed, ...[...reads(members), ...gone].map((use) => ({ ...use, ...at }))];
}

function sevenZip({ all, operands: [verb, archive, ...rest] }: Arguments): readonly Use[] {
  const to = all.flatMap((word) => (typeof word === 'string' && /^-o./.test(word) ? [word.slice(2)] : []));
  const packed = archive === undefined ? [] : [archive];
  if (verb === 'x' || verb === 'e') return [...reads(packed), ...writes(orHere(to))];
  return verb === 'a' || verb === 'u' || verb === 'd' ? [...writes(packed), ...reads(rest)] : reads(packed);
}

function orHere(folders: readonly Word[]): readonly Word[] {
  return folders.length === 0 ? ['.'] : folders;
}

function unpackedName(word: Word): Word {
  const packed = typeof word === 'string' ? /^(.*)\.(gz|bz2|xz|zst|lzma|lz4|Z)$/.exec(word)?.[1] : undefined;
  return packed ?? (typeof word === 'string' ? around('', word, '.*') : word);
}

/** The file is there afterwards under another name. */
function moved(words: readonly Word[]): readonly Use[] {
  return words.map((target) => ({ mode: 'delete', target, moved: true }));
}
