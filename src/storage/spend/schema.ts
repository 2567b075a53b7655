export const spendVersion = 2;

/**
 * `spots` holds the sums: one row for what is alike in all that anyone asks for. `responses` holds each response, so that another
 * record of it changes the sums by the difference; they lie in the order in which they came, since hashed keys would scatter them over
 * the file and each of many would be written with a page of its own. Texts are numbers in `names`; a time's `quarter` is 15 minutes since the epoch. `said` is what agents said that a model cost in a session, as of the last time. `requests` are those that agents told while
 * they ran and that no record has a response of.
 */
export const spendSchema = `
  CREATE TABLE IF NOT EXISTS names (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, ino INTEGER NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL, begun INTEGER NOT NULL,
    offset INTEGER NOT NULL, state TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS spots (
    id INTEGER PRIMARY KEY, quarter INTEGER NOT NULL, agent INTEGER NOT NULL, session INTEGER NOT NULL, subagent INTEGER NOT NULL,
    workspace INTEGER NOT NULL, model INTEGER NOT NULL, band INTEGER NOT NULL, speed INTEGER NOT NULL, region INTEGER NOT NULL,
    responses INTEGER NOT NULL DEFAULT 0, open INTEGER NOT NULL DEFAULT 0, input INTEGER NOT NULL DEFAULT 0,
    output INTEGER NOT NULL DEFAULT 0, read INTEGER NOT NULL DEFAULT 0, write5 INTEGER NOT NULL DEFAULT 0,
    write1 INTEGER NOT NULL DEFAULT 0, web INTEGER NOT NULL DEFAULT 0, last INTEGER NOT NULL DEFAULT 0,
    UNIQUE (session, quarter, model, subagent, workspace, agent, band, speed, region)
  );
  CREATE INDEX IF NOT EXISTS spots_by_time ON spots (quarter);
  CREATE TABLE IF NOT EXISTS responses (
    id INTEGER PRIMARY KEY, key INTEGER NOT NULL UNIQUE, spot INTEGER NOT NULL, at INTEGER NOT NULL, begun INTEGER NOT NULL,
    claim INTEGER NOT NULL, request INTEGER NOT NULL, prompt INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
    read INTEGER NOT NULL, write5 INTEGER NOT NULL, write1 INTEGER NOT NULL, web INTEGER NOT NULL, final INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS copies (session INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (session, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS totals (
    session INTEGER NOT NULL, at INTEGER NOT NULL, model INTEGER NOT NULL, agent INTEGER NOT NULL, begun INTEGER NOT NULL,
    input INTEGER NOT NULL, output INTEGER NOT NULL, read INTEGER NOT NULL, write5 INTEGER NOT NULL, write1 INTEGER NOT NULL,
    web INTEGER NOT NULL, usd REAL, PRIMARY KEY (session, at, model)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS hidden (
    session INTEGER NOT NULL, at INTEGER NOT NULL, model INTEGER NOT NULL, agent INTEGER NOT NULL, workspace INTEGER NOT NULL,
    input INTEGER NOT NULL, output INTEGER NOT NULL, read INTEGER NOT NULL, write5 INTEGER NOT NULL, write1 INTEGER NOT NULL,
    web INTEGER NOT NULL, usd REAL, PRIMARY KEY (session, at, model)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS hidden_by_time ON hidden (at);
  CREATE TABLE IF NOT EXISTS said (
    session INTEGER NOT NULL, model INTEGER NOT NULL, at INTEGER NOT NULL, tokens INTEGER NOT NULL, usd REAL NOT NULL, ours REAL,
    PRIMARY KEY (session, model)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS requests (
    request INTEGER PRIMARY KEY, session INTEGER NOT NULL, subagent INTEGER NOT NULL, agent INTEGER NOT NULL, model INTEGER NOT NULL,
    at INTEGER NOT NULL, heard INTEGER NOT NULL, shown INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
    read INTEGER NOT NULL, write5 INTEGER NOT NULL, write1 INTEGER NOT NULL, usd REAL
  );
  CREATE INDEX IF NOT EXISTS requests_by_session ON requests (session);
  CREATE TABLE IF NOT EXISTS labels (
    session INTEGER NOT NULL, subagent INTEGER NOT NULL, label TEXT NOT NULL, PRIMARY KEY (session, subagent)
  ) WITHOUT ROWID
`;
