export declare function npm(args: readonly string[], directory: string): void;
export declare function node24(): string;
