import { quote } from './quote.ts';
import type { Random } from './random.ts';

/** Another text that (mostly) makes a shell run the given one. */
export function wrapText(text: string, random: Random): string {
  return random.pick(wraps)(text);
}

type Wrap = (text: string) => string;

const base64 = (text: string): string => Buffer.from(`${text}\n`).toString('base64');
const hex = (text: string): string => Buffer.from(`${text}\n`).toString('hex');
const escaped = (text: string, radix: 8 | 16): string =>
  [...Buffer.from(text)]
    .map((code) => (radix === 16 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\${code.toString(8).padStart(3, '0')}`))
    .join('');
const shifted = (text: string): string =>
  text.replaceAll(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97));

const wraps: readonly Wrap[] = [
  (text) => `(${text}\n)`,
  (text) => `{ ${text}\n}`,
  (text) => `f() { ${text}\n}; f`,
  (text) => `function g { ${text}\n}\ng`,
  (text) => `eval ${quote(text)}`,
  (text) => `eval -- ${quote(text)}`,
  (text) => `x=${quote(text)}; eval "$x"`,
  (text) => `bash -c ${quote(text)}`,
  (text) => `bash -ec ${quote(text)} name`,
  (text) => `env bash -c ${quote(text)}`,
  (text) => `command bash -c ${quote(text)}`,
  (text) => `exec bash -c ${quote(text)}`,
  (text) => `x=${quote(text)}; bash -c "$x"`,
  (text) => `bash <<< ${quote(text)}`,
  (text) => `bash <<'END'\n${text}\nEND`,
  (text) => `bash -s <<'END'\n${text}\nEND\n`,
  (text) => `cat <<'END' | bash\n${text}\nEND`,
  (text) => `echo ${quote(text)} | bash`,
  (text) => `printf '%s\\n' ${quote(text)} | bash`,
  (text) => `printf %b ${quote(escaped(text, 16))} | bash`,
  (text) => `printf ${quote(escaped(text, 8))} | bash`,
  (text) => `echo -e ${quote(escaped(text, 16))} | bash`,
  (text) => `bash -c $'${escaped(text, 16)}'`,
  (text) => `echo ${base64(text)} | base64 -d | bash`,
  (text) => `base64 -d <<< ${base64(text)} | bash`,
  (text) => `bash -c "$(echo ${base64(text)} | base64 -d)"`,
  (text) => `eval "$(base64 --decode <<< ${base64(text)})"`,
  (text) => `bash <(echo ${base64(text)} | base64 -d)`,
  (text) => `echo ${hex(text)} | xxd -r -p | bash`,
  (text) => `tr a-z n-za-m <<< ${quote(shifted(text))} | bash`,
  (text) => (text.includes('\n') ? text : `rev <<< ${quote(Array.from(text).toReversed().join(''))} | bash`),
  (text) => `. <(printf '%s\\n' ${quote(text)})`,
  (text) => `source /dev/stdin <<< ${quote(text)}`,
  (text) => `. /dev/stdin <<'END'\n${text}\nEND`,
  (text) => `trap ${quote(text)} EXIT`,
  (text) => `echo "$(${text}\n)"`,
  (text) => `x=$(${text}\n)`,
  (text) => `cat <(${text}\n)`,
  (text) => `: "\${nothing:-$(${text}\n)}"`,
  (text) => `[[ -z $(${text}\n) ]]`,
  (text) => `cat <<END\n$(${text}\n)\nEND`,
  (text) => `if true; then ${text}\nfi`,
  (text) => `while ${text}\ndo break; done`,
  (text) => `until ${text}\ndo break; done`,
  (text) => `for i in 1; do ${text}\ndone`,
  (text) => `case x in *) ${text}\n;; esac`,
  (text) => `true && { ${text}\n}`,
  (text) => `false || { ${text}\n}`,
  (text) => `! { ${text}\n}`,
  (text) => `{ ${text}\n} & wait`,
  (text) => `echo start; ${text}\necho end`,
  (text) => `# a comment\n${text}`,
  (text) => `echo 'harmless # text'; ${text}`,
  (text) => `echo | { ${text}\n}`,
  (text) => `coproc { ${text}\n}; wait`,
  (text) => `time { ${text}\n}`,
  (text) => `{ ${text}\n} 2>/dev/null | cat`,
  (text) => `xargs -0 bash -c <<< ${quote(text)}`,
  (text) => `find . -maxdepth 0 -exec bash -c ${quote(text)} \\;`,
  (text) => `echo "$((1 + $(${text}\necho 1)))"`,
];
