const systemNames: ReadonlySet<string> = new Set(
  (
    'bin boot cores dev etc home lib lib32 lib64 libx32 lost+found media mnt nix opt private proc root run sbin snap srv sys system usr var ' +
    'applications library network users volumes efi'
  ).split(' '),
);

/** A folder of the machine right below `/`; macOS does not tell case apart. */
export function isSystemName(name: string): boolean {
  return systemNames.has(name.toLowerCase()) || name.includes('*') || name.includes('?') || name.includes('[');
}

const windowsSystemNames =
  /^(windows|winnt|program files( \(x86\))?|progra~\d|programdata|users|docume~1|documents and settings|boot|recovery|efi|perflogs|\$recycle\.bin|system volume information|.*[*?].*)$/i;

/** A folder of the machine right below a drive. */
export function isWindowsSystemName(name: string): boolean {
  return windowsSystemNames.test(name);
}

const generatedFolders: ReadonlySet<string> = new Set(
  (
    'node_modules bower_components jspm_packages dist build out target obj .next .nuxt .output .svelte-kit .turbo .parcel-cache .angular .vite .astro ' +
    '.vercel .netlify .wrangler .serverless .aws-sam coverage .nyc_output htmlcov __pycache__ .pytest_cache .mypy_cache .ruff_cache .tox .nox .eggs ' +
    '.hypothesis .ipynb_checkpoints .venv venv .cache .gradle .kotlin DerivedData Pods .dart_tool .terraform .terragrunt-cache .yarn tmp .tmp temp ' +
    'logs storybook-static test-results playwright-report cmake-build-debug cmake-build-release CMakeFiles _build .stack-work dist-newstyle elm-stuff ' +
    '.bundle .docusaurus .jekyll-cache _site .sass-cache .eslintcache .stylelintcache .coverage .DS_Store .rpt2_cache .vscode-test .zig-cache zig-out bazel-bin bazel-out'
  ).split(' '),
);
const generatedFiles =
  /(\.(py[cod]|o|obj|a|so|dylib|dll|class|log|tmp|temp|swp|swo|tsbuildinfo|gcda|gcno|lcov|pid|cache|rlib|rmeta|d\.ts\.map|js\.map)|\.egg-info|~|\.log\.\d+)$/;

/** Whether names below the workspace lead into something that is built, cached or downloaded again. */
export function isGenerated(names: readonly string[]): boolean {
  return names.some((name) => generatedFolders.has(name)) || generatedFiles.test(names.at(-1) ?? '');
}
