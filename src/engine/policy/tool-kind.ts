import type { ToolCall } from '../tool-call.ts';

/**
 * What a tool does with the paths that it is known to write: by its name, where it is not one of our own words. A tool that says it
 * only reads is believed here, and not where paths are held against patterns.
 */
export function toolKind({ tool, mcpServer }: Pick<ToolCall, 'tool' | 'mcpServer'>): 'writes' | 'deletes' | 'reads' {
  if (mcpServer === undefined && tool !== 'other') return 'writes';
  const words = tool
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
  if (words.some((word) => deleting.has(word))) return 'deletes';
  return words.some((word) => reading.has(word)) && !words.some((word) => writing.has(word)) ? 'reads' : 'writes';
}

const deleting = new Set('delete remove unlink rm rmdir trash erase destroy purge wipe'.split(' '));
const reading = new Set(
  'read get list ls search find stat view show describe query head tail tree grep glob info count lint check analyze open fetch download'.split(
    ' ',
  ),
);
const writing = new Set(
  'write edit create update put save append move rename copy set add insert replace patch apply upload push install make'.split(' '),
);
