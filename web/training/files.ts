// Where checkpoints and logs go: files in Node, the origin's private file system in a browser, or a function.
import { refuse } from '../args.ts';
import { FluxionError } from '../errors.ts';

/** Takes a file's name and content. */
export type Writer = (name: string, content: Uint8Array<ArrayBuffer>) => unknown;

interface NodeFiles {
  mkdir(folder: string, o: { recursive: true }): Promise<unknown>;
  writeFile(file: string, content: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  rm(file: string, o: { force: true }): Promise<void>;
  readFile(file: string): Promise<Uint8Array<ArrayBuffer>>;
}
interface NodeProcess {
  getBuiltinModule?(name: string): { promises: NodeFiles };
}

// By its name alone, so that no bundler goes looking for it.
const nodeFiles = (): NodeFiles | undefined =>
  (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.('node:fs').promises;

const partsOf = (name: string): string[] => name.split('/').filter((part) => part !== '' && part !== '.');

async function privateFile(name: string, create: boolean): Promise<FileSystemFileHandle> {
  const storage = (globalThis as { navigator?: Navigator }).navigator?.storage;
  if (!storage?.getDirectory)
    throw new FluxionError(`'${name}': there are no files here; give a function that takes the bytes`);
  const parts = partsOf(name);
  let folder = await storage.getDirectory();
  for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create });
  return folder.getFileHandle(parts.at(-1)!, { create });
}

/** Writes a file as a whole: whoever reads it meanwhile finds the old one or the new one. */
export async function writeFile(name: string, content: Uint8Array<ArrayBuffer>): Promise<void> {
  if (typeof name !== 'string' || partsOf(name).length === 0)
    refuse('writeFile', 'name', "a file's name", name);
  const fs = nodeFiles();
  if (!fs) {
    const stream = await (await privateFile(name, true)).createWritable();
    await stream.write(content);
    await stream.close();
    return;
  }
  const folder = name.replace(/[^/\\]*$/, '');
  if (folder) await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(`${name}.part`, content);
  await fs.rename(`${name}.part`, name);
}

/** Reads a file that `writeFile` has written. */
export async function readFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const fs = nodeFiles();
  if (fs) return new Uint8Array(await fs.readFile(name));
  return new Uint8Array(await (await (await privateFile(name, false)).getFile()).arrayBuffer());
}

/** Removes a file that `writeFile` has written; one that is gone already is none to worry about. */
export async function removeFile(name: string): Promise<void> {
  const fs = nodeFiles();
  if (fs) return fs.rm(name, { force: true });
  const parts = partsOf(name);
  let folder = await navigator.storage.getDirectory();
  for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part);
  await folder.removeEntry(parts.at(-1)!).catch(() => {});
}
