/** What single values mean, by the field that they stand in. */
export function valueHelp(field: string, value: string): string | undefined {
  return help[field]?.[value];
}

const actions: Readonly<Record<string, string>> = {
  allow: 'No objection. The agent’s own permissions still apply, unless the rule says "autoApprove: true".',
  deny: 'The call does not run, and the agent is told why.',
  require_approval: 'A person decides, in the inbox; until then the call waits.',
  abstain: 'No opinion: other rules and policies decide.',
};
const limitActions: Readonly<Record<string, string>> = {
  alert: 'People are told; calls go on.',
  require_approval: 'A person decides about each further call, and may raise the limit.',
  deny: 'Further calls do not run.',
  kill: 'The session is ended.',
};

const help: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  action: actions,
  defaultAction: actions,
  onLimit: { ...limitActions, ...actions },
  mode: {
    enforce: 'What the policy decides is done.',
    observe: 'What the policy would decide is recorded, and nothing is done.',
  },
  kind: {
    ToolPolicy: 'Which tool calls may run.',
    BudgetPolicy: 'How much agents may use.',
    GuardrailPolicy: 'What text may go in and out.',
    ArtifactPolicy: 'Which MCP servers may start.',
  },
  unknownPrograms: {
    match: 'A command whose program is unknown matches the patterns of rules that deny or ask.',
    ignore: 'A command whose program is wholly unknown matches no pattern.',
  },
  onUngoverned: {
    alert: 'An incident in the log, and a problem in the editor.',
    kill: 'The same, and the session is ended.',
  },
  onTimeout: {
    deny: 'The call does not run.',
    abstain: 'The rule has no opinion then; others decide.',
  },
  reason: {
    required: 'Whoever answers has to say why.',
    optional: 'Whoever answers may say why.',
  },
  autoApprove: {
    true: 'The agent’s own prompt is answered with yes. In a workspace’s file this counts only once you have trusted that file.',
    false: 'The agent’s own permissions still apply.',
  },
};
