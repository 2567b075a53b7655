import type { Detector } from '../finding.ts';

export const findPersonal: Detector = () => [];
