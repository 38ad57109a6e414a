/** Where the packed data lies. */
export const dataFolder: string;
/** Packs what is missing; the names of the files it wrote. */
export function packData(options?: { force?: boolean }): string[];
