import type { Word } from '../shell/analysis.ts';
import type { Arguments } from './arguments.ts';
import { subcommand } from './git-files.ts';
import { hostInRemotePath, hostInUrl, hostInWord, hostOfValue, type NamedHost } from './host-names.ts';
import type { Client } from './client.ts';
import { databaseClients } from './database-clients.ts';
import { curlValued, wgetValued } from './transfers.ts';

type Hosts = Client['hosts'];

const everyOperand = ({ operands }: Arguments): readonly NamedHost[] => operands.flatMap(hostInWord);
const firstOperand = ({ operands }: Arguments): readonly NamedHost[] => operands.slice(0, 1).flatMap(hostInWord);
const remotePaths = ({ operands }: Arguments): readonly NamedHost[] => operands.flatMap(hostInRemotePath);
const sshValued = '-b -B -c -D -E -e -F -I -i -J -L -l -m -O -o -p -P -Q -R -S -W -w';

const lines: readonly (readonly [names: string, valued: string, hosts: Hosts])[] = [
  [
    'curl curlie',
    curlValued,
    (args) => [...everyOperand(args), ...[...args.values('--url'), ...args.values('-x', '--proxy')].flatMap(hostInWord)],
  ],
  ['wget wget2', wgetValued, everyOperand],
  [
    'http https xh xhs httpie',
    '-o --output -a --auth -A --session --proxy',
    ({ operands }) => operands.slice(0, 2).filter(isUrlLike).flatMap(hostInWord),
  ],
  ['aria2c lynx w3m links elinks', '-o --out -d --dir', everyOperand],
  ['ssh autossh mosh ssh-copy-id', sshValued, (args) => [...firstOperand(args), ...args.values('-J').flatMap(hostInWord)]],
  ['scp pscp', sshValued, remotePaths],
  ['sftp', sshValued, firstOperand],
  ['rsync', '-e --rsh -f --filter --exclude --include --files-from --bwlimit --port', remotePaths],
  ['nc ncat netcat', '-p -s -w -q -i -x -X -o -e -c --exec --sh-exec', (args) => (args.has('-l', '--listen') ? [] : firstOperand(args))],
  ['telnet ftp tftp lftp whois finger rsh rlogin', '-l -p -u -e -n', firstOperand],
  ['ping ping6 traceroute tracepath mtr fping', '-c -i -I -s -t -W -w -m -p -q', everyOperand],
  [
    'dig host nslookup drill',
    '-t -p -b -k -c',
    ({ operands }) =>
      operands
        .filter((word) => typeof word !== 'string' || word.includes('.'))
        .flatMap((word) => hostInWord(typeof word === 'string' ? word.replace(/^@/, '') : word)),
  ],
  ['socat', '', ({ operands }) => operands.flatMap(socatAddress)],
  ['nmap masscan', '-p -o -i --script -T', everyOperand],
  ['git', '', gitHosts],
  [
    'npm pnpm yarn bun npx pnpx bunx',
    '--registry',
    (args) => [...args.values('--registry'), ...args.operands.filter(isUrlLike)].flatMap(hostInUrl),
  ],
  [
    'pip pip3 uv pipx',
    '-i --index-url --extra-index-url --index --default-index -f --find-links',
    (args) =>
      [...args.values('-i', '--index-url', '--extra-index-url', '--index', '--default-index'), ...args.operands].flatMap((word) =>
        hostInUrl(word),
      ),
  ],
  ['docker podman nerdctl', '-H --host -c --context', dockerHosts],
  [
    'kubectl oc helm',
    '-s --server -n --namespace --context --kube-apiserver',
    (args) => [
      ...args.values('-s', '--server', '--kube-apiserver').flatMap(hostOfValue),
      ...args.operands.flatMap((word) => hostInUrl(word)),
    ],
  ],
  ['openssl', '-connect -host', (args) => args.values('-connect', '-host').flatMap(hostOfValue)],
  ['gh glab', '-R --repo --hostname', (args) => args.values('--hostname').flatMap(hostOfValue)],
];

/** Programs whose hosts are known to be found in their arguments. */
export const clients: ReadonlyMap<string, Client> = new Map([
  ...lines.flatMap(([names, valued, hosts]) =>
    names
      .split(' ')
      .map((name): [string, Client] => [
        name,
        { valued: new Set(valued.split(' ')), hosts, ...(name === 'openssl' ? { oneDash: true } : {}) },
      ]),
  ),
  ...databaseClients,
]);

function isUrlLike(word: Word): boolean {
  return typeof word !== 'string' || word.includes('://') || /^(:|[\w-]+\.[\w.-]+|localhost)/.test(word);
}

function socatAddress(word: Word): readonly NamedHost[] {
  const lead = typeof word === 'string' ? word : (word.parts[0] ?? '');
  if (!/^(tcp|tcp4|tcp6|udp|udp4|udp6|ssl|openssl|socks4?a?|proxy|sctp)(-connect)?[46]?:/i.test(lead)) return [];
  const name = /^[^:]+:(\[[^\]]*\]|[^:,]*)[:,]/.exec(lead)?.[1];
  return [name === undefined || name === '' ? undefined : name.toLowerCase()];
}

const gitRemotes = /^(clone|push|pull|fetch|ls-remote|remote|submodule|archive)$/;

/** Only what is written as an address: the names of remotes stand in the repository's own settings. */
function gitHosts({ all }: Arguments): readonly NamedHost[] {
  const { verb, rest } = subcommand(all);
  if (verb === undefined || !gitRemotes.test(verb)) return [];
  return rest.flatMap((word) => {
    const text = typeof word === 'string' ? word : (word.parts[0] ?? '');
    if (text.startsWith('-')) return [];
    if (text.includes('://')) return hostInUrl(word);
    if (typeof word !== 'string') return verb === 'clone' && word.parts[0] === undefined ? [undefined] : [];
    const scpLike = /^(?:[^@/:\s]+@)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|[^@/:\s]+(?<=@[^@/:\s]+)):(?!\d*$)/.exec(word)?.[1];
    return scpLike === undefined ? [] : [scpLike.toLowerCase()];
  });
}

function dockerHosts(args: Arguments): readonly NamedHost[] {
  const [verb, ...rest] = args.operands;
  const engine = args
    .values('-H', '--host')
    .flatMap((word) => (typeof word === 'string' && /^(unix|npipe|fd):/.test(word) ? ['localhost'] : hostOfValue(word)));
  if (verb === 'login') return [...engine, ...rest.slice(-1).flatMap(hostInWord)];
  if (verb !== 'pull' && verb !== 'push') return engine;
  return [...engine, ...rest.slice(-1).map(registryOf)];
}

/** An image's registry is its first part, where that looks like a host. */
function registryOf(image: Word): NamedHost {
  const lead = typeof image === 'string' ? image : (image.parts[0] ?? '');
  const first = /^([^/]+)\//.exec(lead)?.[1];
  if (first !== undefined && /[.:]|^localhost$/.test(first)) return first.replace(/:\d+$/, '').toLowerCase();
  return typeof image === 'string' || first !== undefined ? 'docker.io' : undefined;
}
