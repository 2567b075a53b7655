import { join } from 'node:path';
import * as vscode from 'vscode';
import { ActivityEditor } from './activity-editor.ts';
import { ActivityPanel } from './activity-panel.ts';
import { AlertNotices } from './alert-notices.ts';
import { ApprovalsPanel } from './approvals-panel.ts';
import { registerBudgetNotices } from './budget-notices.ts';
import { registerAddPolicyPack } from './commands/add-policy-pack.ts';
import { registerApprove } from './commands/approve.ts';
import { registerCloseIncidents } from './commands/close-incidents.ts';
import { registerCopySessionId } from './commands/copy-session-id.ts';
import { registerCreateWorkspacePolicy } from './commands/create-workspace-policy.ts';
import { registerDeny } from './commands/deny.ts';
import { registerFixProblem } from './commands/fix-problem.ts';
import { registerInstallClaudeCode } from './commands/install-claude-code.ts';
import { registerInstallManaged } from './commands/install-managed.ts';
import { registerMcpServers } from './commands/mcp-servers.ts';
import { registerInsertPolicySnippet } from './commands/insert-policy-snippet.ts';
import { registerKillAllSessions } from './commands/kill-all-sessions.ts';
import { registerKillSession } from './commands/kill-session.ts';
import { registerOpenSessionActivity } from './commands/open-session-activity.ts';
import { registerOpenSessionFolder } from './commands/open-session-folder.ts';
import { registerOpenSpend } from './commands/open-spend.ts';
import { registerOpenActivity } from './commands/open-activity.ts';
import { registerObserveCalls } from './commands/observe-calls.ts';
import { registerOpenPolicy } from './commands/open-policy.ts';
import { registerOpenUserPolicies } from './commands/open-user-policies.ts';
import { registerOpenWalkthrough } from './commands/open-walkthrough.ts';
import { registerPauseSessions } from './commands/pause-sessions.ts';
import { registerProveSession } from './commands/prove-session.ts';
import { registerResetBreakers } from './commands/reset-breakers.ts';
import { registerReplayPolicies } from './commands/replay-policies.ts';
import { registerRestartGovernor } from './commands/restart-governor.ts';
import { registerReviewByModel } from './commands/review-by-model.ts';
import { registerReviveSession } from './commands/revive-session.ts';
import { registerSetPolicyMode } from './commands/set-policy-mode.ts';
import { registerShowApprovals } from './commands/show-approvals.ts';
import { registerShowPolicies } from './commands/show-policies.ts';
import { registerShowLog } from './commands/show-log.ts';
import { registerTryCall } from './commands/try-call.ts';
import { registerTrustWorkspacePolicy } from './commands/trust-workspace-policy.ts';
import { registerUninstallClaudeCode } from './commands/uninstall-claude-code.ts';
import { registerWrapMcpServers } from './commands/wrap-mcp-servers.ts';
import { askPrice } from './ask-price.ts';
import { runCli } from './cli.ts';
import { registerChatHooks } from './chat-hooks.ts';
import { Connection } from './connection.ts';
import { contexts, views } from './contributions.ts';
import { EntryActions } from './entry-actions.ts';
import { FalsePositives } from './false-positives.ts';
import { FromNowOn } from './from-now-on.ts';
import { FixFile } from './fix-file.ts';
import { Hooks } from './hooks.ts';
import { InstalledHooks } from './installed-hooks.ts';
import { Progress } from './progress.ts';
import { RuleLenses } from './lenses/rule-lenses.ts';
import { policyDeskLoader } from './load-policy-desk.ts';
import { ruleDeskLoader } from './load-rule-desk.ts';
import { languageDeskLoader } from './load-language-desk.ts';
import { registerPolicyLanguage } from './language/register.ts';
import { registerReviews } from './language-model.ts';
import { lineOpener } from './line.ts';
import { McpView } from './mcp-tree.ts';
import { registerMcpProvider } from './mcp-provider.ts';
import { Notifications } from './notifications.ts';
import { OwnPolicies } from './own-policies.ts';
import { EditedPolicies } from './language/edited-policies.ts';
import { PoliciesView } from './policies-tree.ts';
import { PolicyNews } from './policy-news.ts';
import { PolicyVersions } from './policy-versions.ts';
import { ReplayPanel } from './replay-panel.ts';
import { ReplayProcess } from './replay-process.ts';
import { SessionPages } from './session-pages.ts';
import { registerSessionsTree } from './sessions-tree.ts';
import { ShowChange } from './show-change.ts';
import { environmentOf, homeFolder, registerHome } from './state-folder.ts';
import { registerSpendItem } from './spend-item.ts';
import { SpendPanel } from './spend-panel.ts';
import { registerStatusItem } from './status-item.ts';
import { PolicyTesting } from './testing/policy-testing.ts';
import { ExplainProcess } from './try/explain-process.ts';
import { TryPanel } from './try/try-panel.ts';
import { registerWindowState, windowState } from './window-state.ts';

