/**
 * What showed that a session's calls are judged: its start came from its own hook; its client told that it
 * registered hooks like ours; a prompt, or a call, came on both of its ways; or a
 * person asked, and the same client, started once more in the same way, had a call refused.
 */
export type ProofBy = 'start' | 'hooks' | 'prompt' | 'call' | 'canary';

/** That this session is governed was seen at that moment; or what speaks against it, as a sentence. */
export type Proof = { readonly at: number; readonly by: ProofBy } | { readonly problem: string };
