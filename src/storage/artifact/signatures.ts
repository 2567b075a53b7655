import type { SignerSource } from '../../engine/artifact/schema-parts.ts';
import { sshNamespace, sshSigner } from '../../engine/artifact/ssh-signature.ts';
import type { Signed, Source } from '../../engine/artifact/start.ts';
import { isAllowedSigner } from './allowed-signers.ts';
import { allowedSigners, keptSignatures, trustedRoot, type KeptFile } from './evidence.ts';
import { signedThing, type SignedThing } from './signed-thing.ts';

export interface Asked {
  /** Of our home. */
  readonly root: string;
  readonly source: Source;
  readonly signedBy: readonly SignerSource[];
  readonly time: number;
}

/** Whether any of those signed it, by the signatures that are kept for it. Without the network; whatever is wrong with one, it counts for nothing. */
export async function checkSignatures({ root, source, signedBy, time }: Asked): Promise<Signed> {
  const thing = signedThing(source);
  if (thing === undefined) return { ok: false, why: 'there is nothing of it here that a signature could be about' };
  const files = keptSignatures(root, source);
  if (files.length === 0)
    return { ok: false, why: 'nobody’s signature of it is kept here ("countersign mcp evidence" says how one is added)' };
  const faults: string[] = [];
  for (const signer of signedBy)
    for (const file of files) {
      const found = await attempt(file, signer, { root, thing, time });
      if (found.ok) return found;
      if (found.why !== '') faults.push(`${file.name}: ${found.why}`);
    }
  return {
    ok: false,
    why: `none of those who must sign it did (${[...new Set(faults)].slice(0, 3).join('; ') || 'no signature of that kind'})`,
  };
}

interface Around {
  readonly root: string;
  readonly thing: SignedThing;
  readonly time: number;
}

/** Without a reason where it is a signature of another kind. */
async function attempt({ name, text }: KeptFile, signer: SignerSource, { root, thing, time }: Around): Promise<Signed> {
  try {
    if (signer.ssh !== undefined) {
      if (!name.endsWith('.sig')) return { ok: false, why: '' };
      const claim = { principal: signer.ssh, key: sshSigner(text, thing.message), namespace: sshNamespace, time };
      return isAllowedSigner(allowedSigners(root), claim)
        ? { ok: true, by: signer.ssh }
        : { ok: false, why: `its key is not one of ${signer.ssh} in the file of allowed signers` };
    }
    if (signer.sigstore === undefined || !name.endsWith('.json')) return { ok: false, why: '' };
    // Heavy, and needed only where a policy asks for it.
    const { sigstoreSigner } = await import('./sigstore.ts');
    return firstOf(bundlesIn(JSON.parse(text)), (bundle) => sigstoreSigner(bundle, trustedRoot(root), thing, signer.sigstore!));
  } catch (cause) {
    return { ok: false, why: messageOf(cause) };
  }
}

function firstOf(bundles: readonly unknown[], signerOf: (bundle: unknown) => string): Signed {
  let why = 'it holds no signature';
  for (const bundle of bundles)
    try {
      return { ok: true, by: signerOf(bundle) };
    } catch (cause) {
      why = messageOf(cause);
    }
  return { ok: false, why };
}

const most = 16;
/** A bundle, or what npm’s registry answers of a package’s attestations. */
function bundlesIn(json: unknown): readonly unknown[] {
  if (typeof json !== 'object' || json === null || !('attestations' in json) || !Array.isArray(json.attestations)) return [json];
  return json.attestations
    .slice(0, most)
    .map((one: unknown) => (typeof one === 'object' && one !== null && 'bundle' in one ? one.bundle : one));
}

function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, 300);
}
