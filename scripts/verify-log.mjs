#!/usr/bin/env node
// Checks a log of Countersign, or a proof from one, with nothing but Node (22.13 or later). It shares no code with the product.
//
//   node verify-log.mjs log AUDIT.DB [--key FILE]… [--anchor FILE]…
//   node verify-log.mjs proof PROOF.JSON [--key FILE]…
//
// --key: public keys you know from elsewhere, one a line. Without it, the keys named in the file itself are taken at their word.
// --anchor: checkpoints of this log that you were given earlier, one after the other.
// Ends with 0 when everything holds, with 2 at the first thing that does not.
import { createPublicKey, hash, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

// ---- 1. Keys, signatures and checkpoints (https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint) ----

/** `name+id+base64`: the decoded bytes are one that says how it signs (1: Ed25519) and the 32 of the public key. */
function readKey(text) {
  const [name, id, ...base64] = text.trim().split('+');
  const bytes = Buffer.from(base64.join('+'), 'base64');
  const expected = sha256(Buffer.concat([Buffer.from(`${name}\n`), bytes])).toString('hex', 0, 4);
  expect(bytes.length === 33 && bytes[0] === 1, `"${text.trim()}" is no Ed25519 key`);
  expect(id === expected, 'the id of a key belongs to it', expected, id);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes.subarray(1)]);
  return { name, id, text: text.trim(), key: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

/** A text, an empty line, and signatures: `— name base64`, the decoded bytes being the key's id and the signature. */
function readNote(note) {
  const end = note.lastIndexOf('\n\n');
  expect(end > 0, 'a signed note has a text and signatures');
  const lines = note
    .slice(end + 2)
    .trimEnd()
    .split('\n');
  return { text: note.slice(0, end + 1), signatures: lines.map(readSignature) };
}

function readSignature(line) {
  const [, name, base64] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  expect(name !== undefined, 'a signature line can be read', '— name base64', line);
  const bytes = Buffer.from(base64, 'base64');
  return { name, id: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) };
}

function isSigned({ text, signatures }, { name, id, key }) {
  const own = signatures.find((signature) => signature.name === name && signature.id === id);
  return own !== undefined && verify(null, Buffer.from(text), key, own.bytes);
}

/** The text of a checkpoint: which log, how many entries, the root of their tree. */
function readCheckpoint(note) {
  const signed = readNote(note);
  const [origin, size, root] = signed.text.split('\n');
  expect(/^\d+$/.test(size) && Buffer.from(root ?? '', 'base64').length === 32, 'a checkpoint names a size and a root');
  return { origin, size: Number(size), root, signed };
}

function notesIn(text) {
  const notes = text.replaceAll('\r\n', '\n').match(/(?:^(?!— ).+\n)+\n(?:^— .+(?:\n|$))+/gm);
  expect(notes !== null, 'an anchor holds at least one checkpoint');
  return notes;
}

// ---- 2. The tree (RFC 6962, 2.1) ----

const sha256 = (data) => hash('sha256', data, 'buffer');
const leafOf = (text) => sha256(`\0${text}`);
const nodeOf = (left, right) => sha256(Buffer.concat([Buffer.from([1]), left, right]));

/** The full subtrees so far, largest first: enough to go on and to tell the root. */
function pushLeaf(tree, leaf) {
  tree.size += 1;
  let node = leaf;
  for (let n = tree.size; n % 2 === 0; n /= 2) node = nodeOf(tree.nodes.pop(), node);
  tree.nodes.push(node);
}
function rootOf({ nodes }) {
  return nodes.reduceRight((right, left) => (right === undefined ? left : nodeOf(left, right)), undefined).toString('base64');
}

// ---- 3. A whole log ----

