import type { KeeperName } from '../../storage/secrets/keeper.ts';
import { openHome } from '../../storage/home.ts';
import { referenceTo, secretName } from '../../storage/secrets/references.ts';
import { longestSecret, SecretStore } from '../../storage/secrets/secret-store.ts';
import { type Command, type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents } from './governor.ts';
import { table } from './table.ts';

export const secret: Command = {
  name: 'secret',
  summary: "keep credentials out of agents' files",
  usage: [
    'countersign secret set NAME [--in-file]    asks for the value, or reads it from a pipe',
    'countersign secret list [--json]',
    'countersign secret rm NAME',
  ].join('\n'),
  run: async ([verb = '', ...args], terminal) => {
    switch (verb) {
      case 'set':
        return set(args, terminal);
      case 'list':
        return list(args, terminal);
      case 'rm':
        return remove(args, terminal);
      default:
        throw new WrongUsage(`"${verb}" is not "set", "list" or "rm"`);
    }
  },
};

async function set(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, { 'in-file': { type: 'boolean' } });
  const name = required(positionals[0], 'the NAME');
  if (!secretName.test(name)) throw new WrongUsage(`"${name}" is no name for a secret: capital letters, digits and _ only`);
  if (positionals.length > 1) throw new WrongUsage('the value is asked for, or read from a pipe: an argument could be seen by everybody');
  refuseAgents('"countersign secret set"');
  const value = terminal.interactive ? await typed(terminal, `Value of ${name}: `) : await piped(terminal);
  const where = await new SecretStore(openHome()).set(name, value, values['in-file'] ? { only: 'file' } : {});
  terminal.out(`${name} is kept in ${where}, and was read back. Configurations name it ${referenceTo(name)}.`);
  return 0;
}

function list(args: readonly string[], terminal: Terminal): ExitCode {
  const { values } = parse(args, { json: { type: 'boolean' } });
  const found = new SecretStore(openHome()).list();
  if (values.json) terminal.out(JSON.stringify(found.map((note) => ({ id: note.name, ...note }))));
  else if (found.length === 0) terminal.out('There are no secrets. docs/secrets.md says what they are for.');
  else
    terminal.out(
      table(
        ['SECRET', 'KEPT IN', 'SET', 'LAST USED', 'FOR'],
        found.map(({ name, kept, setAt, usedAt, about = '' }) => [name, places[kept], day(setAt), usedAt ? day(usedAt) : 'never', about]),
      ),
    );
  return 0;
}

async function remove(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const name = required(parse(args, {}).positionals[0], 'the NAME');
  refuseAgents('"countersign secret rm"');
  // Also of those that we named ourselves; but a name is never a path.
  const isThere = /^[\w-]+$/.test(name) && (await new SecretStore(openHome()).remove(name));
  if (isThere) terminal.out(`${name} is gone. A server whose configuration names it will not start.`);
  else terminal.err(`There is no secret ${name}. "countersign secret list" shows those that there are.`);
  return isThere ? 0 : 1;
}

const places: Readonly<Record<KeeperName, string>> = { keyring: 'keyring', keychain: 'keychain', dpapi: 'Windows', file: 'encrypted file' };

function day(time: number): string {
  return new Date(time).toLocaleString();
}

/** As a pipe gives it; the line break that `echo` adds is not meant. */
async function piped({ stdin }: Terminal): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stdin) {
    const bytes = Buffer.from(part);
    if ((length += bytes.length) > longestSecret * 4) throw new Error('That is too long for a secret.');
    parts.push(bytes);
  }
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

/** Typed or pasted by a person, shown to nobody. */
function typed({ stdin }: Terminal, question: string): Promise<string> {
  process.stdout.write(question);
  stdin.setRawMode(true).setEncoding('utf8').resume();
  return new Promise((resolve, reject) => {
    let value = '';
    const end = (): void => {
      stdin.off('data', take).setRawMode(false).pause();
      process.stdout.write('\n');
    };
    const take = (text: string): void => {
      for (const key of text) {
        if (key === '\r' || key === '\n') return (end(), resolve(value));
        if (key === '\u0003' || key === '\u0004') return (end(), reject(new Error('nothing was kept')));
        value = key === '\u007f' || key === '\b' ? value.slice(0, -1) : value + key;
      }
    };
    stdin.on('data', take);
  });
}
