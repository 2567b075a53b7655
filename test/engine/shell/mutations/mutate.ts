import { disguiseWord } from './disguise-word.ts';
import { quote } from './quote.ts';
import type { Random } from './random.ts';
import { wrapText } from './wrap-text.ts';

/** A text that (mostly) makes bash run the same command, and does not look like it. */
export function mutate(command: string, random: Random): string {
  const words = command.split(' ');
  const written = random.chance(0.5) ? asCommand(words, random) : random.pick(assemblies)(words, random);
  const rounds = random.pick([0, 0, 1, 1, 1, 2]);
  return Array.from({ length: rounds }).reduce<string>((text) => wrapText(text, random), written);
}

/** The words as they are, some of them disguised, with odd separators. */
function asCommand(words: readonly string[], random: Random): string {
  const separator = random.pick([' ', ' ', ' ', '  ', '\t', ' \\\n', '${IFS}', '$IFS""']);
  const disguised = words.map((word, index) => (index === 0 || random.chance(0.3) ? disguiseWord(word, random) : word));
  return disguised.join(separator);
}

type Assembly = (words: readonly string[], random: Random) => string;

/** Ways to let the shell put the command together. */
const assemblies: readonly Assembly[] = [
  ([program = '', ...args]) => `c=${program}; $c ${args.join(' ')}`,
  ([program = '', ...args]) => `c=${program}; "\${c}" ${args.join(' ')}`,
  (words) => `c=${quote(words.join(' '))}; $c`,
  (words) => `c=(${words.join(' ')}); "\${c[@]}"`,
  (words) => `set -- ${words.join(' ')}; "$@"`,
  (words) => (words.some((word) => /[,{}]/.test(word)) || words.length < 2 ? words.join(' ') : `{${words.join(',')}}`),
  (words, random) => halves(words[0] ?? '', random, (a, b) => `a=${a}; b=${b}; $a$b ${words.slice(1).join(' ')}`),
  (words, random) => halves(words[0] ?? '', random, (a, b) => `a=${a}; \${a}${b} ${words.slice(1).join(' ')}`),
  ([program = '', ...args]) => `\${nothing:-${program}} ${args.join(' ')}`,
  ([program = '', ...args]) => `: \${p:=${program}}; $p ${args.join(' ')}`,
  ([program = '', ...args]) => `$(echo ${program}) ${args.join(' ')}`,
  ([program = '', ...args]) => `\`echo ${program}\` ${args.join(' ')}`,
  ([program = '', ...args]) => `$(printf '%s' ${program}) ${args.join(' ')}`,
  ([program = '', ...args]) => `$(rev <<< ${Array.from(program).toReversed().join('')}) ${args.join(' ')}`,
  ([program = '', ...args]) => `s=xx${program}; \${s:2} ${args.join(' ')}`,
  ([program = '', ...args]) => `s=xx${program}; \${s#xx} ${args.join(' ')}`,
  ([program = '', ...args]) => `s=${program}.sh; \${s%.sh} ${args.join(' ')}`,
  ([program = '', ...args]) => `s=__${program}; \${s//_/} ${args.join(' ')}`,
  ([program = '', ...args]) => `u=${program.toUpperCase()}; \${u,,} ${args.join(' ')}`,
  ([program = '', ...args]) => `v=${program}; n=v; \${!n} ${args.join(' ')}`,
  ([program = '', ...args]) => `printf -v p '%s' ${program}; $p ${args.join(' ')}`,
  ([program = '', ...args]) => `read -r p <<< ${program}; $p ${args.join(' ')}`,
  ([program = '', ...args]) => `declare p=${program}; $p ${args.join(' ')}`,
  ([program = '', ...args]) => `p=true; p=${program}; $p ${args.join(' ')}`,
  ([program = '', ...args]) => `p=${program}; false && p=true; $p ${args.join(' ')}`,
  ([program = '', ...args]) => `for p in ${program}; do $p ${args.join(' ')}; done`,
  (words) => `f() { ${words.join(' ')}; }; f`,
  ([program = '', ...args]) => `f() { ${program} "$@"; }; f ${args.join(' ')}`,
  (words) => `f() { "$@"; }; f ${words.join(' ')}`,
  ([program = '', ...args]) => `f() { echo ${program}; }; $(f) ${args.join(' ')}`,
  (words) => `IFS=,; c=${words.join(',')}; $c`,
  ([program = '', ...args]) => `echo ${args.join(' ')} | xargs ${program}`,
  (words) => `xargs <<< ${quote(words.join(' '))} env`,
  (words) => `mapfile -t l <<< $'${words.map((word) => word.replaceAll("'", '')).join('\\n')}'; "\${l[@]}"`,
  ([program = '', ...args]) => `declare -n r=v; v=${program}; $r ${args.join(' ')}`,
  ([program = '', ...args]) => `declare -A m=([k]=${program}); \${m[k]} ${args.join(' ')}`,
  ([program = '', ...args]) => `x=1 ${program} ${args.join(' ')}`,
  (words) => `>/dev/null ${words.join(' ')}`,
  (words) => `2>&1 </dev/null ${words.join(' ')}`,
];

function halves(word: string, random: Random, join: (a: string, b: string) => string): string {
  const at = 1 + random.below(Math.max(1, word.length - 1));
  return join(word.slice(0, at), word.slice(at));
}
