/** A text as a YAML value in one line: in quotes only where it would mean something else without. */
export function yamlText(value: string): string {
  const isPlain = /^[A-Za-z0-9_./~][\w./~ -]*$/.test(value) && !value.endsWith(' ');
  const meansMore = /^[~\d.+-][\d_.eExXoOa-fA-F:+-]*$|^(null|true|false|yes|no|on|off|y|n)$/i.test(value);
  return isPlain && !meansMore ? value : JSON.stringify(value);
}
