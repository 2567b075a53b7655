import { Arguments } from '../effects/arguments.ts';
import type { CommandAnalysis, Invocation, Word } from '../shell/analysis.ts';
import { programName } from './global-options.ts';

/** Where a path of a command in a container lies: in a folder that it was given, or in none of ours. */
export type ContainerPath = { readonly kind: 'ours'; readonly path: string } | { readonly kind: 'theirs' } | { readonly kind: 'unknown' };

const engines = new Set(['docker', 'podman', 'nerdctl']);
const valued = new Set(
  '-v --volume --mount -w --workdir -e --env -u --user --name --network -p --publish --env-file --entrypoint --pid'.split(' '),
);

/**
 * What an absolute path is to a command that runs in a container made for it (`docker run`). `undefined` where the command runs in
 * none, or in one that is there already: what that was given is not known, so its paths count as they are.
 */
export function inContainer(path: string, invocation: Invocation | undefined, analysis: CommandAnalysis): ContainerPath | undefined {
  if (invocation?.wrappers.some((wrapper) => engines.has(wrapper)) !== true) return undefined;
  const running = analysis.invocations.filter(({ program }) => engines.has(programName(program ?? '')));
  if (running.length === 0 || !running.every(({ args }) => args.includes('run'))) return undefined;
  const mounts = running.flatMap(({ args }) => mountsOf(args));
  if (mounts.includes(undefined) || running.some(({ args }) => args.some(opensUp))) return { kind: 'unknown' };
  const mount = mounts.find((one) => one !== undefined && isWithin(path, one.to));
  if (mount === undefined)
    return mounts.some((one) => one !== undefined && isWithin(one.to, path)) ? { kind: 'unknown' } : { kind: 'theirs' };
  return { kind: 'ours', path: `${mount.from}${path.slice(mount.to.length)}` };
}

interface Mount {
  readonly from: string;
  readonly to: string;
}

/** `undefined` is one of which not all is known. Volumes that have a name are no folders of ours. */
function mountsOf(words: readonly Word[]): readonly (Mount | undefined)[] {
  const args = new Arguments(words, valued);
  const short = args.values('-v', '--volume').map((word) => (typeof word === 'string' ? /^(.+?):(\/[^:]*)/.exec(word) : null));
  const long = args.values('--mount').map((word) => (typeof word === 'string' ? word : ''));
  return [
    ...short.map((match) => mountOf(match?.[1], match?.[2])),
    ...long.map((text) => mountOf(valueIn(text, 'source|src'), valueIn(text, 'target|dst|destination'))),
  ].filter((mount) => mount === undefined || /^[~./]/.test(mount.from));
}

function mountOf(from: string | undefined, to: string | undefined): Mount | undefined {
  return from === undefined || to === undefined ? undefined : { from, to: to.replace(/\/+$/, '') };
}

function valueIn(text: string, names: string): string | undefined {
  return new RegExp(`(?:^|,)(?:${names})=([^,]*)`).exec(text)?.[1];
}

function opensUp(word: Word): boolean {
  return typeof word !== 'string' || /^--(privileged|pid|device|cap-add|userns|ipc|volumes-from|security-opt)\b/.test(word);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
