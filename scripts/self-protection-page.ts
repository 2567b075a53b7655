import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fourCommandsPage } from '../test/real/claude/four-commands-page.ts';

// Writes docs/self-protection.md from the table that is tried with the real client. A unit test compares them.
writeFileSync(join(import.meta.dirname, '..', 'docs', 'self-protection.md'), fourCommandsPage());