/** Returns before the governor is reached: what needs it appears when it is. */
export function activate(context: vscode.ExtensionContext): void {
  const began = performance.now();
  const log = vscode.window.createOutputChannel('Countersign', { log: true });
  const environment = environmentOf(vscode.workspace.getConfiguration('countersign'));
  const program = (name: string): string => join(context.extensionPath, 'dist', name);
  const cli = async (args: readonly string[], cwd?: string) => runCli(program('cli.mjs'), args, environment, cwd);

  const open = lineOpener({
    environment,
    serve: program('serve.mjs'),
    version: versionOf(context),
    window: windowState,
    note: (note) => log.warn(note),
  });

  const connection = new Connection(open, (message) => log.info(message));
  const showChange = new ShowChange();
  const installed = new InstalledHooks(environment);
  const activity = new ActivityPanel(context.extensionUri, connection, log);
  const setPrice = async (model: string): Promise<boolean> => askPrice(environment, model);
  const spend = new SpendPanel({ extension: context.extensionUri, connection, log, setPrice });
  const hooks = new Hooks(cli, installed, log);
  const userPolicies = join(homeFolder(environment), 'policies');
  const ruleDesk = ruleDeskLoader(program('rule-desk.mjs'));
  const policyDesk = policyDeskLoader(program('policy-desk.mjs'));
  const documents = new EditedPolicies(userPolicies);
  const ownPolicies = new OwnPolicies(documents, userPolicies);
  const languageDesk = languageDeskLoader(program('language-desk.mjs'), join(context.extensionPath, 'policies'));
  const replay = new ReplayProcess(program('cli.mjs'), environment);
  const fromNowOn = new FromNowOn(userPolicies, ruleDesk, replay);
  const inbox = new ApprovalsPanel({ extension: context.extensionUri, connection, showChange, fromNowOn, hooks: installed, log });
  const actions = new EntryActions({
    connection,
    fromNowOn,
    falsePositives: new FalsePositives(userPolicies, ruleDesk),
    sessionPages: new SessionPages(cli),
    ruleDesk,
  });
  const policies = new PoliciesView(connection);
  const mcp = new McpView(connection, cli);
  const versions = new PolicyVersions({ connection, showChange, changed: () => policies.refresh() });
  const activityEditor = new ActivityEditor({ extension: context.extensionUri, connection, actions, log });
  const replayPanel = new ReplayPanel({ extension: context.extensionUri, log, openEntry: activityEditor.openEntry });
  const tryPanel = new TryPanel({
    extension: context.extensionUri,
    connection,
    documents,
    process: new ExplainProcess(program('cli.mjs'), environment),
    openEntry: activityEditor.openEntry,
    log,
  });

  context.subscriptions.push(
    log,
    connection,
    showChange,
    registerGovernedContext(connection),
    registerHome(context, environment),
    registerWindowState(connection, log),
    registerChatHooks(environment, cli),
    registerMcpProvider(environment, program('mcp-gateway.mjs'), versionOf(context)),
    registerStatusItem(connection, installed),
    registerHookCheck(connection, installed, log),
    registerSpendItem(connection),
    registerSessionsTree(connection),
    policies,
    mcp,
    new PolicyNews(connection, versions),
    spend,
    vscode.window.registerWebviewViewProvider(views.approvals, inbox),
    vscode.window.registerWebviewViewProvider(views.activity, activity),
    activityEditor,
    registerOpenActivity(activityEditor),
    new Notifications(connection, async (id) => inbox.focus(id)),
    new AlertNotices(connection, activityEditor.openEntry),
    registerBudgetNotices(connection, async () => inbox.focus()),
    registerApprove(inbox),
    registerDeny(inbox),
    registerShowApprovals(inbox),
    registerOpenSpend(spend),
    registerKillSession(connection),
    registerKillAllSessions(connection, cli),
    registerProveSession(connection, cli),
    registerPauseSessions(connection),
    registerReviveSession(connection),
    registerOpenSessionActivity(connection),
    registerOpenSessionFolder(connection),
    registerCopySessionId(connection),
    registerResetBreakers(connection),
    registerCloseIncidents(connection),
    registerInstallClaudeCode(hooks),
    registerInstallManaged(hooks),
    registerFixProblem(connection, new FixFile(showChange), hooks),
    registerUninstallClaudeCode(hooks),
    registerPolicyLanguage({ desk: languageDesk, userPolicies, connection, log }),
    registerOpenUserPolicies(userPolicies),
    ownPolicies,
    new RuleLenses({ documents, desk: policyDesk, connection, log }),
    new PolicyTesting({ policies: ownPolicies, desk: policyDesk, log }),
    registerCreateWorkspacePolicy(),
    registerAddPolicyPack(ownPolicies, userPolicies, policyDesk),
    registerInsertPolicySnippet(documents, userPolicies, policyDesk),
    registerOpenWalkthrough(context.extension.id, new Progress(connection)),
    registerTrustWorkspacePolicy(cli, versions),
    replayPanel,
    tryPanel,
    registerTryCall(tryPanel),
    registerReplayPolicies({ documents, process: replay, panel: replayPanel }),
    registerShowPolicies(),
    registerMcpServers({ cli, connection, refresh: () => mcp.refresh() }),
    registerWrapMcpServers({ cli, entries: () => mcp.entries(), refresh: () => mcp.refresh() }),
    registerOpenPolicy(),
    registerSetPolicyMode(ruleDesk),
    registerObserveCalls(connection),
    registerShowLog(log),
    registerRestartGovernor(connection, log),
    registerReviews(context, connection, log),
    registerReviewByModel(environment),
  );
  // The first attempt starts after activation has returned.
  setImmediate(() => void connection.run());
  log.info(`Activated in ${(performance.now() - began).toFixed(1)} ms.`);
}

function registerGovernedContext(connection: Connection): vscode.Disposable {
  const tell = (): void => {
    void vscode.commands.executeCommand('setContext', contexts.governed, connection.link.state === 'governed');
    void vscode.commands.executeCommand('setContext', contexts.paused, connection.snapshot?.status.paused !== undefined);
    void vscode.commands.executeCommand('setContext', contexts.observing, connection.snapshot?.status.observing !== undefined);
  };
  connection.events.on('change', tell);
  tell();
  return { dispose: () => undefined };
}

/** Someone may have installed or removed the hooks elsewhere: looked at again with every connection and whenever the window is used again. */
function registerHookCheck(connection: Connection, installed: InstalledHooks, log: vscode.LogOutputChannel): vscode.Disposable {
  const check = (): void =>
    void installed.check().catch((cause: unknown) => log.warn(`Claude Code’s settings could not be read: ${String(cause)}`));
  connection.events.on('reset', check);
  return vscode.window.onDidChangeWindowState(({ focused }) => focused && check());
}

function versionOf({ extension }: vscode.ExtensionContext): string {
  const manifest: { readonly version?: unknown } = extension.packageJSON;
  return typeof manifest.version === 'string' ? manifest.version : 'unknown';
}
