import { join } from 'node:path';

/** Where an organisation's policies lie; used only where nobody but an administrator can write. */
export function organisationFolder(platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return '/Library/Application Support/Countersign/policies';
  if (platform === 'win32') return join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'Countersign', 'policies');
  return '/etc/countersign/policies';
}
