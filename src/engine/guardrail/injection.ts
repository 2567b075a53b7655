import type { Detector } from './finding.ts';

export const findInjection: Detector = () => [];
