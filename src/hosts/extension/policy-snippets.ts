/** A piece of a policy with places to fill in, in the editor's snippet syntax. */
export interface PolicySnippet {
  readonly label: string;
  readonly detail: string;
  /** A rule goes into a list of rules; a document stands by itself. */
  readonly kind: 'rule' | 'document';
  readonly lines: readonly string[];
}

/** What people write most. Every one is valid with its examples as they stand (tested). */
export const policySnippets: readonly PolicySnippet[] = [
  {
    label: 'Ask before a command',
    detail: 'A person confirms each time',
    kind: 'rule',
    lines: [
      '- name: ${1:releases-need-a-person}',
      '  commands: ["${2:npm publish}"]',
      '  action: require_approval',
      '  message: ${3:A person makes releases.}',
      '  approval: {timeout: ${4:10m}}',
      '  tests:',
      '    require_approval: ["${2:npm publish}"]',
      '    pass: ["${5:npm test}"]',
    ],
  },
  {
    label: 'Deny a command',
    detail: 'The agent reads the message: say what to do instead',
    kind: 'rule',
    lines: [
      '- name: ${1:no-force-push}',
      '  commands: ["${2:git push --force}", "${3:git push -f}"]',
      '  action: deny',
      '  message: ${4:Make a new commit instead.}',
      '  tests:',
      '    deny: ["${2:git push --force}"]',
      '    pass: ["${5:git push}"]',
    ],
  },
  {
    label: 'Deny a command, except on some branches',
    detail: 'A condition in CEL',
    kind: 'rule',
    lines: [
      '- name: ${1:no-commits-on-main}',
      '  commands: ["${2:git commit}"]',
      '  conditions:',
      '    - cel: \'request.workspace.branch in ["${3:main}"]\'',
      '  action: deny',
      '  message: ${4:Make a branch first.}',
      '  tests:',
      '    deny: [{command: "${2:git commit}", workspace: {branch: ${3:main}}}]',
      '    pass: [{command: "${2:git commit}", workspace: {branch: fix/parser}}]',
    ],
  },
  {
    label: 'Ask before files are changed',
    detail: 'By any tool or command',
    kind: 'rule',
    lines: [
      '- name: ${1:pipelines-need-a-look}',
      '  paths:',
      '    write: ["${2:**/.github/workflows/**}"]',
      '  action: require_approval',
      '  message: ${3:A change of the pipeline needs a look.}',
    ],
  },
  {
    label: 'Keep files from being read',
    detail: 'By any tool or command',
    kind: 'rule',
    lines: [
      '- name: ${1:no-customer-data}',
      '  paths:',
      '    any: ["${2:**/customer-data/**}"]',
      '  action: deny',
      '  message: ${3:Use the sample data instead.}',
    ],
  },
  {
    label: 'Ask before other hosts are contacted',
    detail: 'All hosts but those that are listed',
    kind: 'rule',
    lines: [
      '- name: ${1:other-hosts}',
      '  tools: [fetch, shell]',
      '  conditions:',
      '    - cel: \'request.domains.exists(host, !(host in ["${2:api.example.com}"]))\'',
      '  action: require_approval',
      '  message: ${3:A person confirms hosts that we do not know.}',
    ],
  },
  {
    label: 'Ask before a tool of an MCP server',
    detail: 'By server/tool',
    kind: 'rule',
    lines: [
      '- name: ${1:merges-need-a-person}',
      '  tools: ["${2:github}/${3:merge_pull_request}"]',
      '  action: require_approval',
      '  message: ${4:A person merges.}',
    ],
  },
  {
    label: 'Allow a command, so often',
    detail: 'Past the limit it asks',
    kind: 'rule',
    lines: [
      '- name: ${1:tests-are-fine}',
      '  commands: ["${2:npm test}"]',
      '  action: allow',
      '  rateLimit: {calls: ${3:10}, per: ${4:1m}}',
      '  onLimit: require_approval',
    ],
  },
  {
    label: 'Budget',
    detail: 'Limits of cost and calls, and a circuit breaker',
    kind: 'document',
    lines: [
      'apiVersion: countersign.dev/v1',
      'kind: BudgetPolicy',
      'metadata:',
      '  name: ${1:daily-spend}',
      'spec:',
      '  limits:',
      '    - {per: session, costUsd: ${2:5}, onLimit: require_approval, alertAt: [50%, 80%]}',
      '    - {per: session, calls: ${3:400}, onLimit: require_approval}',
      '  loop: {sameCall: ${4:5}, within: 2m, onLimit: require_approval}',
    ],
  },
  {
    label: 'Guardrail',
    detail: 'Takes secrets out, and keeps words of your own in',
    kind: 'document',
    lines: [
      'apiVersion: countersign.dev/v1',
      'kind: GuardrailPolicy',
      'metadata:',
      '  name: ${1:our-words}',
      'spec:',
      '  detect:',
      '    - {type: secret, action: redact}',
      '    - {type: keyword, name: ${2:bluebird}, words: [${3:Project Bluebird}], action: ${4:deny}}',
      '  tests:',
      '    - {prompt: "About ${3:Project Bluebird}", expect: ${4:deny}, kinds: [${2:bluebird}]}',
      '    - {prompt: "About ${5:birds}", expect: pass}',
    ],
  },
  {
    label: 'Policy for one MCP server',
    detail: 'It may look; everything else asks',
    kind: 'document',
    lines: [
      'apiVersion: countersign.dev/v1',
      'kind: ToolPolicy',
      'metadata:',
      '  name: ${1:tickets}',
      'spec:',
      '  mcpServer: ${2:tickets}',
      '  defaultAction: require_approval',
      '  rules:',
      '    - name: looking',
      '      tools: [${3:"get_*", "list_*", "search_*"}]',
      '      action: allow',
    ],
  },
];

/** Before a rule where no policy has a list for it. */
const head = ['apiVersion: countersign.dev/v1', 'kind: ToolPolicy', 'metadata:', '  name: ${9:my-rules}', 'spec:', '  rules:'];

/** The snippet's text, ready to be put in: indented for the list it goes to, or as a policy of its own. */
export function snippetText({ kind, lines }: PolicySnippet, indent: string | undefined): string {
  const own = kind === 'document' ? lines : [...head, ...lines.map((line) => `    ${line}`)];
  const text = indent !== undefined && kind === 'rule' ? lines.map((line) => indent + line) : own;
  return `${text.join('\n')}\n`;
}
