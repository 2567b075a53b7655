import type { LanguageDesk } from '../language-desk.ts';

export type Desk = () => Promise<LanguageDesk>;
