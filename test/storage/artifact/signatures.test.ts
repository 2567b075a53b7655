import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Signed, Source } from '../../../src/engine/artifact/start.ts';
import type { SignerSource } from '../../../src/engine/artifact/schema-parts.ts';
import { keepEvidence, keepText } from '../../../src/storage/artifact/evidence.ts';
import { artifactPlaces } from '../../../src/storage/artifact/places.ts';
import { startStore } from '../../../src/storage/artifact/start-store.ts';
import { checkSignatures } from '../../../src/storage/artifact/signatures.ts';
import { signedText } from '../../../src/storage/artifact/signed-thing.ts';
import { sigstoreWorld, type Build } from './sigstore-world.ts';

const archive = createHash('sha512').update('the archive');
const digest = archive.digest();
const npm: Source = {
  kind: 'npm',
  name: '@ann/server',
  version: '1.0.0',
  integrity: `sha512-${digest.toString('base64')}`,
  tree: `sha256:${'0'.repeat(64)}`,
  packages: 3,
};
const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  predicateType: 'https://slsa.dev/provenance/v1',
  subject: [{ name: 'pkg:npm/%40ann/server@1.0.0', digest: { sha512: digest.toString('hex') } }],
  predicate: {},
};
const world = await sigstoreWorld();
const byAnn: SignerSource = { sigstore: { repository: 'github.com/ann/server', workflow: 'release.yml' } };

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countersign-signatures-'));
  mkdirSync(dirname(artifactPlaces(root).trustedRoot), { recursive: true });
  writeFileSync(artifactPlaces(root).trustedRoot, JSON.stringify(world.trustedRoot));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function check(signedBy: readonly SignerSource[], source = npm): Promise<Signed> {
  return checkSignatures({ root, source, signedBy, time: Date.now() });
}

function keep(name: string, value: unknown, source = npm): void {
  keepText(root, source, name, typeof value === 'string' ? value : JSON.stringify(value));
}

const releases = 'https://github.com/ann/server/.github/workflows';

describe('a bundle of Sigstore’s proves who built the package', () => {
  test.each<[string, Build, SignerSource]>([
    ['its repository and workflow', {}, byAnn],
    ['the repository with its protocol', {}, { sigstore: { repository: 'https://github.com/ann/server' } }],
    ['a tag with an @ in it', { workflow: `${releases}/release.yml@refs/tags/@ann/server@1.0.0` }, byAnn],
    ['any workflow of the repository', {}, { sigstore: { repository: 'github.com/ann/server' } }],
  ])('%s', async (_, build, signer) => {
    keep('attestation.json', await world.build({ statement, ...build }));
    expect(await check([signer])).toEqual({ ok: true, by: expect.stringMatching(/^a build of .*ann\/server \(release\.yml\)$/) });
  });

  test.each<[string, Build, SignerSource, string]>([
    ['a repository without its host', {}, { sigstore: { repository: 'ann/server' } }, '"ann/server" is not written like'],
    ['another repository', { source: 'https://github.com/eve/server' }, byAnn, 'built of https://github.com/eve/server'],
    ['another workflow', { workflow: `${releases}/test.yml@refs/heads/main` }, byAnn, 'by the workflow test.yml'],
    [
      'a workflow that another repository calls',
      { workflow: 'https://github.com/eve/x/.github/workflows/release.yml@refs/heads/main' },
      byAnn,
      'by the workflow https://github.com/eve',
    ],
    ['a workflow that only looks like it', { workflow: `${releases}/release.yml@x/test.yml@refs/heads/main` }, byAnn, 'by the workflow'],
    ['who is not GitHub', { issuer: 'https://issuer.example.com' }, byAnn, 'not signed by a build on GitHub'],
    ['other bytes', { statement: { ...statement, subject: [{ digest: { sha512: '00' } }] } }, byAnn, 'about other bytes'],
    [
      'a statement of another kind',
      { statement: { ...statement, predicateType: 'https://example.com/bad' } },
      byAnn,
      'how something was built',
    ],
    ['a payload of another type', { payloadType: 'text/plain' }, byAnn, 'how something was built'],
  ])('and not that it was what the policy asks for: %s', async (_, build, signer, says) => {
    keep('attestation.json', await world.build({ statement, ...build }));
    expect(await check([signer])).toEqual({ ok: false, why: expect.stringContaining(says) });
  });

  test('among what npm’s registry answers', async () => {
    const bundle = await world.build({ statement });
    keep('npm.json', { attestations: [{ bundle: { mediaType: 'nothing' } }, { predicateType: 'x', bundle }] });
    expect(await check([byAnn])).toMatchObject({ ok: true });
  });

  test('and nothing to those who trust another authority', async () => {
    keep('attestation.json', await world.build({ statement }));
    rmSync(artifactPlaces(root).trustedRoot);
    expect(await check([byAnn])).toMatchObject({ ok: false });
    writeFileSync(artifactPlaces(root).trustedRoot, JSON.stringify((await sigstoreWorld()).trustedRoot));
    expect(await check([byAnn])).toMatchObject({ ok: false });
  });
});

