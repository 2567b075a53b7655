import type { FileEdit } from './installer.ts';

/** A file that is ours alone. Another one in its place, which has no `mark`, is somebody's and stays: then nothing is installed. */
export function ownFile(file: string, ours: string, mark: string): FileEdit {
  return {
    file,
    put: (text) => {
      if (text !== undefined && !text.includes(mark)) throw new Error(`${file} is there already, and not ours. Move it away first`);
      return ours;
    },
    takeOut: (text) => (text.includes(mark) ? '' : text),
  };
}
