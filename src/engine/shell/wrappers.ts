/** A program that runs the command in its arguments. */
export interface Wrapper {
  /** Options that take the next word as their value, separated by blanks. */
  readonly valued?: string;
  /** Words between the options and the command: a duration, a host. */
  readonly positionals?: number;
  readonly assignments?: boolean;
  /** The rest is a text for a shell rather than words. */
  readonly script?: boolean;
  readonly privileged?: boolean;
  readonly elsewhere?: boolean;
  readonly same?: boolean;
  /** The option that names the directory it runs in. */
  readonly directory?: string;
  /** Only behind this word (`run`, `exec`): the program does other things, too. Several are separated by blanks. */
  readonly after?: string;
  /** Only behind `--`. */
  readonly dashes?: boolean;
}

const plain: Wrapper = {};

/** Programs that run the rest of their arguments. Those with more to it have a file of their own. */
export const wrappers: Readonly<Record<string, Wrapper>> = {
  sudo: {
    valued:
      '-u -g -h -p -C -T -R -D -r -t -U -c --user --group --host --prompt --close-from --chdir --chroot --role --type --other-user --command-timeout',
    assignments: true,
    privileged: true,
    directory: '-D --chdir',
  },
  doas: { valued: '-u -C -a', privileged: true },
  pkexec: { valued: '--user', privileged: true },
  run0: {
    valued: '-u --user -g --group --nice -D --chdir --setenv --background --slice --property --unit --description',
    privileged: true,
    directory: '-D --chdir',
  },
  gosu: { positionals: 1, privileged: true },
  'su-exec': { positionals: 1, privileged: true },
  nohup: plain,
  setsid: plain,
  timeout: { valued: '-k -s --kill-after --signal', positionals: 1 },
  gtimeout: { valued: '-k -s --kill-after --signal', positionals: 1 },
  nice: { valued: '-n --adjustment' },
  ionice: { valued: '-c -n -p -P -u --class --classdata' },
  chrt: { valued: '-T -P -D', positionals: 1 },
  taskset: { valued: '-p', positionals: 1 },
  numactl: { valued: '-N -C -m -i -l -p --cpunodebind --physcpubind --membind --interleave --preferred' },
  prlimit: { valued: '-p --pid -o --output' },
  cpulimit: { valued: '-l -p -e -P --limit --pid --exe' },
  stdbuf: { valued: '-i -o -e --input --output --error' },
  gstdbuf: { valued: '-i -o -e --input --output --error' },
  unbuffer: plain,
  command: { same: true },
  builtin: { same: true },
  exec: { valued: '-a', same: true },
  noglob: { same: true },
  nocorrect: { same: true },
  time: { valued: '-f -o --format --output' },
  gtime: { valued: '-f -o --format --output' },
  caffeinate: { valued: '-t -w' },
  busybox: plain,
  toybox: plain,
  coproc: plain,
  chroot: { valued: '--userspec --groups', positionals: 1, elsewhere: true },
  unshare: { valued: '--mount-proc -S -G -R -w --root --wd --setuid --setgid --propagation --kill-child' },
  nsenter: { valued: '-t -S -G --target --setuid --setgid' },
  'systemd-run': {
    valued:
      '-p -u -t -E -M -H --unit --property --setenv --slice --uid --gid --machine --host --on-active --on-calendar --on-boot --working-directory --description',
  },
  'systemd-inhibit': { valued: '--what --who --why --mode' },
  'dbus-run-session': { valued: '--config-file --dbus-daemon' },
  'xvfb-run': { valued: '-e -f -n -s -w -p --error-file --auth-file --server-num --server-args --wait' },
  watch: { valued: '-n -q --interval --equexit', script: true },
  ssh: { valued: '-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B', positionals: 1, script: true, elsewhere: true },
  mosh: { valued: '-p --port --ssh --server --client --predict', positionals: 1, elsewhere: true },
  eval: { script: true, same: true },
  entr: { valued: '-e' },
  ltrace: { valued: '-a -A -b -D -e -F -l -n -o -p -s -u -w -x' },
  strace: { valued: '-a -b -e -E -I -o -O -p -P -s -S -u -U -X --trace --output --attach' },
  dtruss: { valued: '-b -n -p -t' },
  valgrind: plain,
  proot: { valued: '-r -b -w -q -R -S --rootfs --bind --cwd', elsewhere: true },
  fakeroot: { valued: '-l -s -i -b' },
  fakechroot: plain,
  firejail: plain,
  bwrap: {
    valued:
      '--uid --gid --hostname --chdir --unsetenv --lock-file --remount-ro --proc --dev --tmpfs --mqueue --dir --seccomp --exec-label --perms',
  },
  trickle: { valued: '-d -u -w -t -l -n' },
  torsocks: { valued: '-a -P' },
  torify: plain,
  tsocks: plain,
  proxychains: { valued: '-f' },
  proxychains4: { valued: '-f' },
  rlwrap: { valued: '-f -H -C -b -q -s -S -t -D -P' },
  dotenv: { valued: '-e -f -c -p', dashes: true },
  dotenvx: { valued: '-f -e -fk', after: 'run' },
  'env-cmd': { valued: '-f -r -e --file --environments' },
  'cross-env': { assignments: true },
  'cross-env-shell': { assignments: true, script: true },
  op: { dashes: true },
  doppler: { dashes: true },
  infisical: { dashes: true },
  'aws-vault': { dashes: true },
  chamber: { dashes: true },
  envchain: { positionals: 1 },
  direnv: { after: 'exec', positionals: 1 },
  poetry: { after: 'run' },
  pipenv: { after: 'run' },
  hatch: { after: 'run' },
  rye: { after: 'run' },
  pdm: { after: 'run' },
  uv: {
    after: 'run',
    valued:
      '--with --with-requirements --with-editable --python -p --extra --group --index-url --env-file --project --directory --package --only-group --no-group',
  },
  pixi: { after: 'run exec' },
  conda: { after: 'run', valued: '-n -p --name --prefix --cwd' },
  mamba: { after: 'run', valued: '-n -p --name --prefix --cwd' },
  micromamba: { after: 'run', valued: '-n -p --name --prefix' },
  bundle: { after: 'exec' },
  rbenv: { after: 'exec' },
  pyenv: { after: 'exec' },
  asdf: { after: 'exec' },
  mise: { after: 'exec x', dashes: true },
  rtx: { after: 'exec x', dashes: true },
  volta: { after: 'run', valued: '--node --npm --yarn --pnpm' },
  fnm: { after: 'exec', valued: '--using' },
  opam: { after: 'exec', dashes: true },
  dune: { after: 'exec' },
  stack: { after: 'exec' },
  lerna: { after: 'exec' },
  turbo: { after: 'exec' },
  heroku: { after: 'run', elsewhere: true },
  fly: { after: 'ssh console', dashes: true, elsewhere: true },
  catchsegv: plain,
  setarch: { positionals: 1 },
  linux32: plain,
  linux64: plain,
  arch: { valued: '-e -d' },
  setpriv: {
    valued: '--reuid --regid --groups --inh-caps --bounding-set --ambient-caps --securebits --selinux-label --apparmor-profile --pdeathsig',
  },
  capsh: { dashes: true },
  hyperfine: {
    valued:
      '-w -r -m -M -s -p -c -S -n -i -u --warmup --runs --min-runs --max-runs --export-json --export-markdown --export-csv --shell --command-name',
    script: true,
  },
  sem: { valued: '-j --jobs --id --timeout' },
  retry: { valued: '-t -d -n --times --delay' },
  flock: { valued: '-w -E -c --timeout --wait --conflict-exit-code --command', positionals: 1 },
  lockf: { valued: '-t', positionals: 1 },
  setlock: { positionals: 1 },
  'dumb-init': plain,
  tini: { valued: '-p -e' },
  winpty: plain,
  wine: plain,
  'ssh-agent': { valued: '-a -E -P -t' },
  nodemon: { valued: '-e -w -i -d --ext --watch --ignore --delay -x --exec' },
  perf: { after: 'stat record trace', valued: '-e -o -F -p -t -C -c -r' },
};
