/**
 * JSON with comments and commas before a closing bracket, as the files of many clients are written: the same text without them, every
 * other character in its place.
 */
export function plainJson(text: string): string {
  const blank = (found: string): string => found.replaceAll(/[^\r\n]/g, ' ');
  const bare = text.replaceAll(/"(?:[^"\\]|\\[^])*"|\/\/[^\r\n]*|\/\*[^]*?\*\//g, (found) =>
    found.startsWith('"') ? found : blank(found),
  );
  return bare.replaceAll(/"(?:[^"\\]|\\[^])*"|,(?=\s*[}\]])/g, (found) => (found === ',' ? ' ' : found));
}
