interface PackageScript {
  readonly text: string;
  /** Whether it is the script that was asked for, which gets the arguments, and not one before or after it. */
  readonly main: boolean;
}

/** The script of that name in the text of a package.json, with those before and after it. */
export function packageScripts(text: string, name: string): readonly PackageScript[] {
  const scripts = scriptsOf(text);
  const names = /^(install|i|ci)$/.test(name) ? ['preinstall', 'install', 'postinstall', 'prepare'] : [`pre${name}`, name, `post${name}`];
  return names.flatMap((one) => {
    const found = scripts === undefined ? undefined : own(scripts, one);
    return typeof found === 'string' ? [{ text: found, main: one === name }] : [];
  });
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
