import type { Word } from '../shell/analysis.ts';
import type { Arguments } from './arguments.ts';
import { alike, reads, writes, type Program, type Programs, type Use } from './effect.ts';
import { namedWords } from './named-words.ts';

const reader: Program = { uses: ({ all }) => reads(all.flatMap(namedWords)) };
/** The first word is an expression, not a file, unless an option brings it. */
const searcher: Program = { wordsOnly: true, uses: ({ all }) => reads(withoutExpression(all).flatMap(namedWords)) };
const nothing: Program = { wordsOnly: true, uses: () => [] };

/** Programs that only read, and those that touch no file at all. */
export const readingPrograms: Programs = {
  ...alike(
    'cat tac more head tail ls dir vdir exa eza lsd wc stat file diff colordiff cmp comm md5sum md5 sha1sum sha256sum sha512sum shasum b2sum cksum sum cd pushd ' +
      'du df od hexdump strings bat batcat nl readlink realpath cut paste fold fmt expand unexpand column rev tsort look basename dirname ' +
      'test [ [[ lsof fuser sha224sum sha384sum zcmp zdiff cloc tokei scc mdcat glow view code subl open xdg-open source . countersign',
    reader,
  ),
  ...alike('less tree', {
    valued: '-o -O --log-file --LOG-FILE -L -P -I -p -t -T',
    uses: (args) => [...reads(args.operands), ...writes(args.values('-o', '-O', '--log-file', '--LOG-FILE'))],
  }),
  ...alike('grep egrep fgrep zgrep rg ag ack awk gawk mawk nawk jq gron htmlq pup', searcher),
  ...alike('yq dasel', {
    uses: (args) =>
      args.has('-i', '--inplace', '--in-place') ? writes(args.operands.slice(-1)) : reads(withoutExpression(args.all).flatMap(namedWords)),
  }),
  uniq: { valued: '-f -s -w --skip-fields --skip-chars --check-chars', uses: (args) => firstReadSecondWritten(args) },
  xxd: { valued: '-c -g -l -o -s -n', uses: (args) => firstReadSecondWritten(args) },
  base64: {
    valued: '-w --wrap -i --input -o --output -b --break',
    uses: (args) => [...reads([...args.operands, ...args.values('-i', '--input')]), ...writes(args.values('-o', '--output'))],
  },
  ...alike(
    'echo printf : true false exit return export kill sleep seq yes date uname whoami id hostname pwd which type hash unset set shift break continue wait jobs bg fg ' +
      'local declare typeset readonly let tr clear tput stty nproc uptime free ps top htop pgrep pkill killall logout history alias unalias umask ulimit ' +
      'getopts command builtin expr bc cal arch groups users who w tty printenv pidof',
    nothing,
  ),
};

function firstReadSecondWritten({ operands: [from, to] }: Arguments): readonly Use[] {
  return [...reads(from === undefined ? [] : [from]), ...writes(to === undefined ? [] : [to])];
}

function withoutExpression(args: readonly Word[]): readonly Word[] {
  if (args.some((arg) => typeof arg === 'string' && /^-[a-zA-Z]*[ef]$|^--(regexp|file|expression|from-file)/.test(arg))) return args;
  const at = args.findIndex((arg) => typeof arg !== 'string' || !arg.startsWith('-'));
  return at < 0 ? args : args.toSpliced(at, 1);
}
