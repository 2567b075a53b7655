import { askedGit } from './asked-git.ts';

const longestMs = 5_000;
const mostFiles = 50_000;
const mostCommits = '2000';

/** What git says of a workspace as a whole, for the linter. What it does not say, or what is too much, is left out. */
export interface WorkspaceFacts {
  /** Files, and ignored folders, relative to the workspace. */
  readonly paths?: readonly string[];
  /** Names and addresses of those who wrote its history. */
  readonly people?: readonly string[];
}

export function workspaceFacts(root: string): WorkspaceFacts {
  const paths = filesOf(root);
  const people = authorsOf(root);
  return { ...(paths === undefined ? {} : { paths }), ...(people === undefined ? {} : { people }) };
}

function filesOf(root: string): readonly string[] | undefined {
  try {
    const git = askedGit(longestMs);
    const kept = git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
    const ignored = git(root, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory']);
    const paths = `${kept}\0${ignored}`.split('\0').map((path) => path.replace(/\/$/, ''));
    return paths.length > mostFiles ? undefined : paths.filter((path) => path !== '');
  } catch {
    return undefined;
  }
}

/** Of a shallow clone, as machines of a CI make, the history says too little. */
function authorsOf(root: string): readonly string[] | undefined {
  try {
    const git = askedGit(longestMs);
    if (git(root, ['rev-parse', '--is-shallow-repository']).trim() !== 'false') return undefined;
    const names = git(root, ['log', '-n', mostCommits, '--format=%an%n%ae', 'HEAD']).split('\n');
    return [...new Set(names.filter((name) => name !== ''))];
  } catch {
    return undefined;
  }
}
