/**
 * What the arguments of Claude Code's tools are called, by the canonical names of the tools (from the client's own `sdk-tools.d.ts`, 2.1.329,
 * with those of older tools of the same sort). A tool that is not here may have any.
 */
export function toolArguments(tool: string): readonly string[] | undefined {
  return names.get(tool);
}

const names: ReadonlyMap<string, readonly string[]> = new Map(
  [
    // Bash, PowerShell and Monitor.
    ['shell', 'command timeout description run_in_background dangerouslyDisableSandbox timeout_ms persistent ws'],
    ['read', 'file_path offset limit pages allow_large notebook_path cell_id'],
    ['write', 'file_path content'],
    // Edit and MultiEdit.
    ['edit', 'file_path old_string new_string replace_all edits'],
    ['notebook_edit', 'notebook_path cell_id new_source cell_type edit_mode'],
    // Glob and LS.
    ['glob', 'pattern path ignore'],
    ['grep', 'pattern path glob output_mode -B -A -C context -n -i -o type head_limit offset multiline'],
    ['fetch', 'url prompt offset'],
    ['web_search', 'query allowed_domains blocked_domains'],
  ].map(([tool = '', list = '']) => [tool, list.split(' ')]),
);
