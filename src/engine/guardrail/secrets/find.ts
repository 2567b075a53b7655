import type { Detector } from '../finding.ts';

export const findSecrets: Detector = () => [];
