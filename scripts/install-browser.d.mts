export declare function installBrowser(): string;
export declare function findBrowser(): string | undefined;
