/** The two questions by which a record that is a database is followed. */
export interface RecordRows {
  /** Newest first: those below a number, at most so many. */
  readonly below: string;
  /** One by its id. */
  readonly one: string;
}

/**
 * opencode 1.18 keeps its sessions in a database. Of each part of a message this makes what the storage needs (`number`, `id`, `made`,
 * `begun`: when the session began, `isOpen`: whether it may still change) and `line`, what it says of a tool call, without what came of it.
 */
export function opencodeRows(): RecordRows {
  return {
    below: rows('rowid < ? AND json_valid(data) ORDER BY rowid DESC LIMIT ?'),
    one: rows('id = ? AND json_valid(data)'),
  };
}

function rows(which: string): string {
  return `
SELECT part.number, part.id, part.time_created AS made, root.time_created AS begun,
  coalesce(part.data ->> '$.state.status' IN ('pending', 'running'), 0) AS isOpen,
  CASE WHEN part.data ->> '$.type' = 'tool' THEN ${line()} ELSE '' END AS line
FROM (SELECT rowid AS number, *, (${rootOfPart}) AS root FROM part WHERE ${which}) AS part
JOIN session AS root ON root.id = part.root
JOIN session AS own ON own.id = part.session_id
ORDER BY part.number DESC`;
}

/** The session that a person began: subagents have sessions of their own. */
const rootOfPart = `
WITH RECURSIVE above (id, parent) AS (
  SELECT id, parent_id FROM session WHERE id = part.session_id
  UNION SELECT session.id, session.parent_id FROM above JOIN session ON session.id = above.parent
) SELECT above.id FROM above LEFT JOIN session AS next ON next.id = above.parent WHERE next.id IS NULL`;

function line(): string {
  return `json_object(
  'part', part.id, 'session', part.session_id, 'root', part.root, 'cwd', own.directory, 'made', part.time_created,
  'call', part.data ->> '$.callID', 'tool', part.data ->> '$.tool', 'status', part.data ->> '$.state.status',
  'input', json_extract(part.data, '$.state.input'), 'start', part.data ->> '$.state.time.start', 'end', part.data ->> '$.state.time.end',
  'isElsewhere', coalesce(part.data ->> '$.metadata.providerExecuted', 0), 'isTyped', (${isTyped}))`;
}

/** What a person types after "!" looks like a call, too: in a message that no model made, and that answers this text. */
const isTyped = `
NOT EXISTS (SELECT 1 FROM part AS step WHERE step.message_id = part.message_id AND step.data ->> '$.type' = 'step-start') AND
EXISTS (SELECT 1 FROM message JOIN part AS said ON said.message_id = message.data ->> '$.parentID' WHERE message.id = part.message_id
  AND said.data ->> '$.synthetic' AND said.data ->> '$.text' = 'The following tool was executed by the user')`;
