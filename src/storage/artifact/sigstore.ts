import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, VerificationError, Verifier } from '@sigstore/verify';
import * as z from 'zod/mini';
import { otherBuild, type BuildIdentity, type WantedBuild } from '../../engine/artifact/build-identity.ts';
import publicRoot from './sigstore-root.json' with { type: 'json' };
import type { SignedThing } from './signed-thing.ts';

/** Extensions of Sigstore's certificates: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md */
const sourceRepository = '1.3.6.1.4.1.57264.1.12';
const inToto = 'application/vnd.in-toto+json';

/**
 * Who built it, as this bundle proves: certificate, transparency log, signature and the digest of what was built. Nothing is asked of the
 * network; without a trusted root it rests on that of the public Sigstore. Throws, with the reason, where it proves nothing.
 */
export function sigstoreSigner(bundleJson: unknown, trustedRoot: string | undefined, thing: SignedThing, wanted: WantedBuild): string {
  const bundle = proven(() => bundleFromJSON(bundleJson));
  const statement = bundle.content.$case === 'dsseEnvelope' ? bundle.content.dsseEnvelope : undefined;
  if (statement === undefined && thing.content === undefined) throw new Error('it signs a file, and this is none');
  const trust = toTrustMaterial(TrustedRoot.fromJSON(trustedRoot === undefined ? publicRoot : JSON.parse(trustedRoot)));
  const { identity } = proven(() => new Verifier(trust, thresholds).verify(toSignedEntity(bundle, thing.content)));
  if (statement !== undefined) sameBytes(statement.payloadType, statement.payload, thing);
  const source = identity?.oids?.find(({ oid }) => oid?.id.join('.') === sourceRepository)?.value;
  const build: BuildIdentity = {
    ...(identity?.extensions?.issuer === undefined ? {} : { issuer: identity.extensions.issuer }),
    ...(identity?.subjectAlternativeName === undefined ? {} : { workflow: identity.subjectAlternativeName }),
    ...(source === undefined ? {} : { source: utf8String(source) }),
  };
  const other = otherBuild(build, wanted);
  if (other !== undefined) throw new Error(other);
  const file = build.workflow?.split('@')[0]?.split('/').at(-1) ?? '';
  return `a build of ${wanted.repository} (${file})`;
}

/** Each has to be there once at least, whatever the library's defaults become. */
const thresholds = { ctlogThreshold: 1, tlogThreshold: 1, timestampThreshold: 1 };

const sentences: Readonly<Record<VerificationError['code'], string>> = {
  TIMESTAMP_ERROR: 'nothing that holds says when it was signed',
  CERTIFICATE_ERROR: 'its certificate is not of the trusted authority and its log, or not of the time of signing',
  PUBLIC_KEY_ERROR: 'it was signed with a key that nobody vouches for',
  SIGNATURE_ERROR: 'its signature is not one of what it holds',
  TLOG_ERROR: 'it is not in the transparency log',
  TLOG_MISSING_INCLUSION_ERROR: 'it is not in the transparency log',
  TLOG_BODY_ERROR: 'its entry in the transparency log is about something else',
  TLOG_INCLUSION_PROOF_ERROR: 'its entry in the transparency log is not proven',
  TLOG_INCLUSION_PROMISE_ERROR: 'its entry in the transparency log is not proven',
  NOT_IMPLEMENTED_ERROR: 'it is of a kind that is not verified here',
};

/** In a person's words; the library's stand behind them. */
function proven<T>(look: () => T): T {
  try {
    return look();
  } catch (cause) {
    const why = cause instanceof VerificationError ? sentences[cause.code] : 'it is not written like a bundle of Sigstore’s';
    throw new Error(`${why} (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
  }
}

const provenance = z.looseObject({
  // A statement that something is wrong with it would be one about the same bytes.
  predicateType: z.string().check(z.regex(/^https:\/\/slsa\.dev\/provenance\/v[\d.]+$/)),
  subject: z.array(z.looseObject({ digest: z.record(z.string(), z.string()) })),
});

function sameBytes(type: string, payload: Buffer, { digest: [algorithm, wanted] }: SignedThing): void {
  const read = type === inToto ? z.safeParse(provenance, JSON.parse(payload.toString('utf8'))) : undefined;
  if (read?.success !== true) throw new Error('what it signs does not say how something was built');
  if (!read.data.subject.some(({ digest }) => digest[algorithm] === wanted)) throw new Error('it is about other bytes');
}

/** DER: a tag, a length of one or two bytes, the text. */
function utf8String(der: Buffer): string {
  const start = der[1] === 0x81 ? 3 : 2;
  if (der[0] !== 0x0c || der[start - 1] !== der.length - start) throw new Error('its certificate names a source that cannot be read');
  return der.subarray(start).toString('utf8');
}
