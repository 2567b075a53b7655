import type { Detector } from './finding.ts';

export const findExfiltration: Detector = () => [];
