export declare function installEditor(): string;
export declare function node24(): string;
