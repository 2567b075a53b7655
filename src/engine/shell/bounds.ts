const maxNesting = 48;
const maxCommands = 12_000;
const maxDocuments = 200;

/** Thrown inside of an analysis that becomes too much work; what was found until then is kept, and the rest is unknown. */
export class TooMuch extends Error {}

/**
 * Why a text is not worth reading: the parser takes far longer for what is nested thousands of times, or made of tens of thousands
 * of commands, than anybody would wait. Counts marks without regard to quotes, which only texts nobody writes can trip over.
 */
export function beyondReading(text: string): string | undefined {
  let nesting = 0;
  let commands = 0;
  let documents = 0;
  let backticks = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x28 || code === 0x7b) {
      const before = text.charCodeAt(at - 1);
      // `$(`, `<(`, `>(`, `=(` and `${`, and `((`.
      if (before === 0x24 || (code === 0x28 && (before === 0x3c || before === 0x3e || before === 0x28))) nesting += 1;
      if (nesting > maxNesting) return 'it is nested too deeply';
    } else if (code === 0x29 || code === 0x7d) nesting = Math.max(0, nesting - 1);
    else if (code === 0x3b || code === 0x0a || code === 0x7c || code === 0x26) commands += 1;
    else if (code === 0x60) backticks += 1;
    else if (code === 0x3c && text.charCodeAt(at + 1) === 0x3c) documents += 1;
  }
  if (commands > maxCommands) return 'it has too many commands';
  if (backticks > 2_000) return 'it has too many substitutions';
  return documents > maxDocuments * 2 ? 'it has too many here-documents' : undefined;
}

const maxSteps = 12_000;
const maxBytes = 262_144;
const maxScripts = 400;

/** The work that one call may make, shared by the texts of all shells in it. */
export class Budget {
  #steps = 0;
  #bytes = 0;
  #scripts = 0;

  /** Work that a number of words makes. */
  spend(words: number): void {
    this.#steps += 1 + Math.floor(words / 8);
    if (this.#steps > maxSteps) throw new TooMuch('it is too much to be followed');
  }

  /** One more script of this length. */
  script(length: number): void {
    this.#bytes += length;
    this.#scripts += 1;
    if (this.#bytes > maxBytes || this.#scripts > maxScripts) throw new TooMuch('there is too much of it');
  }
}
