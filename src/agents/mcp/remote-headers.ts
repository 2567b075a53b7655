/** What the gateway takes the headers for a server over the network from: `Name: value`, one a line. */
export const headersVariable = 'COUNTERSIGN_MCP_HEADERS';

const name = /^[\w!#$%&'*+.^`|~-]+$/;

/** That header as one such line; otherwise why it is none. */
export function headerLine(header: string, value: unknown): { readonly line: string } | { readonly obstacle: string } {
  if (!name.test(header)) return { obstacle: `"${header}" cannot be the name of a header` };
  if (typeof value !== 'string') return { obstacle: `its header ${header} is no text` };
  // Each line is a header of its own: what comes after would be another one.
  if (/[\r\n\0]/.test(value)) return { obstacle: `its header ${header} has a line break in it` };
  return { line: `${header}: ${value}` };
}

/** How a header names a variable of the environment that the gateway is started with. With `-`, it is left out where that is not set. */
export function variableIn(variable: string, isOptional = false): string {
  return `\${env:${variable}${isOptional ? ':-' : ''}}`;
}

const reference = /\$\{env:([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/** The lines with values in the place of such names. Throws where one is not set, or would make another header. */
export function withVariables(lines: string, environment: Readonly<Record<string, string | undefined>>): string {
  const filled = lines.split('\n').flatMap((line) => {
    const text = line.replace(reference, (_, variable: string, otherwise?: string) => valueOf(variable, otherwise, environment));
    return text !== line && /:\s*$/.test(text) ? [] : [text];
  });
  return filled.join('\n');
}

function valueOf(variable: string, otherwise: string | undefined, environment: Readonly<Record<string, string | undefined>>): string {
  const value = environment[variable]?.trim() || otherwise;
  if (value === undefined) throw new Error(`The variable ${variable} is not set, and a header of this server is made of it.`);
  if (/[\r\n\0]/.test(value))
    throw new Error(`The variable ${variable} has a line break in it, and a header of this server is made of it.`);
  return value;
}
