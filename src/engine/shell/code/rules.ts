import type { Language } from '../inner.ts';

/** What a call of some name does. */
export type Effect =
  | 'start' // runs a program: a text for a shell, or a list of words
  | 'spawn' // a program and then its arguments, as a list or one by one
  | 'argv' // a program and then its arguments with its name first
  | 'code' // runs its text as code of the same language
  | 'hidden' // looks something up by a name that may be anything
  | 'delete'
  | 'deleteTree'
  | 'write'
  | 'read'
  | 'open' // reads or writes, as its second argument says
  | 'move'
  | 'copy'
  | 'network';

type Rules = readonly (readonly [RegExp, Effect])[];

/** A name with what stands before it: `os.system`, `.unlink` for a method of something unnamed. The first rule that fits counts. */
const rules: Readonly<Record<Language, Rules>> = {
  python: [
    [/(^|\.)(system|popen|getoutput|getstatusoutput|check_output|check_call|Popen|create_subprocess_shell)$/, 'start'],
    [/^(subprocess|sp|asyncio\.subprocess|subprocess\.\w+)\.(run|call)$|^(run|call)$/, 'start'],
    [/(^|\.)(create_subprocess_exec|pty\.spawn|pexpect\.spawn)$|^pty\.spawn$|^pexpect\.(run|spawn)$/, 'spawn'],
    [/(^|\.)(execl|execlp|execle|execlpe|execv|execve|execvp|execvpe)$/, 'argv'],
    [/(^|\.)(spawnl|spawnlp|spawnv|spawnvp|spawnle|spawnve|posix_spawnp?)$/, 'hidden'],
    [/^(builtins\.)?(exec|eval)$|^runpy\.run_\w+$/, 'code'],
    [/^(builtins\.)?(__import__|compile|getattr|globals|vars|locals)$|(^|\.)(import_module|__getattribute__)$/, 'hidden'],
    [/(^|\.)(rmtree|removedirs)$/, 'deleteTree'],
    [/(^|\.)(unlink|rmdir)$|^os\.remove$|^remove$/, 'delete'],
    [/(^|\.)(write_text|write_bytes|touch|truncate|symlink|link|chmod|chown|savetxt)$|^(os\.)?(makedirs|mkdir)$/, 'write'],
    [/(^|\.)(read_text|read_bytes|listdir|scandir|iterdir)$/, 'read'],
    [/^(io\.|codecs\.|gzip\.)?open$|^os\.open$/, 'open'],
    [/^(shutil\.move|os\.(rename|renames|replace)|move)$/, 'move'],
    [/^shutil\.(copy\w*)$/, 'copy'],
    [
      /^(requests|httpx|urllib3?|aiohttp|http|socket|ftplib|smtplib|paramiko|telnetlib|websockets?|boto3)\b|(^|\.)(urlopen|urlretrieve|create_connection)$/,
      'network',
    ],
  ],
  javascript: [
    [/(^|\.)(exec|execSync)$/, 'start'],
    [
      /(^|\.)(spawn|spawnSync|execFile|execFileSync|execa|execaSync|execaCommand|execaCommandSync|fork)$|^Deno\.(Command|run)$|^Bun\.spawn(Sync)?$/,
      'spawn',
    ],
    [/^(globalThis\.|window\.)?(eval|Function)$|(^|\.)(runInNewContext|runInThisContext|runInContext|constructor)$/, 'code'],
    [/^process\.binding$|^require$|^import$/, 'hidden'],
    [/(^|\.)(rm|rmSync|rmdir|rmdirSync|removeSync|emptyDirSync|emptyDir|rimraf|rimrafSync|removeSync|rf)$/, 'deleteTree'],
    [/(^|\.)(unlink|unlinkSync)$|^Deno\.remove(Sync)?$/, 'delete'],
    [
      /(^|\.)(writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile|outputFileSync|truncate|truncateSync|symlink|symlinkSync|chmodSync|chmod|writeTextFile|writeTextFileSync|mkdir|mkdirSync)$|^Bun\.write$/,
      'write',
    ],
    [/(^|\.)(readFile|readFileSync|createReadStream|readdir|readdirSync|readTextFile|readTextFileSync)$|^Bun\.file$/, 'read'],
    [/(^|\.)(rename|renameSync)$/, 'move'],
    [/(^|\.)(copyFile|copyFileSync|cp|cpSync)$/, 'copy'],
    [/^(fetch|axios|got|https?|net|tls|dgram|WebSocket|request|XMLHttpRequest)\b|(^|\.)(fetch|createConnection)$/, 'network'],
  ],
  perl: [
    [/^(CORE::)?(CORE::GLOBAL::)?system$|^exec$/, 'start'],
    [/^(CORE::)?(eval|do|require)$/, 'code'],
    [/^(File::Path::)?(rmtree|remove_tree)$/, 'deleteTree'],
    [/^(CORE::)?(unlink|rmdir)$/, 'delete'],
    [/^(open|sysopen|opendir)$/, 'open'],
    [/^(CORE::)?rename$|^(File::Copy::)?move$/, 'move'],
    [/^(File::Copy::)?copy$/, 'copy'],
    [/^(symlink|link|truncate|chmod|chown|mkdir)$/, 'write'],
    [/^(LWP|HTTP|IO::Socket|Net|Socket|WWW|Mojo)\b|^(getstore|socket|connect)$/, 'network'],
  ],
  ruby: [
    [/^(Kernel\.|Process\.)?(system|exec|spawn)$|^IO\.(popen|binread|read)$|^Open3\.\w+$|^PTY\.spawn$/, 'start'],
    [/^(Kernel\.)?(eval|instance_eval|class_eval|module_eval|load)$|\.(eval|instance_eval)$/, 'code'],
    [/\.(send|public_send|__send__)$|^(send|public_send|__send__|const_get|method)$/, 'hidden'],
    [/^FileUtils\.(rm_rf|rm_r|rmtree|remove_dir|remove_entry\w*|remove)$|^(rm_rf|rm_r)$|\.(rmtree)$/, 'deleteTree'],
    [/^(File|Dir|FileUtils)\.(delete|unlink|rmdir|rm|rm_f)$|\.(unlink)$/, 'delete'],
    [/^(File|IO|FileUtils)\.(write|binwrite|truncate|touch|symlink|ln_s|chmod|chmod_R|chown|mkdir|mkdir_p)$|^Dir\.mkdir$/, 'write'],
    [/^(File|IO|Dir)\.(readlines|foreach|entries|children|glob)$|^File\.read$/, 'read'],
    [/^(File\.(open|new)|open)$/, 'open'],
    [/^(File\.rename|FileUtils\.(mv|move))$/, 'move'],
    [/^FileUtils\.(cp|cp_r|copy|install)$/, 'copy'],
    [/^(Net::|URI\.open|TCPSocket|Socket|HTTParty|Faraday|RestClient|OpenURI|UDPSocket)/, 'network'],
  ],
  php: [
    [/^\\?(system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec)$/, 'start'],
    [/^\\?(eval|assert|create_function)$/, 'code'],
    [/^\\?(call_user_func|call_user_func_array|array_map|ReflectionFunction)$/, 'hidden'],
    [/^\\?(unlink|rmdir)$/, 'delete'],
    [/^\\?(file_put_contents|mkdir|touch|symlink|link|chmod|chown|move_uploaded_file)$/, 'write'],
    [/^\\?(file_get_contents|readfile|file|scandir|opendir|include|require)$/, 'read'],
    [/^\\?fopen$/, 'open'],
    [/^\\?rename$/, 'move'],
    [/^\\?copy$/, 'copy'],
    [/^\\?(curl_\w+|fsockopen|pfsockopen|stream_socket_client|mail|ftp_\w+|socket_\w+)$/, 'network'],
  ],
  lua: [
    [/^(os\.execute|io\.popen)$/, 'start'],
    [/^(load|loadstring|dofile|loadfile)$/, 'code'],
    [/^os\.remove$/, 'delete'],
    [/^os\.rename$/, 'move'],
    [/^io\.open$/, 'open'],
    [/^io\.(output)$/, 'write'],
    [/^io\.(lines|input)$/, 'read'],
    [/^socket\b/, 'network'],
  ],
  r: [
    [/^(base::)?(system|system2|shell|shell\.exec)$/, 'start'],
    [/^(eval|source|do\.call|match\.fun)$/, 'hidden'],
    [/^unlink$/, 'deleteTree'],
    [/^file\.remove$/, 'delete'],
    [/^(writeLines|write\.csv|saveRDS|sink)$/, 'write'],
    [/^(readLines|read\.csv|readRDS|scan)$/, 'read'],
    [/^(download\.file|url|curl)$/, 'network'],
  ],
  awk: [[/^system$/, 'start']],
  applescript: [],
  shell: [],
  powershell: [],
  other: [],
};

export function effectOf(name: string, language: Language): Effect | undefined {
  return rules[language].find(([pattern]) => pattern.test(name))?.[1];
}
