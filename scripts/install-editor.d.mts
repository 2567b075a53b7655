export declare function installEditor(): string;

/** An option of the server (`name=value`): with it the editor has its chat. */
export declare const withChat: string;
