interface PackageScript {
  readonly text: string;
  /** Whether it is the script that was asked for, which gets the arguments, and not one before or after it. */
  readonly main: boolean;
}

/** The script of that name in the text of a package.json, with those before and after it. */
export function packageScripts(text: string, name: string): readonly PackageScript[] {
  const scripts = scriptsOf(text);
  if (scripts === undefined) return [];
  if (name.includes('*'))
    return Object.keys(scripts)
      .filter(fits(name))
      .flatMap((one) => withNeighbours(scripts, one));
  return /^(install|i|ci)$/.test(name)
    ? ['preinstall', 'install', 'postinstall', 'prepare'].flatMap((one) => script(scripts, one, one === name))
    : withNeighbours(scripts, name);
}

/** A star stands for a part of a name between colons, two for any number of parts. With many of them any name is taken to fit. */
function fits(pattern: string): (name: string) => boolean {
  const parts = pattern.split(/(\*+)/);
  if (parts.length > 7) return () => true;
  const expression = parts.map((part) => (part === '*' ? '[^:]*' : part.startsWith('*') ? '.*' : part.replaceAll(/\W/g, String.raw`\$&`)));
  const whole = new RegExp(`^${expression.join('')}$`, 's');
  return (name) => name.length < 200 && whole.test(name);
}

function withNeighbours(scripts: object, name: string): readonly PackageScript[] {
  return [`pre${name}`, name, `post${name}`].flatMap((one) => script(scripts, one, one === name));
}

function script(scripts: object, name: string, main: boolean): readonly PackageScript[] {
  const found = own(scripts, name);
  return typeof found === 'string' ? [{ text: found, main }] : [];
}

function scriptsOf(text: string): object | undefined {
  const parsed = parseJson(text);
  const scripts = typeof parsed === 'object' && parsed !== null ? own(parsed, 'scripts') : undefined;
  return typeof scripts === 'object' && scripts !== null ? scripts : undefined;
}

function own(from: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(from, name)?.value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A package.json that npm cannot read runs nothing either.
    return undefined;
  }
}
