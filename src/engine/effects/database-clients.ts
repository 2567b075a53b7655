import type { Invocation, Word } from '../shell/analysis.ts';
import type { Arguments } from './arguments.ts';
import type { Client } from './client.ts';
import { hostInUrl, hostOfValue, type NamedHost } from './host-names.ts';
import { afterPrefix } from './word.ts';

interface Database {
  /** Options whose value is a host. */
  readonly host: readonly string[];
  readonly valued: string;
  /** Variables of the environment that name one. */
  readonly variables?: readonly string[];
}

const postgres: Database = {
  host: ['-h', '--host'],
  valued: '-h --host -p --port -U --username -d --dbname -c --command -f --file -v --set -o --output -P -F -R -T -n -t -N -j',
  variables: ['PGHOST', 'PGHOSTADDR', 'PGSERVICE'],
};
const mysql: Database = {
  host: ['-h', '--host'],
  valued: '-h --host -P --port -u --user -D --database -e --execute -S --socket --protocol --default-character-set',
  variables: ['MYSQL_HOST'],
};
const mongo: Database = {
  host: ['-h', '--host'],
  valued: '-h --host --port -u --username -p --password --authenticationDatabase --eval --uri -d --db -c --collection',
};

const databases: readonly (readonly [names: string, database: Database])[] = [
  [
    'psql pg_dump pg_dumpall pg_restore createdb dropdb createuser dropuser vacuumdb reindexdb clusterdb pgcli pgbench pg_isready',
    postgres,
  ],
  ['mysql mariadb mysqldump mysqladmin mariadb-admin mariadb-dump mysqlimport mycli mysqlsh', mysql],
  ['mongosh mongo mongodump mongorestore mongoimport mongoexport', mongo],
  [
    'redis-cli valkey-cli keydb-cli iredis',
    { host: ['-h'], valued: '-h -p -a -u -n -s --user --pass -i -r', variables: ['REDISCLI_HOST'] },
  ],
  [
    'sqlcmd tsql bcp mssql-cli',
    { host: ['-S', '-H', '--server'], valued: '-S -H -U -P -d -Q -q -i -o --server', variables: ['SQLCMDSERVER'] },
  ],
  ['clickhouse-client clickhouse', { host: ['-h', '--host'], valued: '-h --host --port -u --user --password -q --query -d --database' }],
  ['cqlsh', { host: [], valued: '-u -p -k -e -f --ssl', variables: ['CQLSH_HOST'] }],
  [
    'influx',
    { host: ['--host', '-host'], valued: '--host -host --port -port --token -t --org -o --bucket -b', variables: ['INFLUX_HOST'] },
  ],
  ['etcdctl', { host: ['--endpoints'], valued: '--endpoints --user --password --cert --key --cacert', variables: ['ETCDCTL_ENDPOINTS'] }],
  [
    'cockroach',
    {
      host: ['--host', '--url'],
      valued: '--host --url -e --execute --port -p --user -u -d --database',
      variables: ['COCKROACH_HOST', 'COCKROACH_URL'],
    },
  ],
];

/** Clients of databases: without a host they talk to this machine. */
export const databaseClients: readonly (readonly [string, Client])[] = databases.flatMap(([names, database]) =>
  names
    .split(' ')
    .map((name): readonly [string, Client] => [
      name,
      { valued: new Set(database.valued.split(' ')), hosts: (args, invocation) => hostsOf(database, name, args, invocation) },
    ]),
);

function hostsOf(database: Database, name: string, args: Arguments, invocation: Invocation): readonly NamedHost[] {
  const given = [
    ...args.values(...database.host).flatMap(hostOfValue),
    ...args.values('-d', '--dbname', '--uri', '-u').flatMap(connection),
    ...args.operands.flatMap(connection),
    ...(name === 'cqlsh' ? args.operands.slice(0, 1).flatMap(hostOfValue) : []),
  ];
  if (given.length > 0) return given;
  const set = (database.variables ?? []).flatMap((variable) =>
    invocation.assignments.map((word) => afterPrefix(word, `${variable}=`)).filter((word) => word !== undefined),
  );
  return set.length > 0 ? set.flatMap(hostOfValue) : ['localhost'];
}

/** A URI, or `host=… dbname=…`. What is wholly unknown may be either. */
function connection(word: Word): readonly NamedHost[] {
  if (typeof word !== 'string' && word.parts[0] === undefined) return [undefined];
  const url = hostInUrl(word);
  if (url.length > 0) return url;
  const text = typeof word === 'string' ? word : (word.parts[0] ?? '');
  // A URI without a host is this machine.
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return ['localhost'];
  const named = /(?:^|\s)host(?:addr)?\s*=\s*'?([^\s']*)/i.exec(text)?.[1];
  return named === undefined ? [] : named.startsWith('/') ? ['localhost'] : [named === '' ? undefined : named.toLowerCase()];
}
