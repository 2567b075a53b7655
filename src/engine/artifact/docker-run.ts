/** What `docker run` is told, as far as every word of it is understood. */
export interface DockerRun {
  readonly image: string;
  readonly digest?: string;
  /** Everything before the image, each option in one spelling: `--volume=/data:/data`. */
  readonly options: readonly string[];
  /** Those that open the container, as they are written. */
  readonly risky: readonly string[];
  /** Where among the words the image stands. */
  readonly at: number;
}

/** Options that take their value in the next word. Any other that is not known makes the line unreadable. */
const valued: ReadonlySet<string> = new Set(
  '-e --env --env-file -v --volume --mount -p --publish --name -w --workdir -u --user --network --net -l --label --entrypoint --platform --pull -m --memory --cpus --add-host --device --cap-add --cap-drop --security-opt --pid --ipc --uts --userns --tmpfs -h --hostname --gpus --runtime --volumes-from --log-driver --stop-timeout --ulimit --restart'.split(
    ' ',
  ),
);
const plain: ReadonlySet<string> = new Set('-i -t -it -ti -d --rm --init --interactive --tty --detach --read-only --privileged'.split(' '));
const risky =
  /^(--privileged|-v|--volume|--mount|--volumes-from|--network|--net|--device|--cap-add|--security-opt|--pid|--ipc|--uts|--userns|--entrypoint|-u|--user|--gpus|--runtime)(?==|$)/;
const long: Readonly<Record<string, string>> = {
  '-e': '--env',
  '-v': '--volume',
  '-p': '--publish',
  '-w': '--workdir',
  '-u': '--user',
  '--net': '--network',
  '-l': '--label',
  '-m': '--memory',
  '-h': '--hostname',
  '-i': '--interactive',
  '-t': '--tty',
  '-d': '--detach',
};

/** The words behind `docker run`; `undefined`: one of them is not understood, and nobody knows which image it is. */
export function readDockerRun(args: readonly string[]): DockerRun | undefined {
  const { options, risky: found, at } = readOptions(args) ?? {};
  const word = at === undefined ? undefined : args[at];
  if (options === undefined || found === undefined || at === undefined || word === undefined) return undefined;
  const [, image = '', digest] = /^(.*?)(?:@(sha256:[0-9a-f]{64}))?$/.exec(word) ?? [];
  return { image, ...(digest === undefined ? {} : { digest }), options, risky: found, at };
}

/** Options as a policy lists them (`-v /data:/data`), in one spelling; `undefined`: one of them is not understood. */
export function dockerOptions(texts: readonly string[]): readonly string[] | undefined {
  const words = texts.flatMap((text) => {
    const [, name = text, value] = /^(\S+)\s+(.+)$/s.exec(text.trim()) ?? [];
    return value === undefined ? [name] : [name, value];
  });
  const read = readOptions(words);
  return read?.at === words.length ? read.options : undefined;
}

/** The same words with the image as that digest, which is what runs then: with a digest, a tag says nothing. */
export function withDigest(args: readonly string[], { at, image }: Pick<DockerRun, 'at' | 'image'>, digest: string): readonly string[] {
  return args.with(at, `${withoutTag(image)}@${digest}`);
}

export function withoutTag(image: string): string {
  return image.replace(/:[\w][\w.-]*$/, '');
}

/** `at`: the first word that is no option, or the end. */
function readOptions(args: readonly string[]): Pick<DockerRun, 'options' | 'risky' | 'at'> | undefined {
  const options: string[] = [];
  const found: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const word = args[i] ?? '';
    if (!word.startsWith('-')) return { options, risky: found, at: i };
    const takesNext = valued.has(word);
    const [name, value] = takesNext ? [word, args[i + 1] ?? ''] : split(word);
    if (!takesNext && !(value === undefined ? plain.has(word) : valued.has(name))) return undefined;
    options.push(...spelt(name, value));
    if (risky.test(word)) found.push(takesNext ? `${word} ${value ?? ''}` : word);
    if (takesNext) i += 1;
  }
  return { options, risky: found, at: args.length };
}

function split(word: string): readonly [string, string?] {
  const at = word.indexOf('=');
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function spelt(name: string, value: string | undefined): readonly string[] {
  if (name === '-it' || name === '-ti') return ['--interactive', '--tty'];
  return [`${long[name] ?? name}${value === undefined ? '' : `=${value}`}`];
}
