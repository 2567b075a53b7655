import { isStricter, type ApprovalTerms, type Decision } from '../decision.ts';

/** The one decision that two amount to, as if their rules had been judged at once: the stricter counts, equals speak together. */
export function together(a: Decision, b: Decision): Decision {
  const both = { observed: [...a.observed, ...b.observed], redact: [...new Set([...a.redact, ...b.redact])] };
  const decided = a.mode === b.mode ? equalModes(a, b) : enforcing(a, b);
  const enforced = decided.mode === 'enforce';
  const counted = enforced && decided.action === 'deny' ? [] : [...new Set([...a.counted, ...b.counted])];
  return { ...decided, ...both, counted };
}

/** What only watches has a say where the other has none. */
function enforcing(a: Decision, b: Decision): Decision {
  const [enforced, observed] = a.mode === 'enforce' ? [a, b] : [b, a];
  return enforced.action === 'abstain' ? observed : enforced;
}

function equalModes(a: Decision, b: Decision): Decision {
  if (isStricter(a.action, b.action)) return a;
  if (isStricter(b.action, a.action)) return b;
  const terms = a.approval !== undefined && b.approval !== undefined ? { approval: strictest(a.approval, b.approval) } : {};
  const reason = [...new Set([a.reason, b.reason])].filter((text) => text !== '').join(' ');
  return { ...a, ...b, reason, rules: [...a.rules, ...b.rules], autoApprove: a.autoApprove || b.autoApprove, ...terms };
}

function strictest(a: ApprovalTerms, b: ApprovalTerms): ApprovalTerms {
  return {
    timeoutMs: Math.min(a.timeoutMs, b.timeoutMs),
    onTimeout: a.onTimeout === 'abstain' && b.onTimeout === 'abstain' ? 'abstain' : 'deny',
    approvers: [...new Set([...a.approvers, ...b.approvers])],
    reason: a.reason === 'required' || b.reason === 'required' ? 'required' : 'optional',
  };
}