describe('a bundle proves nothing once any of it was changed', () => {
  test.each<[string, (text: string) => string]>([
    ['its statement', (text) => text.replace(/"payload":"(.{40})./, '"payload":"$1A')],
    ['its signature', (text) => text.replace(/"sig":"(.{20})./, '"sig":"$1A')],
    ['its certificate', (text) => text.replace(/"rawBytes":"(.{600})./, '"rawBytes":"$1A')],
    ['the time in the log', (text) => text.replace(/"integratedTime":"\d/, '"integratedTime":"2')],
    ['the entry in the log', (text) => text.replace(/"canonicalizedBody":"(.{50})./, '"canonicalizedBody":"$1A')],
    ['the log’s promise', (text) => text.replace(/"signedEntryTimestamp":"(.{20})./, '"signedEntryTimestamp":"$1A')],
    ['the log’s entries are missing', (text) => text.replace(/"tlogEntries":\[.*?\]\}/, '"tlogEntries":[]}')],
    ['it is no JSON', (text) => text.slice(1)],
    ['it is another value', () => '[null]'],
    ['it is empty', () => ''],
  ])('%s', async (_, change) => {
    const text = JSON.stringify(await world.build({ statement }));
    keep('attestation.json', change(text));
    expect(change(text)).not.toBe(text);
    expect(await check([byAnn])).toMatchObject({ ok: false });
  });
});

describe('a bundle whose certificate, log or time does not hold is refused, and it is said which', () => {
  type Bundle = Awaited<ReturnType<typeof world.build>>;
  type Material = Readonly<Record<string, unknown>>;
  const entryOf = (bundle: Bundle) => bundle.verificationMaterial.tlogEntries[0]!;
  const having = (bundle: Bundle, more: Material) => ({ ...bundle, verificationMaterial: { ...bundle.verificationMaterial, ...more } });
  const stranger = Buffer.from('no timestamp').toString('base64');
  const ended = { start: '2020-01-01T00:00:00Z', end: '2021-01-01T00:00:00Z' };

  test.each<[string, (bundle: Bundle, other: Bundle) => unknown, RegExp]>([
    ['no entry in the log', (bundle) => having(bundle, { tlogEntries: [] }), /nothing that holds says when it was signed/],
    [
      'the entry of another bundle',
      (bundle, other) => having(bundle, { tlogEntries: [entryOf(other)] }),
      /entry in the transparency log is about something else/,
    ],
    [
      'the same entry twice',
      (bundle) => having(bundle, { tlogEntries: [entryOf(bundle), entryOf(bundle)] }),
      /nothing that holds says when it was signed \(duplicate/,
    ],
    [
      'an entry without promise and proof',
      (bundle) => {
        const { inclusionPromise: _, inclusionProof: __, ...bare } = entryOf(bundle);
        return having(bundle, { tlogEntries: [bare] });
      },
      /not written like a bundle of Sigstore’s/,
    ],
    [
      'no time',
      (bundle) => having(bundle, { tlogEntries: [{ ...entryOf(bundle), integratedTime: '0' }] }),
      /nothing that holds says when it was signed/,
    ],
    [
      'a time that the log did not sign',
      (bundle) => {
        const entry = entryOf(bundle);
        return having(bundle, { tlogEntries: [{ ...entry, integratedTime: String(Number(entry.integratedTime) + 1) }] });
      },
      /entry in the transparency log is not proven/,
    ],
    [
      'a time after the certificate has ended',
      (bundle) => having(bundle, { tlogEntries: [{ ...entryOf(bundle), integratedTime: '4102444800' }] }),
      /certificate is not of .*, or not of the time of signing/,
    ],
    [
      'a timestamp that is none',
      (bundle) => having(bundle, { timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: stranger }] } }),
      /not written like a bundle of Sigstore’s/,
    ],
    [
      'the certificate of another bundle',
      (bundle, other) => having(bundle, { certificate: other.verificationMaterial.certificate }),
      /its signature is not one of what it holds/,
    ],
    [
      'a key in the place of a certificate',
      ({ verificationMaterial: { tlogEntries }, ...bundle }) => ({
        ...bundle,
        verificationMaterial: { publicKey: { hint: 'x' }, tlogEntries },
      }),
      /a key that nobody vouches for/,
    ],
  ])('%s', async (_, change, says) => {
    const [bundle, other] = [
      await world.build({ statement }),
      await world.build({ statement: { ...statement, predicate: { other: true } } }),
    ];
    keep('attestation.json', change(bundle, other));
    expect(await check([byAnn])).toEqual({ ok: false, why: expect.stringMatching(says) });
  });

  test('a timestamp of an authority that nobody trusts', async () => {
    const timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp: await world.strangersTimestamp() }] };
    keep('attestation.json', having(await world.build({ statement }), { timestampVerificationData }));
    expect(await check([byAnn])).toEqual({ ok: false, why: expect.stringMatching(/nothing that holds says when it was signed/) });
  });

  test('a certificate that had ended when it was signed', async () => {
    const early = await sigstoreWorld({ issuedAt: new Date(Date.now() - 3_600_000) });
    writeFileSync(artifactPlaces(root).trustedRoot, JSON.stringify(early.trustedRoot));
    keep('attestation.json', await early.build({ statement }));
    expect(await check([byAnn])).toEqual({
      ok: false,
      why: expect.stringMatching(/certificate is not of .*, or not of the time of signing/),
    });
  });

  test.each<[string, (trusted: typeof world.trustedRoot) => unknown, RegExp]>([
    ['a transparency log that is not trusted', (trusted) => ({ ...trusted, tlogs: [] }), /entry in the transparency log is not proven/],
    [
      'one whose key had ended',
      (trusted) => ({ ...trusted, tlogs: trusted.tlogs.map((log) => ({ ...log, publicKey: { ...log.publicKey, validFor: ended } })) }),
      /entry in the transparency log is not proven/,
    ],
    [
      'a certificate that is in no trusted log of certificates',
      (trusted) => ({ ...trusted, ctlogs: [] }),
      /certificate is not of the trusted authority and its log.*SCT/,
    ],
    [
      'an authority that had ended',
      (trusted) => ({ ...trusted, certificateAuthorities: trusted.certificateAuthorities.map((ca) => ({ ...ca, validFor: ended })) }),
      /certificate is not of the trusted authority/,
    ],
    ['no authority', (trusted) => ({ ...trusted, certificateAuthorities: [] }), /certificate is not of the trusted authority/],
  ])('%s', async (_, change, says) => {
    writeFileSync(artifactPlaces(root).trustedRoot, JSON.stringify(change(world.trustedRoot)));
    keep('attestation.json', await world.build({ statement }));
    expect(await check([byAnn])).toEqual({ ok: false, why: expect.stringMatching(says) });
  });
});

describe('a person’s SSH signature', () => {
  const sign = (input: string | Buffer): string => {
    const key = join(mkdtempSync(join(root, 'key-')), 'key');
    execFileSync('ssh-keygen', ['-q', '-N', '', '-t', 'ed25519', '-f', key]);
    appendFileSync(artifactPlaces(root).allowedSigners, `ann@example.com ${readFileSync(`${key}.pub`, 'utf8')}`);
    return execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', 'countersign', '-f', key], {
      input,
      stdio: ['pipe', 'pipe', 'ignore'],
    }).toString();
  };
  const ann: SignerSource = { ssh: 'ann@example.com' };

  test('of a package’s words holds for that package alone, and for that person', async () => {
    keep('ann.sig', sign(signedText(npm) ?? ''));
    expect(await check([byAnn, ann])).toEqual({ ok: true, by: 'ann@example.com' });
    expect(await check([{ ssh: 'bob@example.com' }])).toMatchObject({ ok: false });
    const next: Source = { ...npm, version: '1.0.1' };
    keep('ann.sig', sign(signedText(npm) ?? ''), next);
    expect(await check([ann], next)).toMatchObject({ ok: false, why: expect.stringContaining('not a signature of this') });
  });

  test('of a file holds for its bytes', async () => {
    const path = join(root, 'server.mjs');
    writeFileSync(path, 'serve();');
    const file: Source = { kind: 'file', path, sha256: createHash('sha256').update('serve();').digest('hex') };
    keep('server.mjs.sig', sign(readFileSync(path)), file);
    expect(await check([ann], file)).toEqual({ ok: true, by: 'ann@example.com' });
    writeFileSync(path, 'harm();');
    await expect(check([ann], file)).rejects.toThrow('was changed');
  });

  test('counts for nothing without a file of allowed signers', async () => {
    keep('ann.sig', sign(signedText(npm) ?? ''));
    rmSync(artifactPlaces(root).allowedSigners);
    expect(await check([ann])).toMatchObject({ ok: false, why: expect.stringContaining('no file of allowed signers') });
  });
});

test('a start is asked about with the same signatures', async () => {
  keep('attestation.json', await world.build({ statement }));
  const { signed } = startStore({ root, isTrusted: () => false });
  expect(await signed(npm, [byAnn])).toMatchObject({ ok: true });
  expect(await signed({ ...npm, integrity: `sha512-${'A'.repeat(86)}==` }, [byAnn])).toMatchObject({ ok: false });
});

describe('what is kept as evidence', () => {
  test.each<[string, (file: string) => void, RegExp]>([
    ['is no link', (file) => symlinkSync('/etc/passwd', file), /ELOOP/],
    ['is no folder', (file) => mkdirSync(file), /no file/],
    ['is not huge', (file) => writeFileSync(file, ' '.repeat(1024 * 1024 + 1)), /larger/],
    ['is no pipe', (file) => execFileSync('mkfifo', [file]), /no file/],
  ])('%s', (_, make, why) => {
    const file = join(root, 'a.sig');
    make(file);
    expect(() => keepEvidence(root, npm, file)).toThrow(why);
  });

  test('is called like what it is', () => {
    expect(() => keep('../a.json', '')).toThrow('not called like');
  });

  test('does not exist: nobody signed', async () => {
    expect(await check([byAnn])).toMatchObject({ ok: false, why: expect.stringContaining('countersign mcp evidence') });
  });

  test('is not asked for what has no bytes here', async () => {
    expect(await check([byAnn], { kind: 'url', url: 'https://example.com' })).toMatchObject({ ok: false });
  });
});
