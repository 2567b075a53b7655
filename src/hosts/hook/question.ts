/** What an agent's hook asks, and who asks. */
export interface HookQuestion {
  readonly agent: string;
  readonly event?: string;
  readonly message: unknown;
  /** The agent that asks started us, through a shell at most: so it is for the hooks that we installed. */
  readonly isInstalled: boolean;
}

/** `AGENT [EVENT] [--installed]`, with the agent's message. */
export function questionOf(args: readonly string[], message: unknown): HookQuestion {
  const [agent, event] = args.filter((argument) => !argument.startsWith('-'));
  if (agent === undefined) throw new Error('no agent was named. Usage: hook AGENT [EVENT], with its message on stdin.');
  return { agent, message, isInstalled: args.includes('--installed'), ...(event === undefined ? {} : { event }) };
}

/** A prompt that Claude Code also posts to the governor. */
export function isPairedPrompt({ agent, isInstalled, event }: HookQuestion): boolean {
  return agent === 'claude-code' && isInstalled && event === 'UserPromptSubmit';
}
