// The names that package.json and the code share. test/hosts/extension/contributions.test.ts compares both ways.

export const container = 'countersign';

export const views = {
  approvals: 'countersign.approvals',
  sessions: 'countersign.sessions',
  policies: 'countersign.policies',
  mcpServers: 'countersign.mcpServers',
  activity: 'countersign.activity',
} as const;

/** The first five minutes, below our extension's name. */
export const walkthrough = 'countersign.start';

/** The editor asks it for our own MCP server. */
export const mcpProvider = 'countersign.mcp';

/** The Testing view calls our tests by it. */
export const testController = 'countersign.policyTests';

/** Editors of ours: what the window calls them when it brings them back. */
export const editors = {
  activity: 'countersign.activityEditor',
  sessionPage: 'countersign.sessionPage',
  spend: 'countersign.spendEditor',
  replay: 'countersign.replay',
  tryCall: 'countersign.tryCallEditor',
} as const;

export const commands = {
  approve: 'countersign.approve',
  deny: 'countersign.deny',
  showApprovals: 'countersign.showApprovals',
  openActivity: 'countersign.openActivity',
  killSession: 'countersign.killSession',
  proveSession: 'countersign.proveSession',
  killAllSessions: 'countersign.killAllSessions',
  pauseSession: 'countersign.pauseSession',
  resumeSession: 'countersign.resumeSession',
  pauseAllSessions: 'countersign.pauseAllSessions',
  resumeAllSessions: 'countersign.resumeAllSessions',
  closeIncidents: 'countersign.closeIncidents',
  fixProblem: 'countersign.fixProblem',
  reviveSession: 'countersign.reviveSession',
  openSessionActivity: 'countersign.openSessionActivity',
  openSessionFolder: 'countersign.openSessionFolder',
  copySessionId: 'countersign.copySessionId',
  resetBreakers: 'countersign.resetBreakers',
  installClaudeCode: 'countersign.installClaudeCode',
  installManaged: 'countersign.installManaged',
  uninstallClaudeCode: 'countersign.uninstallClaudeCode',
  openUserPolicies: 'countersign.openUserPolicies',
  createWorkspacePolicy: 'countersign.createWorkspacePolicy',
  addPolicyPack: 'countersign.addPolicyPack',
  insertPolicySnippet: 'countersign.insertPolicySnippet',
  openWalkthrough: 'countersign.openWalkthrough',
  trustWorkspacePolicy: 'countersign.trustWorkspacePolicy',
  comparePolicy: 'countersign.comparePolicy',
  showPolicies: 'countersign.showPolicies',
  openPolicy: 'countersign.openPolicy',
  revealPolicy: 'countersign.revealPolicy',
  observePolicy: 'countersign.observePolicy',
  enforcePolicy: 'countersign.enforcePolicy',
  observeCalls: 'countersign.observeCalls',
  enforceCalls: 'countersign.enforceCalls',
  openSpend: 'countersign.openSpend',
  showLog: 'countersign.showLog',
  restartGovernor: 'countersign.restartGovernor',
  reviewByModel: 'countersign.reviewByModel',
  replayPolicies: 'countersign.replayPolicies',
  tryCall: 'countersign.tryCall',
  openMcpEntry: 'countersign.openMcpEntry',
  wrapMcpServers: 'countersign.wrapMcpServers',
  wrapMcpServer: 'countersign.wrapMcpServer',
  unwrapMcpServer: 'countersign.unwrapMcpServer',
  answerMcpTool: 'countersign.answerMcpTool',
  refreshMcpServers: 'countersign.refreshMcpServers',
} as const;

/** Below `countersign.`. */
export const settings = {
  home: 'home',
  notifications: 'notifications',
  statusBar: 'statusBar',
  statusBarCost: 'statusBarCost',
  codeLens: 'codeLens',
  policyFiles: 'policyFiles',
  governVsCodeChat: 'governVsCodeChat',
  offerMcpServer: 'offerMcpServer',
} as const;

/** Context keys that `when` clauses in package.json use. */
export const contexts = {
  governed: 'countersign.governed',
  paused: 'countersign.paused',
  /** A decision is in the log; a person has answered one. */
  decided: 'countersign.decided',
  answered: 'countersign.answered',
  observing: 'countersign.observing',
} as const;

/** What `viewItem` is for a session in the tree. */
export const sessionItems = {
  live: 'session.live',
  paused: 'session.paused',
  ungoverned: 'session.ungoverned',
  killed: 'session.killed',
  ended: 'session.ended',
} as const;

/** What `viewItem` is for a line of the Policies view. */
export const policyItems = {
  observed: 'policies.observed',
  file: 'policy.file',
  trusted: 'policy.file.trusted',
  untrusted: 'policy.file.untrusted',
  changed: 'policy.file.changed',
  enforcing: 'policy.enforcing',
  observing: 'policy.observing',
} as const;

/** What `viewItem` is for a line of the MCP Servers view. */
export const mcpItems = {
  /** An entry of a configuration: behind the gateway; not behind it; where it cannot be. */
  wrapped: 'mcp.wrapped',
  direct: 'mcp.direct',
  remote: 'mcp.remote',
  /** A definition that waits for a person. */
  waiting: 'mcp.waiting',
} as const;
