import type { Word } from '../shell/analysis.ts';
import type { Arguments } from './arguments.ts';
import { alike, reads, writes, type Programs, type Use } from './effect.ts';
import { afterPrefix, lastName, textOf } from './word.ts';

export const curlValued =
  '-A -b -c -C -d -D -e -E -F -h -H -K -m -o -P -Q -r -T -t -u -U -w -x -X -y -Y -z --user-agent --cookie --cookie-jar --data --data-raw --data-binary ' +
  '--data-urlencode --data-ascii --json --form --form-string --header --proxy-header --config --max-time --connect-timeout --output --output-dir --range ' +
  '--upload-file --user --proxy --proxy-user --request --url --url-query --referer --cert --key --cacert --capath --cert-type --key-type --dump-header --trace ' +
  '--trace-ascii --stderr --resolve --connect-to --interface --limit-rate --retry --retry-delay --retry-max-time --netrc-file --unix-socket --write-out ' +
  '--socks5 --socks5-hostname --preproxy --noproxy --dns-servers --doh-url --pass --ciphers --max-filesize --max-redirs --time-cond --etag-save --etag-compare --libcurl --hsts --alt-svc';

export const wgetValued =
  '-O -P -o -a -i -e -t -T -w -U -A -R -D -I -X -l -Q -B --output-document --directory-prefix --output-file --append-output --input-file --execute --tries ' +
  '--timeout --wait --user-agent --header --post-data --post-file --body-data --body-file --method --user --password --accept --reject --domains --level ' +
  '--quota --base --load-cookies --save-cookies --certificate --private-key --ca-certificate --bind-address --limit-rate --referer --warc-file --hsts-file --rejected-log';

/** Programs that fetch and send. */
export const transfers: Programs = {
  ...alike('curl curlie', { valued: curlValued, uses: curl }),
  ...alike('wget wget2', { valued: wgetValued, uses: wget }),
  ...alike('http https xh xhs httpie', {
    valued: '-o --output -a --auth -A --auth-type --session --proxy --cert --cert-key --timeout',
    uses: httpie,
  }),
  aria2c: {
    valued: '-o --out -d --dir -i --input-file -x -s -j -k --header --save-session',
    uses: (args) => [
      ...writes([...args.values('-o', '--out', '-d', '--dir', '--save-session')]),
      ...reads(args.values('-i', '--input-file')),
    ],
  },
  ...alike('nc ncat netcat', {
    valued: '-p -s -w -q -i -x -X -o -O -e -c --exec --sh-exec --output --ssl-cert --ssl-key',
    uses: (args) => writes(args.values('-o', '--output')),
  }),
  ...alike('aws', { valued: '--profile --region --endpoint-url --output --query', uses: cloudCopy }),
  ...alike('gsutil rclone s3cmd', { valued: '-o -h --config', uses: cloudCopy }),
};

function curl(args: Arguments): readonly Use[] {
  const folder = args.values('--output-dir').at(-1);
  const remote = args.has('-O', '--remote-name', '--remote-name-all', '-J')
    ? args.operands.map(lastName).filter((word) => word !== undefined)
    : [];
  const out = writes(
    [...args.values('-o', '--output'), ...(remote.length > 0 ? remote : args.has('-O', '-J') ? ['.'] : [])].filter((word) => word !== '-'),
  );
  const sent = [
    ...args.values('-d', '--data', '--data-binary', '--data-ascii', '--json', '--data-urlencode', '-H', '--header', '-w').flatMap(atFile),
    ...args.values('-F', '--form').flatMap(formFile),
    ...args
      .values('-T', '--upload-file', '-K', '--config', '-b', '--cookie', '--netrc-file', '-E', '--cert', '--key', '--cacert')
      .filter(isNoCookie),
  ];
  const urls = args.operands.flatMap((word) => afterPrefix(word, 'file://') ?? []);
  const other = writes(
    args
      .values(
        '-c',
        '--cookie-jar',
        '-D',
        '--dump-header',
        '--trace',
        '--trace-ascii',
        '--stderr',
        '--etag-save',
        '--libcurl',
        '--hsts',
        '--alt-svc',
      )
      .filter((word) => word !== '-'),
  );
  return [...out.map((use) => (folder === undefined ? use : { ...use, from: folder })), ...reads([...sent, ...urls]), ...other];
}

/** `@file`, and with a name before it for `--data-urlencode`. */
function atFile(word: Word): readonly Word[] {
  const direct = afterPrefix(word, '@');
  if (direct !== undefined) return [direct];
  const named = typeof word === 'string' ? /^[\w.-]+@(.+)$/s.exec(word)?.[1] : undefined;
  return named === undefined ? [] : [named];
}

/** `name=@file;type=…` and `name=<file`. */
function formFile(word: Word): readonly Word[] {
  const text = typeof word === 'string' ? word : (word.parts[0] ?? '');
  const lead = /^[^=]*=[@<]/.exec(text)?.[0];
  const file = lead === undefined ? undefined : afterPrefix(word, lead);
  if (file === undefined) return [];
  return [typeof file === 'string' ? file.replace(/;(type|filename|headers)=.*$/s, '') : file];
}

function isNoCookie(word: Word): boolean {
  return !textOf(word).includes('=') && word !== '-';
}

function wget(args: Arguments): readonly Use[] {
  const out = args.values('-O', '--output-document').filter((word) => word !== '-');
  const folder = args.values('-P', '--directory-prefix').at(-1);
  const piped = args.has('-O', '--output-document') || args.has('--spider');
  const named = piped ? [] : args.operands.map((url) => lastName(url) ?? 'index.html');
  return [
    ...writes([
      ...out,
      ...args.values('-o', '--output-file', '-a', '--append-output', '--save-cookies', '--warc-file', '--hsts-file', '--rejected-log'),
    ]),
    ...writes(named).map((use) => (folder === undefined ? use : { ...use, from: folder })),
    ...reads(args.values('-i', '--input-file', '--post-file', '--body-file', '--load-cookies', '--certificate', '--private-key')),
  ];
}

function httpie(args: Arguments): readonly Use[] {
  const sent = args.operands.slice(1).flatMap((word) => {
    const text = textOf(word);
    const file = /^[^@=:]*[:=]?=?@(.+)$/s.exec(text)?.[1];
    return file === undefined || /^https?:/.test(text) ? [] : [file];
  });
  return [...writes(args.values('-o', '--output')), ...reads([...sent, ...args.values('--cert', '--cert-key')])];
}

const remoteStore = /^(s3|gs|az|https?):\/\/|^[\w-]+:/;

/** `aws s3 cp FROM TO` and the like: the ends that are not in the cloud. */
function cloudCopy({ operands }: Arguments): readonly Use[] {
  const verbs = /^(cp|mv|sync|copy|move|copyto|moveto|get|put|rsync)$/;
  const at = operands.findIndex((word) => typeof word === 'string' && verbs.test(word));
  if (at < 0) return [];
  const ends = operands.slice(at + 1);
  const local = (word: Word | undefined): readonly Word[] => (word === undefined || remoteStore.test(textOf(word)) ? [] : [word]);
  const moves = operands[at] === 'mv' || operands[at] === 'move';
  const from = ends.slice(0, -1).flatMap(local);
  return [
    ...reads(from),
    ...writes(ends.slice(-1).flatMap(local)),
    ...(moves ? from.map((target): Use => ({ mode: 'delete', target, moved: true })) : []),
  ];
}
