import type { RecordPlace } from '../../agents/agent.ts';

/** What agents write about their own sessions, whether their hooks reach us or not. */
export interface AgentRecords {
  /** Tells of everything new from now on, what was written since the last time included. The returned function ends it. */
  readonly follow: (witness: Witness) => () => void;
  /** Since when agents have our hooks, as far as we know; `undefined` where they have none: then nothing need reach us. */
  readonly hookedSince: (agent: string) => number | undefined;
  /** A session's record lies there: others of the same folder may, too. */
  readonly learn: (agent: string, transcript: string) => void;
}

/** Who is told what agents wrote. */
export interface Witness {
  /** Which lines of that agent's records are worth telling: those that contain one of these. */
  readonly marks: (agent: string) => readonly string[];
  readonly line: (line: RecordLine) => void;
  /** Every session that runs now. */
  readonly running: (sessions: readonly RunningSession[]) => void;
}

export interface RecordLine {
  readonly agent: string;
  readonly text: string;
  /** When the file began: what is older was copied from another one. */
  readonly begun: number;
  /** Left out where every line says it all. */
  readonly file?: RecordPlace;
}

/** A session that its agent says is running. */
export interface RunningSession {
  readonly agent: string;
  readonly session: string;
  readonly cwd: string;
  readonly startedAt: number;
  /** It works on something, or has done so: it is not just being started. */
  readonly isActive: boolean;
}