async function checkLog(path, trusted, anchors) {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path, { readOnly: true });
  const hasTable = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'checkpoints'").get() !== undefined;
  const notes = hasTable ? database.prepare('SELECT note FROM checkpoints ORDER BY size').all() : [];
  const stored = notes.map(({ note }) => readCheckpoint(note));
  const policies = new Set(database.prepare('SELECT digest, source FROM policies').all().map(policyDigest));
  const roots = new Map(stored.map(({ size, root }) => [size, root]));
  const due = [...stored, ...anchors].filter(({ size }) => size > 0).sort((a, b) => a.size - b.size);
  const log = { tree: { size: 0, nodes: [] }, keys: [], policies, roots, trusted, emptied: new Map(), signedTo: 0 };
  let previous = '0'.repeat(64);
  for (const row of database.prepare('SELECT * FROM entries ORDER BY seq').iterate()) {
    const entry = checkRow(log, row, previous);
    previous = row.hash;
    checkMeaning(log, row.seq, entry);
    while (due[0]?.size <= row.seq) checkCheckpoint(log, due.shift());
  }
  const { size } = log.tree;
  expect(due.length === 0, `the log has all entries that were signed; those after ${size} are missing`, due[0]?.size, size);
  expect(log.emptied.size === 0, `the contents of an entry were removed by a rule that an entry names (${[...log.emptied.values()][0]})`);
  checkTrust(log.keys, trusted);
  const ids = log.keys.map(({ id }) => id).join(', ') || 'none';
  console.log(`${size} entries hold, each chained to the one before it; the last hash is ${previous}.`);
  console.log(`${stored.length} checkpoints and ${anchors.length} from anchors hold; ${size - log.signedTo} entries came after the last.`);
  console.log(`Keys: ${ids}${trusted.length === 0 ? ' (as the log itself names them)' : ''}.`);
  console.log(`${policies.size} policy texts have their digests.`);
}

/** The entry follows from the one before it, and its columns say what its text says. */
function checkRow(log, row, previous) {
  const seq = log.tree.size + 1;
  expect(row.seq === seq, `entry ${seq} is there`, seq, row.seq);
  expect(row.previous === previous, `entry ${seq} follows from the one before it`, previous, row.previous);
  const entry = JSON.parse(row.json);
  const isEmptied = Object.keys(entry).join() === 'kind,leaf,pruned,seq,time,version';
  const hashed = sha256(Buffer.concat([Buffer.from(previous, 'hex'), Buffer.from(row.json)])).toString('hex');
  expect(isEmptied || hashed === row.hash, `the hash of entry ${seq} is that of its text`, row.hash, hashed);
  expect(entry.seq === seq && entry.version === 1, `the text of entry ${seq} is its own`, seq, entry.seq);
  for (const name of ['kind', 'session', 'agent', 'tool', 'action']) {
    const value = entry[name]?.toWellFormed() ?? null;
    expect(value === row[name], `the column "${name}" of entry ${seq} says what the entry says`, value, row[name]);
  }
  expect(Math.trunc(entry.time) === row.time, `the column "time" of entry ${seq} says what the entry says`, entry.time, row.time);
  // Of an emptied entry only the leaf is left; it must be the one that the later roots were signed with.
  if (isEmptied) log.emptied.set(seq, entry.pruned);
  pushLeaf(log.tree, isEmptied ? Buffer.from(entry.leaf, 'hex') : leafOf(row.json));
  return entry;
}

/** What the log says of itself: keys, checkpoints, policies, removed contents. */
function checkMeaning(log, seq, { kind, detail }) {
  if (kind === 'key') checkKey(log, seq, detail);
  const root = kind === 'checkpoint' ? log.roots.get(detail.size) : undefined;
  expect(kind !== 'checkpoint' || root === detail.root, `the checkpoint that entry ${seq} tells of is kept`, detail?.root, root);
  const isTextNeeded = kind === 'policy' && detail?.problems?.length === 0;
  expect(!isTextNeeded || log.policies.has(detail.digest), `the policy text that entry ${seq} names is kept`, detail?.digest, 'none');
  if (kind === 'prune') for (const [one, by] of log.emptied) if (by === seq && one <= detail.upTo) log.emptied.delete(one);
}

/** The first key is named; a later one is signed by both, or known to whoever checks. */
function checkKey(log, seq, { event, key, note }) {
  const next = readKey(key);
  const current = log.keys.at(-1);
  if (event === 'rotated') {
    const change = readNote(note);
    expect(change.text === `countersign key change\n${current?.text}\n${key}\n`, `entry ${seq} hands over from the key in force`);
    expect(isSigned(change, current) && isSigned(change, next), `both keys signed the change in entry ${seq}`);
    next.line = current.line;
  } else {
    const isKnown = event === 'replaced' && log.trusted.some(({ text }) => text === key);
    expect(current === undefined || isKnown, `entry ${seq} brings in a key that the one before it signed`, current?.text, key);
    next.line = seq;
  }
  log.keys.push(next);
}

function checkCheckpoint(log, { origin, size, root, signed }) {
  const key = log.keys.at(-1);
  expect(key?.name === origin, `the checkpoint of size ${size} is one of this log`, key?.name, origin);
  expect(isSigned(signed, key), `the checkpoint of size ${size} is signed by the key in force`, key.id, signed.signatures[0].id);
  const found = rootOf(log.tree);
  expect(found === root, `entries ${Math.min(log.signedTo + 1, size)} to ${size} are those that were signed`, root, found);
  log.signedTo = size;
}

