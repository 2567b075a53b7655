import { expect, test } from 'vitest';
import { contactedHosts } from '../../../src/engine/effects/hosts.ts';
import { noCommand, plainInvocation } from '../../../src/engine/shell/analysis.ts';
import { analyzeCommand } from '../../../src/engine/shell/analyze.ts';

/** The name, `?` where it is not known, and `(local)` for this machine. */
const hosts = (text: string): readonly string[] =>
  contactedHosts(analyzeCommand(text)).map(({ name, known, local }) => `${known ? name : '?'}${local ? ' (local)' : ''}`);

test.each<[string, readonly string[]]>([
  ['curl -H "X: y" https://User:pw@Example.com:8080/p?q=1', ['example.com']],
  ['curl example.com/x', ['example.com']],
  ['curl -X POST -d a.b localhost:3000/x', ['localhost (local)']],
  ['curl http://127.0.0.1:80', ['127.0.0.1 (local)']],
  ['curl --url https://a.com -x http://proxy.b:1', ['a.com', 'proxy.b']],
  ['wget "http://[::1]:80/"', ['[::1] (local)']],
  ['git clone git@github.com:o/r', ['github.com']],
  ['git -C x push https://h.com/o/r main', ['h.com']],
  ['git remote add o ssh://git@h.com:22/o/r', ['h.com']],
  ['git push origin main', []],
  ['git commit -m "see a.com:x"', []],
  ['ssh me@host.local', ['host.local']],
  ['ssh -i k -p 22 build@server uptime', ['server']],
  ['ssh server', ['server']],
  ['scp a b@h:c', ['h']],
  ['rsync -a x/ h.com:/y', ['h.com']],
  ['sftp me@h', ['h']],
  ['nc -w 3 h.com 80', ['h.com']],
  ['nc -l 80', []],
  ['socat - TCP:h.com:80', ['h.com']],
  ['dig @8.8.8.8 x.h.com', ['8.8.8.8', 'x.h.com']],
  ['ping -c 1 h.com', ['h.com']],
  ['npm publish --registry https://r.x.com/', ['r.x.com']],
  ['npm i', []],
  ['pip install --index-url https://i.x.com/simple a', ['i.x.com']],
  ['docker pull ghcr.io/o/i:1', ['ghcr.io']],
  ['docker pull alpine', ['docker.io']],
  ['docker -H tcp://h:2375 ps', ['h']],
  ['docker run alpine', []],
  ['kubectl --server https://k.x.com get pods', ['k.x.com']],
  ['psql -h db.prod.x.com -c "DROP TABLE a"', ['db.prod.x.com']],
  ['psql postgres://u:p@db.x.com:5432/a', ['db.x.com']],
  ['psql "host=db.x.com dbname=a"', ['db.x.com']],
  ['psql mydb', ['localhost (local)']],
  ['psql -h /var/run/postgresql a', ['localhost (local)']],
  ['psql postgres:///a', ['localhost (local)']],
  ['psql "$DATABASE_URL"', ['?']],
  ['mysql -hdb.x.com -u root', ['db.x.com']],
  ['mysql -u root', ['localhost (local)']],
  ['redis-cli -h r.x.com FLUSHALL', ['r.x.com']],
  ['redis-cli FLUSHALL', ['localhost (local)']],
  ['mongosh mongodb://a.x.com,b.x.com/t', ['a.x.com', 'b.x.com']],
  ['mongosh mongodb+srv://c.x.com/t', ['c.x.com']],
  ['dropdb -h "$H" x', ['?']],
  ['curl "https://api.x.com/$ID"', ['api.x.com']],
  ['curl "https://$HOST/x"', ['?']],
  ['curl "$URL"', ['?']],
  ['echo x > /dev/tcp/h.com/80', ['h.com']],
  ['echo https://x.com', []],
  ['curl http://a.com\\\\@b.com/', ['a.com']],
  ['openssl s_client -connect h.com:443', ['h.com']],
  ['gh api --hostname g.x.com /user', ['g.x.com']],
])('%s', (text, expected) => {
  expect(hosts(text)).toEqual(expected);
});

test.each<[string, string]>([
  ['psql', 'PGHOST=db.x.com'],
  ['redis-cli', 'REDISCLI_HOST=db.x.com'],
])('the variable that names the host of %s: %s', (program, assignment) => {
  const invocation = { ...plainInvocation, program, args: [], text: program, assignments: [assignment] };
  expect(contactedHosts({ ...noCommand, invocations: [invocation] }).map(({ name }) => name)).toEqual(['db.x.com']);
});
