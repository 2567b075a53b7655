import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { initializeCA, initializeCTLog, initializeTLog, initializeTSA } from '@sigstore/mock';
import * as z from 'zod/mini';

const answer = z.object({
  body: z.string(),
  integratedTime: z.number(),
  logID: z.string(),
  logIndex: z.number(),
  verification: z.object({
    signedEntryTimestamp: z.string(),
    inclusionProof: z.object({ logIndex: z.number(), rootHash: z.string(), treeSize: z.number(), checkpoint: z.string() }),
  }),
});

export interface Build {
  readonly workflow?: string;
  readonly source?: string;
  readonly issuer?: string;
  readonly statement?: unknown;
  readonly payloadType?: string;
}

/** A Sigstore of our own: its authority, its logs, what they sign, and the trusted root that says so. All of its cryptography is real. */
export async function sigstoreWorld({ issuedAt }: { readonly issuedAt?: Date } = {}) {
  const [authority, certificates, entries] = [pair('P-384'), pair('P-256'), pair('P-256')];
  const ctLog = await initializeCTLog(certificates);
  const ca = await initializeCA(authority, ctLog, issuedAt);
  const log = await initializeTLog('https://rekor.example.com', entries);

  async function build({ workflow, source, issuer, statement, payloadType = 'application/vnd.in-toto+json' }: Build) {
    const own = pair('P-256');
    const certificate = await ca.issueCertificate({
      publicKey: der(own.publicKey),
      subjectAltName: workflow ?? 'https://github.com/ann/server/.github/workflows/release.yml@refs/tags/v1.0.0',
      extensions: [
        { oid: '1.3.6.1.4.1.57264.1.8', value: issuer ?? 'https://token.actions.githubusercontent.com' },
        { oid: '1.3.6.1.4.1.57264.1.12', value: source ?? 'https://github.com/ann/server' },
      ],
    });
    const payload = Buffer.from(JSON.stringify(statement));
    const signed = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload]);
    const sig = sign('sha256', signed, own.privateKey).toString('base64');
    return bundle(Buffer.from(certificate.buffer, certificate.byteOffset, certificate.byteLength), payload, payloadType, sig);
  }

  async function bundle(certificate: Buffer, payload: Buffer, payloadType: string, sig: string) {
    const entry = {
      apiVersion: '0.0.1',
      kind: 'dsse',
      spec: {
        payloadHash: { algorithm: 'sha256', value: createHash('sha256').update(payload).digest('hex') },
        signatures: [{ signature: sig, verifier: pem(certificate) }],
      },
    };
    const logged = z.parse(answer, Object.values(await log.log(entry))[0]);
    const proof = logged.verification.inclusionProof;
    return {
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: {
        certificate: { rawBytes: certificate.toString('base64') },
        tlogEntries: [
          {
            logIndex: String(logged.logIndex),
            logId: { keyId: Buffer.from(logged.logID, 'hex').toString('base64') },
            kindVersion: { kind: 'dsse', version: '0.0.1' },
            integratedTime: String(logged.integratedTime),
            inclusionPromise: { signedEntryTimestamp: logged.verification.signedEntryTimestamp },
            inclusionProof: {
              logIndex: String(proof.logIndex),
              rootHash: Buffer.from(proof.rootHash, 'hex').toString('base64'),
              treeSize: String(proof.treeSize),
              hashes: [],
              checkpoint: { envelope: proof.checkpoint },
            },
            canonicalizedBody: logged.body,
          },
        ],
      },
      dsseEnvelope: { payload: payload.toString('base64'), payloadType, signatures: [{ sig, keyid: '' }] },
    };
  }

  const validFor = { start: '2020-01-01T00:00:00Z' };
  const logOf = (keys: Pair) => ({
    baseUrl: 'https://rekor.example.com',
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: der(keys.publicKey).toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
    logId: { keyId: createHash('sha256').update(der(keys.publicKey)).digest('base64') },
  });
  const root = ca.rootCertificate;
  const trustedRoot = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [logOf(entries)],
    ctlogs: [logOf(certificates)],
    certificateAuthorities: [
      {
        subject: { organization: 'example', commonName: 'example' },
        uri: 'https://ca.example.com',
        certChain: { certificates: [{ rawBytes: Buffer.from(root.buffer, root.byteOffset, root.byteLength).toString('base64') }] },
        validFor,
      },
    ],
    timestampAuthorities: [],
  };
  /** A timestamp of an authority that the trusted root does not know. */
  async function strangersTimestamp(): Promise<string> {
    // To the second: what is finer is not read.
    const authorityOfTime = await initializeTSA(pair('P-384'), new Date(Math.trunc(Date.now() / 1000) * 1000));
    const request = { artifactHash: createHash('sha256').digest(), hashAlgorithmOID: '2.16.840.1.101.3.4.2.1', nonce: 1, policyOID: '1.2' };
    const stamp = await authorityOfTime.timestamp(request);
    return Buffer.from(stamp.buffer, stamp.byteOffset, stamp.byteLength).toString('base64');
  }
  return { build, trustedRoot, strangersTimestamp };
}

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function pair(namedCurve: string): Pair {
  return generateKeyPairSync('ec', { namedCurve });
}

function der(key: KeyObject): Buffer<ArrayBuffer> {
  return Buffer.from(key.export({ format: 'der', type: 'spki' }));
}

function pem(certificate: Buffer): string {
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`).toString('base64');
}
