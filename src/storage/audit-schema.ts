/** The number of the format. 1 had no checkpoints; such logs are read and verified as they are, and grow into this one. */
export const auditFormat = 2;

/** What the log says of itself; such entries are never emptied. */
export const ownKinds = "('checkpoint', 'key', 'prune', 'hold')";

/** The columns of `entries` beside `json` only serve to find entries; `verify` compares them with it. */
export const auditSchema = `
CREATE TABLE IF NOT EXISTS entries (
  seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, session TEXT, agent TEXT, tool TEXT, action TEXT,
  json TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS entries_time ON entries (time);
CREATE INDEX IF NOT EXISTS entries_session ON entries (session, seq);
CREATE INDEX IF NOT EXISTS entries_action ON entries (action, seq);
CREATE INDEX IF NOT EXISTS entries_keys ON entries (seq) WHERE kind = 'key';
CREATE INDEX IF NOT EXISTS entries_prunes ON entries (seq) WHERE kind = 'prune';
CREATE INDEX IF NOT EXISTS entries_holds ON entries (seq) WHERE kind = 'hold';
CREATE TABLE IF NOT EXISTS policies (
  digest TEXT PRIMARY KEY, source TEXT NOT NULL, path TEXT NOT NULL, layer TEXT NOT NULL, first_seen INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, time INTEGER NOT NULL, note TEXT NOT NULL, nodes TEXT NOT NULL) STRICT;
DROP TRIGGER IF EXISTS entries_no_update;
${never('entries', 'UPDATE', `WHEN NOT ${isEmptied()}`)}
${never('entries', 'DELETE')}
${never('policies', 'UPDATE')}
${never('policies', 'DELETE')}
${never('checkpoints', 'UPDATE')}
${never('checkpoints', 'DELETE')}`;

/** A guard against mistakes, not against an attacker with the user's rights: that is what chain, tree and signatures are for. */
function never(table: string, verb: 'UPDATE' | 'DELETE', unless = ''): string {
  return `CREATE TRIGGER IF NOT EXISTS ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table} ${unless}
  BEGIN SELECT RAISE(ABORT, 'the audit log can only be appended to'); END;`;
}

/**
 * The one change that is allowed: an entry's contents give way to the hash of its leaf and to the number of the entry that
 * says under which rule. The log's own entries, and what no such entry covers, stay.
 */
function isEmptied(): string {
  const stub = `'{"kind":"' || OLD.kind || '","leaf":"' || (NEW.json ->> '$.leaf') || '","pruned":' || (NEW.json ->> '$.pruned')
    || ',"seq":' || OLD.seq || ',"time":' || OLD.time || ',"version":1}'`;
  return `coalesce(
    NEW.seq = OLD.seq AND NEW.time = OLD.time AND NEW.kind = OLD.kind AND NEW.previous = OLD.previous AND NEW.hash = OLD.hash
    AND NEW.session IS NULL AND NEW.agent IS NULL AND NEW.tool IS NULL AND NEW.action IS NULL
    AND OLD.kind NOT IN ${ownKinds} AND OLD.json ->> '$.pruned' IS NULL AND NEW.json = ${stub}
    AND length(NEW.json ->> '$.leaf') = 64 AND NOT (NEW.json ->> '$.leaf') GLOB '*[^0-9a-f]*'
    AND EXISTS (SELECT 1 FROM entries WHERE kind = 'prune' AND seq = NEW.json ->> '$.pruned' AND OLD.seq <= json ->> '$.detail.upTo'),
    FALSE)`;
}
