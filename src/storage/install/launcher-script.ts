import { existsSync } from 'node:fs';
import { assignmentsOf, type HookCommand } from '../../agents/hook-command.ts';
import { shellWord } from '../../agents/shell-word.ts';

const bash = '/bin/bash';

/**
 * The launcher's text. Where there is bash, it asks the governor by itself, over the line that `channel/hook-line.ts` keeps open: that
 * takes a tenth of the time that Node needs to start. Everything that is out of the ordinary, and every doubt, is left to the command
 * hook, which says no in its agent's words. Bash alone is not asked to decide anything: it ends with what the governor said, or as that hook does.
 */
export function launcherScript(command: HookCommand, hookLine: string): string {
  const { runtime, script } = command;
  const words = ['/usr/bin/env', '-i', ...assignmentsOf(command), runtime, script].map(shellWord).join(' ');
  const head = `# ${runtime}\n# ${script}\n`;
  if (!existsSync(bash)) return `#!/bin/sh\n${head}exec ${words} "$@"\n`;
  // `-p`: nothing that stands in the environment is run or taken for a function.
  return `#!${bash} -p\n${head}${asking(shellWord(hookLine), words)}\nexec ${words} "$@"\n`;
}

/** `again`: the long way, with what was read of the message already. Bash's `read -N` takes more than a byte at a time; old ones have none. */
function asking(file: string, program: string): string {
  return `LC_ALL=C
set +o posix
trap '' PIPE

again() {
  [[ -z $fd ]] || exec {fd}>&-
  exec ${program} "\${arguments[@]}" < <(printf %s "$message"; command -p cat <&$rest) 2>&$errors {errors}>&- {rest}<&-
  exit 2
}

ask() {
  local word agent= event= parent= installed= version= port= question= answer= said=
  (( BASH_VERSINFO[0] >= 5 )) || return
  for word; do
    case $word in
      --installed) installed=1 ;;
      --parent=*) parent=\${word#--parent=} ;;
      -*) return ;;
      *) if [[ -z $agent ]]; then agent=$word; elif [[ -z $event ]]; then event=$word; else return; fi ;;
    esac
  done
  [[ $installed && $agent && $agent != claude-code ]] || return
  [[ -O $line && -f $line && ! -L $line ]] || return
  { read -r version && read -r port && read -r question && read -r answer; } <"$line" || return
  [[ $version == countersign-hook-line-1 && $port =~ ^[0-9]+$ && $question && $answer ]] || return
  { exec {fd}<>/dev/tcp/127.0.0.1/$port; } || return
  printf '%s %s %s %s %s\\n' "$question" "$agent" "$event" "\${parent:-$PPID}" "$(command -p readlink /proc/self/ns/pid)" >&$fd || return
  IFS= read -r -t 5 -u $fd said && [[ $said == "$answer" ]] || return

  # Node is faster with long ones.
  IFS= read -r -t 10 -N 32768 message && again
  printf '%s\\n%s' "\${#message}" "$message" >&$fd || again
  while IFS= read -r -t 8 -u $fd said; do
    [[ $said == . ]] && continue
    [[ $said =~ ^([0-9]{1,2})\\ ([0-9]{1,9})\\ ([0-9]{1,9})$ ]] || again
    hear "\${BASH_REMATCH[2]}" && stdout=$heard && hear "\${BASH_REMATCH[3]}" && stderr=$heard || again
    code=\${BASH_REMATCH[1]}
    return
  done
  again
}

# That many bytes of the answer, and no fewer.
hear() {
  heard=
  [[ $1 == 0 ]] || { IFS= read -r -t 10 -N "$1" -u $fd heard && [[ \${#heard} == "$1" ]]; }
}

line=${file} arguments=("$@") fd= code= message= stdout= stderr=
exec {errors}>&2 {rest}<&0
ask "$@" 2>/dev/null
exec {errors}>&- {rest}<&-
if [[ $code ]]; then
  printf %s "$stderr" >&2
  # Where nobody hears it, nobody heard a yes.
  printf %s "$stdout" || exit 2
  exit "$code"
fi
[[ -z $fd ]] || exec {fd}>&-`;
}
