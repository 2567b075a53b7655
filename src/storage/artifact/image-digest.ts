import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { withoutTag } from '../../engine/artifact/docker-run.ts';

const known = z.nullable(z.array(z.string()));
/** A large image takes a while to come. */
const longestMs = 10 * 60_000;

export interface ImageWish {
  /** Docker, or what is called in its place. */
  readonly program: string;
  /** As the command line names it. */
  readonly image: string;
  /** It is fetched first. */
  readonly pull: boolean;
}

/** By which digest the registry knows an image that this machine has under that name. Rejects where it has none. */
export async function imageDigest({ program, image, pull }: ImageWish): Promise<string> {
  if (pull) await ask(program, ['pull', '--quiet', image]);
  const said = await ask(program, ['image', 'inspect', '--format', '{{json .RepoDigests}}', image]);
  const digests = z.parse(known, JSON.parse(said)) ?? [];
  const names = spellings(withoutTag(image));
  const found = digests.map((text) => text.split('@')).find(([name = '']) => names.has(name))?.[1];
  if (found === undefined || !/^sha256:[0-9a-f]{64}$/.test(found))
    throw new Error(`No registry has given ${image} a digest: it was built here. Push it, and pull it again.`);
  return found;
}

async function ask(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { timeout: longestMs, windowsHide: true });
    return stdout;
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr.trim() : '';
    const image = args.at(-1) ?? '';
    throw new Error(`${program} does not know ${image}${said === '' ? '' : ` (${said})`}. Pull it first: ${program} pull ${image}`, {
      cause,
    });
  }
}

/** Docker leaves out what goes without saying, podman does not. */
function spellings(name: string): ReadonlySet<string> {
  const short = name.replace(/^docker\.io\//, '').replace(/^library\//, '');
  return new Set([name, short, `docker.io/${short}`, `docker.io/library/${short}`]);
}
