import type { Invocation, Word } from '../shell/analysis.ts';
import type { Arguments } from './arguments.ts';
import { alike, deletes, either, reads, writes, type Program, type Programs, type Use } from './effect.ts';
import { filesOfPatch } from './patch.ts';
import { afterPrefix, around, lastName, textOf } from './word.ts';

const writing: Program = { uses: ({ operands }) => writes(operands) };
const editor: Program = {
  valued: '-c --cmd -S -u -U -i -s -w -W -T --servername --eval -f -l',
  uses: (args) => [...writes(args.operands.filter(isNoCommand)), ...reads(args.values('-S', '-u', '-s'))],
};
const owner: Program = {
  valued: '--from --reference',
  uses: (args) => [...writes(args.operands.slice(args.has('--reference') ? 0 : 1)), ...reads(args.values('--reference'))],
};
/** `chmod -w f`: a mode may look like an option. */
const mode: Program = {
  valued: '--reference',
  uses: (args) => {
    const withoutMode = args.has('--reference') || args.all.some((word) => typeof word === 'string' && /^-[rwxXst]+$/.test(word));
    return [...writes(args.operands.slice(withoutMode ? 0 : 1)), ...reads(args.values('--reference'))];
  },
};

/** Programs that change files in place, or write what they make. */
export const writingPrograms: Programs = {
  tee: { uses: ({ operands }) => writes(operands) },
  sponge: writing,
  dd: { uses: dd },
  ...alike('dcfldd dc3dd', { uses: dd }),
  ...alike('sed gsed', { valued: '-e --expression -f --file -l --line-length', uses: sed }),
  perl: { valued: '-e -E -I -M -m -F -0', uses: perl },
  ...alike('ruby', { valued: '-e -I -r', uses: (args) => (args.has('-i') ? writes(args.operands) : script(args)) }),
  sort: {
    valued: '-o --output -k --key -t --field-separator -S -T --temporary-directory --parallel --files0-from --batch-size',
    uses: (args) => [...reads(args.operands), ...writes(args.values('-o', '--output'))],
  },
  ...alike('chmod gchmod', mode),
  ...alike('chown chgrp chflags gchown', owner),
  chattr: { uses: ({ all }) => writes(all.slice(1).filter((word) => typeof word !== 'string' || !/^[-+=]/.test(word))) },
  setfacl: { valued: '-m --modify -x --remove -M -X --set --set-file', uses: (args) => writes(args.operands) },
  xattr: { uses: ({ operands }) => writes(operands.slice(-1)) },
  touch: { valued: '-d --date -r --reference -t', uses: ({ operands }) => writes(operands) },
  mkdir: { valued: '-m --mode', uses: ({ operands }) => writes(operands) },
  ...alike('mkfifo mknod', { valued: '-m --mode', uses: ({ operands }) => writes(operands.slice(0, 1)) }),
  mktemp: { valued: '-p --tmpdir --suffix -t', uses: () => [] },
  split: {
    valued: '-a -b -C -l -n --suffix-length --bytes --lines --number --filter',
    uses: ({ operands: [from, prefix] }) => [...reads(from === undefined ? [] : [from]), ...writes([prefix ?? 'x'])],
  },
  csplit: { valued: '-f --prefix -b -n', uses: ({ operands }) => reads(operands.slice(0, 1)) },
  ...alike('patch gpatch', { valued: '-p --strip -i --input -o --output -d --directory -F -r --reject-file -B -D', uses: patch }),
  apply_patch: { uses: (args, invocation) => patched(args, invocation) },
  ...alike('ed ex vi vim nvim nano emacs pico micro', editor),
  openssl: {
    oneDash: true,
    valued:
      '-in -out -inkey -key -keyout -CA -CAkey -config -subj -days -newkey -passin -passout -pass -k -K -iv -connect -cert -certfile -name -extfile',
    uses: (args) => [
      ...reads(args.values('-in', '-inkey', '-key', '-CA', '-CAkey', '-config', '-cert', '-certfile', '-extfile')),
      ...writes(args.values('-out', '-keyout')),
    ],
  },
  'ssh-keygen': { valued: '-t -b -C -N -P -f -m -s -I -n -V -z -D -r -R -F -Z -Y -O', uses: sshKeygen },
  'ssh-copy-id': { valued: '-i -p -o -F', uses: (args) => reads(args.values('-i')) },
  'ssh-add': { valued: '-t -c', uses: ({ operands }) => reads(operands) },
  ...alike('gpg gpg2', {
    valued: '-o --output -r --recipient -u --local-user --homedir --passphrase-file --passphrase --batch --keyserver',
    uses: (args) => [
      ...reads([...args.operands, ...args.values('--passphrase-file')]),
      ...writes(args.values('-o', '--output', '--homedir')),
    ],
  }),
  ...alike('sqlite3 sqlite duckdb', {
    oneDash: true,
    valued: '-cmd -init -separator -nullvalue -newline -mmap -lookaside',
    uses: database,
  }),
  ...alike('docker podman nerdctl', {
    valued:
      '-v --volume --mount -f --file --env-file -o --output -H --host -c --context --name -e --env -p --publish -w --workdir -u --user --network -t --tag --cidfile --iidfile --metadata-file',
    uses: container,
  }),
  crontab: { valued: '-u', uses: (args) => reads(args.operands) },
};

function dd({ all }: Arguments): readonly Use[] {
  const of = (prefix: string): readonly Word[] => all.map((word) => afterPrefix(word, prefix)).filter((word) => word !== undefined);
  return [...reads(of('if=')), ...writes(of('of='))];
}

