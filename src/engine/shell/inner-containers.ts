import type { Word } from './analysis.ts';
import { nothing, unknownInner, type Inner, type InnerQuestion } from './inner.ts';
import { readOptions } from './options.ts';
import { isKnown } from './word-parts.ts';
import { joinWords } from './wrapped.ts';

const runOptions =
  '-a -c -e -h -l -m -p -u -v -w --add-host --annotation --attach --blkio-weight --cap-add --cap-drop --cgroup-parent --cgroupns --cidfile --cpu-period --cpu-quota --cpus --cpu-shares --cpuset-cpus --device --dns --entrypoint --env --env-file --expose --gpus --group-add --health-cmd --hostname --ip --ipc --isolation --label --label-file --link --log-driver --log-opt --mac-address --memory --mount --name --network --net --network-alias --pid --platform --publish --pull --restart --runtime --security-opt --shm-size --stop-signal --stop-timeout --storage-opt --sysctl --tmpfs --ulimit --user --userns --uts --volume --volumes-from --workdir --detach-keys --cgroups --userns --pod --arch --os --secret';
const globalOptions =
  '-c -H -l --context --host --log-level --config --tlscacert --tlscert --tlskey -f --file -p --project-name --profile --env-file --project-directory --connection --url --namespace -n';

/** The command of `docker run`, `docker exec`, `docker compose exec` … It runs in a container. */
export function containerInner({ args }: InnerQuestion): readonly Inner[] {
  const { rest } = readOptions(args, { valued: globalOptions });
  const [verb, ...words] = rest;
  if (!isKnown(verb)) return verb === undefined ? nothing : unknownInner('what the container runs is not known');
  if (verb === 'compose' || verb === 'container')
    return containerInner({ name: verb, args: words, input: undefined, piped: false, file: () => undefined });
  if (verb !== 'exec' && verb !== 'run' && verb !== 'create') return nothing;
  const read = readOptions(words, { valued: runOptions });
  const [target, ...command] = read.rest;
  const entry = read.options.find(({ name }) => name === '--entrypoint')?.value;
  if (target === undefined) return nothing;
  if (!isKnown(target) && target.many && target.origin !== 'environment' && command.length > 0)
    return unknownInner('what the container runs is not known');
  const whole = entry === undefined ? command : [entry, ...command];
  return whole.length === 0 ? nothing : [{ kind: 'words', words: whole, elsewhere: true }];
}

const kubeOptions =
  '-n -c -f --namespace --context --kubeconfig --cluster --user --container --filename --image --overrides --restart -s --server --pod-running-timeout -l --labels --env --port --as';

/** `kubectl exec POD -- COMMAND`, `kubectl run NAME -- COMMAND`, `oc rsh`. */
export function kubeInner({ args }: InnerQuestion): readonly Inner[] {
  const { rest } = readOptions(args, { valued: kubeOptions });
  const [verb] = rest;
  if (!isKnown(verb) || !/^(exec|run|debug|rsh)$/.test(verb)) return nothing;
  const at = args.indexOf('--');
  if (at >= 0) return at === args.length - 1 ? nothing : [{ kind: 'words', words: args.slice(at + 1), elsewhere: true }];
  const words = readOptions(rest.slice(1), { valued: kubeOptions }).rest.slice(1);
  const command = readOptions(words, { valued: kubeOptions }).rest;
  return command.length === 0 || verb === 'run' ? nothing : [{ kind: 'words', words: command, elsewhere: true }];
}

/** `vagrant ssh -c`, `gcloud compute ssh --command`, `multipass exec`, `lxc exec`, `wsl`. */
export function machineInner({ name, args }: InnerQuestion): readonly Inner[] {
  for (const [at, arg] of args.entries()) {
    if (!isKnown(arg)) continue;
    const attached = /^--command=([^]+)$/.exec(arg)?.[1];
    const text = attached ?? (arg === '-c' || arg === '--command' ? args[at + 1] : undefined);
    if (text !== undefined) return [{ kind: 'script', text, elsewhere: true }];
  }
  const dashes = args.indexOf('--');
  if (dashes >= 0 && dashes < args.length - 1) return [{ kind: 'words', words: args.slice(dashes + 1), elsewhere: true }];
  if (name === 'wsl') {
    const { rest } = readOptions(
      args.filter((arg) => arg !== '-e' && arg !== '--exec'),
      { valued: '-d -u --distribution --user --cd' },
    );
    return rest.length === 0 ? nothing : [{ kind: 'script', text: joinWords(rest) }];
  }
  return (name === 'lxc' || name === 'multipass' || name === 'incus' || name === 'machinectl') && args[0] === 'exec' && args.length > 2
    ? [{ kind: 'words', words: args.slice(2), elsewhere: true }]
    : nothing;
}

const tmuxCommands =
  /^(new-session|new|new-window|neww|split-window|splitw|respawn-pane|respawnp|respawn-window|popup|display-popup|run-shell|run|if-shell|if|pipe-pane|send-keys|send)$/;

/** The commands that a terminal multiplexer starts, or types into a shell that already runs. */
export function tmuxInner({ args }: InnerQuestion): readonly Inner[] {
  const { rest } = readOptions(args, { valued: '-L -S -f -c -T' });
  return commandsIn(rest).flatMap(tmuxCommand);
}

/** A semicolon of its own, or at the end of a word, ends a command of tmux. */
function commandsIn(words: readonly Word[]): readonly (readonly Word[])[] {
  const commands: Word[][] = [[]];
  for (const word of words) {
    const ends = isKnown(word) && word.endsWith(';');
    if (word !== ';') commands.at(-1)?.push(ends ? word.slice(0, -1) : word);
    if (ends) commands.push([]);
  }
  return commands;
}

function tmuxCommand(command: readonly Word[]): readonly Inner[] {
  const [verb] = command;
  if (!isKnown(verb) || !tmuxCommands.test(verb)) return nothing;
  const words = readOptions(command.slice(1), { valued: '-t -s -n -c -F -x -y -e -l -p -N -w -h -b -T -S' }).rest;
  if (verb.startsWith('send')) return typed(words);
  const texts = verb.startsWith('if') ? words : words.length === 0 ? [] : [joinWords(words)];
  return texts.map((text) => ({ kind: 'script', text, apart: true }));
}

/** Names of keys between the texts end a line. */
function typed(words: readonly Word[]): readonly Inner[] {
  const texts = words.filter(
    (word) => !(isKnown(word) && /^(Enter|C-[a-z]|M-.|Escape|Space|Tab|Up|Down|Left|Right|BSpace|KPEnter)$/.test(word)),
  );
  return texts.length === 0 ? nothing : [{ kind: 'script', text: joinWords(texts), apart: true }];
}

/** `screen -dmS name COMMAND`, `screen -X stuff TEXT`. */
export function screenInner({ args }: InnerQuestion): readonly Inner[] {
  const { rest } = readOptions(args, { valued: '-S -c -e -h -p -s -t -T -U' });
  if (args.includes('-X')) {
    const at = rest.findIndex((word) => word === 'stuff' || word === 'exec' || word === 'eval');
    const words = at < 0 ? [] : rest.slice(at + 1);
    return words.length === 0 ? nothing : [{ kind: 'script', text: clean(joinWords(words)), apart: true }];
  }
  return rest.length === 0 ? nothing : [{ kind: 'words', words: rest, apart: true }];
}

function clean(text: Word): Word {
  return isKnown(text) ? text.replaceAll(/\\n|\^M|\r/g, '\n') : text;
}
