/** Programs that contact other machines in their ordinary use. */
export const networkPrograms: ReadonlySet<string> = new Set([
  'curl', 'wget', 'nc', 'ncat', 'netcat', 'socat', 'telnet', 'ssh', 'scp', 'sftp', 'rsync', 'ftp', 'git', 'gh', 'glab', 'npm', 'npx', 'pnpm', 'yarn', 'bun',
  'pip', 'pip3', 'pipx', 'uv', 'cargo', 'go', 'gem', 'brew', 'apt', 'apt-get', 'dnf', 'yum', 'apk', 'docker', 'podman', 'kubectl', 'helm', 'terraform', 'aws', 'gcloud', 'az',
  'ping', 'dig', 'nslookup', 'host', 'http', 'https', 'aria2c', 'lynx', 'w3m', 'openssl', 'mail', 'sendmail',
]);

/** Programs that run what they read from standard input. */
export const interpreters: ReadonlySet<string> = new Set([
  'sh', 'bash', 'zsh', 'dash', 'ksh', 'ash', 'fish', 'python', 'python2', 'python3', 'perl', 'ruby', 'node', 'nodejs', 'deno', 'bun', 'php', 'lua', 'osascript', 'pwsh', 'powershell', 'tclsh', 'Rscript',
]);

const dangerous = new Set(['PATH', 'BASH_ENV', 'ENV', 'IFS', 'PAGER', 'EDITOR', 'VISUAL', 'NODE_OPTIONS', 'PYTHONPATH', 'PYTHONSTARTUP', 'PERL5OPT', 'PERL5LIB', 'RUBYOPT', 'SHELL', 'PROMPT_COMMAND', 'PS4', 'CDPATH', 'HOME', 'COUNTERSIGN_HOME']);

/** Whether setting a variable can make a program run something else than its name says. */
export function isDangerousVariable(name: string): boolean {
  return dangerous.has(name) || /^(LD|DYLD|GIT|NPM_CONFIG|npm_config|BASH_FUNC)_/.test(name);
}