function sed(args: Arguments): readonly Use[] {
  const scripted = args.has('-e', '--expression', '-f', '--file');
  const files = scripted ? args.operands : args.operands.slice(1);
  const inPlace = args.has('-i', '--in-place', '-I') || args.all.some((word) => typeof word === 'string' && /^-(i|[nErsz]+i)./.test(word));
  const named = [...args.values('-e', '--expression'), ...(scripted ? [] : args.operands.slice(0, 1))].flatMap(filesOfSed);
  // The suffix that BSD's -i takes as a word of its own (`sed -i '' s/a/b/ f`) is an empty script here, and the script a file.
  return [...(inPlace ? writes(files) : reads(files)), ...reads(args.values('-f', '--file')), ...named];
}

/** `w FILE` and `r FILE` at the end of a sed command. */
function filesOfSed(code: Word): readonly Use[] {
  if (typeof code !== 'string') return [];
  const written = /(?:^|[;}\d$/gp\s])w\s+([^;\s}]\S*)\s*$/.exec(code)?.[1];
  const read = /(?:^|[;}\d$/\s])[rR]\s+([^;\s}]\S*)\s*$/.exec(code)?.[1];
  return [...writes(written === undefined ? [] : [written]), ...reads(read === undefined ? [] : [read])];
}

function perl(args: Arguments): readonly Use[] {
  const inline = args.has('-e', '-E');
  const inPlace = args.has('-i') || args.all.some((word) => typeof word === 'string' && /^-[a-zA-Z0]*i/.test(word));
  return inPlace && inline ? writes(args.operands) : script(args);
}

/** An interpreter reads its script; what the script does with its arguments is not known. */
function script(args: Arguments): readonly Use[] {
  if (args.has('-e', '-E')) return either(args.operands);
  return [...reads(args.operands.slice(0, 1)), ...either(args.operands.slice(1))];
}

function patch(args: Arguments, invocation: Invocation): readonly Use[] {
  const [from] = args.values('-d', '--directory');
  const named = [...args.operands.slice(0, 1), ...args.values('-o', '--output', '-r', '--reject-file')];
  const uses = [...writes(named), ...(named.length > 0 ? [] : inPatch(invocation.input))];
  return [
    ...uses.map((use) => (from === undefined ? use : { ...use, from })),
    ...reads([...args.operands.slice(1), ...args.values('-i', '--input')]),
  ];
}

function patched(args: Arguments, { input }: Invocation): readonly Use[] {
  return [...inPatch(input), ...args.operands.flatMap(inPatch)];
}

function inPatch(text: Word | undefined): readonly Use[] {
  if (text === undefined) return [];
  const { written, deleted } = filesOfPatch(textOf(text));
  return [...writes(written), ...deletes(deleted, false)];
}

const onlyLooks = /^\s*(select\b(?!.*\bwritefile\b)|explain\b|\.(schema|tables|dump|indexes|databases|headers?|mode)\b)[^;]*;?\s*$/i;

/** A file is opened to be changed, unless what is asked of it only looks. */
function database(args: Arguments): readonly Use[] {
  const [file, ...asked] = args.operands;
  const looks = args.has('-readonly') || (asked.length > 0 && asked.every((word) => typeof word === 'string' && onlyLooks.test(word)));
  const opened = file === undefined ? [] : looks ? [...reads([file]), guessedWrite(file)] : writes([file]);
  return [...opened, ...reads(args.values('-init'))];
}

function guessedWrite(target: Word): Use {
  return { mode: 'write', target, guessed: true };
}

function sshKeygen(args: Arguments): readonly Use[] {
  const files = args.values('-f');
  if (args.has('-l', '-y', '-B', '-F', '-e')) return reads(files);
  return [
    ...writes([...files, ...files.map((file) => around('', file, '.pub'))]),
    ...(args.has('-R') && files.length === 0 ? writes(['~/.ssh/known_hosts']) : []),
  ];
}

/** Folders of this machine that a container gets: nobody knows what it does with them. */
function container(args: Arguments): readonly Use[] {
  const [verb, ...rest] = args.operands;
  const mounts = [...args.values('-v', '--volume').map(beforeColon), ...args.values('--mount').flatMap(mountSource)];
  const local = mounts.filter((word) => typeof word !== 'string' || /^[~./]|^[A-Za-z]:[\\/]/.test(word));
  const copiedWords = verb === 'cp' ? rest : [];
  const [from, to] = copiedWords;
  return [
    ...either(local),
    ...writes(args.values('--cidfile', '--iidfile', '--metadata-file')),
    ...reads([...args.values('--env-file', '-f', '--file'), ...(from !== undefined && !isRemote(from) ? [from] : [])]),
    ...writes([
      ...(verb === 'save' || verb === 'export' ? args.values('-o', '--output') : []),
      ...(to !== undefined && !isRemote(to) ? [to] : []),
    ]),
  ];
}

function isRemote(word: Word): boolean {
  return /^[\w.-]{2,}:/.test(textOf(word));
}

function beforeColon(word: Word): Word {
  if (typeof word !== 'string') return word;
  const at = word.indexOf(':', /^[A-Za-z]:[\\/]/.test(word) ? 2 : 0);
  return at < 0 ? word : word.slice(0, at);
}

function mountSource(word: Word): readonly Word[] {
  const source = typeof word === 'string' ? /(?:^|,)(?:source|src)=([^,]*)/.exec(word)?.[1] : undefined;
  return source === undefined ? (typeof word === 'string' ? [] : [word]) : [source];
}

function isNoCommand(word: Word): boolean {
  return (typeof word !== 'string' || !word.startsWith('+')) && lastName(word) !== undefined;
}