/** Of keys that handed over to each other, one must be known. */
function checkTrust(keys, trusted) {
  if (trusted.length === 0) return;
  const known = new Set(keys.filter(({ text }) => trusted.some((key) => key.text === text)).map(({ line }) => line));
  const stranger = keys.find(({ line }) => !known.has(line));
  expect(keys.length > 0 && stranger === undefined, 'the log is signed by a key you gave', trusted[0].text, stranger?.text);
}

function policyDigest({ digest, source }) {
  expect(digest === `sha256:${sha256(source).toString('hex')}`, 'the text of a policy has its digest', digest);
  return digest;
}

// ---- 4. A proof, without the log (RFC 9162, 2.1.3.2 and 2.1.4.2) ----

function checkProof(proof, trusted) {
  const keys = trusted.length > 0 ? trusted : proof.keys.map(readKey);
  const path = proof.path.map((text) => Buffer.from(text, 'base64'));
  const known = (note) => {
    const checkpoint = readCheckpoint(note);
    const isOurs = keys.some((key) => key.name === checkpoint.origin && isSigned(checkpoint.signed, key));
    expect(isOurs, 'the checkpoint is signed by the key');
    return checkpoint;
  };
  if (proof.kind === 'inclusion') checkInclusion(proof, known(proof.checkpoint), path);
  else if (proof.kind === 'consistency') checkConsistency(known(proof.from), known(proof.to), path);
  else expect(false, 'the proof is of a kind that is known', 'inclusion or consistency', proof.kind);
  if (trusted.length === 0) console.log('Its key is the one that the proof names: compare it with one you know (--key).');
}

function checkInclusion({ entry, seq }, { origin, size, root }, path) {
  expect(JSON.parse(entry).seq === seq && seq >= 1 && seq <= size, 'the entry is the one that the proof is about');
  const found = climb(seq - 1, size - 1, path, [leafOf(entry)]);
  expect(found?.[0].toString('base64') === root, 'the entry leads to the root that was signed', root, found?.[0].toString('base64'));
  console.log(`Entry ${seq} is in the log ${origin} of ${size} entries:\n${entry}`);
}

function checkConsistency(from, to, path) {
  expect(from.origin === to.origin && from.size <= to.size, 'both checkpoints are of one log, the smaller one first');
  if (from.size === to.size) expect(from.root === to.root && path.length === 0, 'both checkpoints have one root', from.root, to.root);
  else {
    let [node, last] = [from.size - 1, to.size - 1];
    while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    const first = Number.isInteger(Math.log2(from.size)) ? Buffer.from(from.root, 'base64') : path.shift();
    const found = climb(node, last, path, [first, first])?.map((root) => root.toString('base64'));
    expect(found?.[1] === from.root && found[0] === to.root, 'the first log is the beginning of the second', [to.root, from.root], found);
  }
  console.log(`The log ${from.origin} of ${from.size} entries is the beginning of that of ${to.size}.`);
}

/** From a node up to the root. The second hash, if there is one, is the root of the smaller tree: nothing joins it from the right. */
function climb(node, last, path, [root, smaller]) {
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      [root, smaller] = [nodeOf(sibling, root), smaller && nodeOf(sibling, smaller)];
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else root = nodeOf(root, sibling);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? [root, smaller] : undefined;
}

function expect(holds, what, expected, found) {
  const details = expected === undefined && found === undefined ? '' : `\n  expected: ${expected}\n  found:    ${found}`;
  if (!holds) throw new Error(`not true that ${what}.${details}`);
}

// ---- 5. What was asked for ----

const [what, file, ...options] = process.argv.slice(2);
const given = (name) => options.flatMap((word, i) => (options[i - 1] === name ? [readFileSync(word, 'utf8')] : []));
if (!file || !['log', 'proof'].includes(what)) {
  console.error('Usage: verify-log.mjs log AUDIT.DB [--key FILE]… [--anchor FILE]…, or verify-log.mjs proof PROOF.JSON [--key FILE]…');
  process.exit(64);
}
try {
  const trusted = given('--key').flatMap((text) => text.split('\n').filter(Boolean).map(readKey));
  if (what === 'proof') checkProof(JSON.parse(readFileSync(file, 'utf8')), trusted);
  else await checkLog(file, trusted, given('--anchor').flatMap(notesIn).map(readCheckpoint));
} catch (error) {
  console.error(`It does not hold: ${error.message}`);
  process.exit(2);
}
