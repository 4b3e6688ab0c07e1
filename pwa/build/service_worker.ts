/**
 * Builds the service worker as one classic script beside the page and tells it what to precache.
 *
 * Every file of the build (hashed assets, page, manifest, wasm; not the icons, which the system keeps when it installs
 * the page, and not what is for a desk or works with the server only) is listed in `__PRECACHE__` as
 * [path, revision]; `__VERSION__` is the digest of that list, so a build of the same content is the same
 * worker and a changed byte anywhere is a new one.
 */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

import { build, type Plugin, type ResolvedConfig } from "vite";

interface Options {
  /** The worker's source, relative to the project. */
  entry: string;
  /** Its name in the build; it stands at the root, so that its scope is the whole page. */
  fileName: string;
}

/** How files of such screens are named: fetched when they are opened, never kept for the time without a network. */
export const DESK = "desk-";

export type Precached = [path: string, revision: string];

export function serviceWorker({ entry, fileName }: Options): Plugin {
  let config: ResolvedConfig;
  return {
    name: "lotgate:service-worker",
    apply: "build",
    configResolved(resolved) {
      config = resolved;
    },
    async closeBundle() {
      const outDir = join(config.root, config.build.outDir);
      const precached = await listFiles(outDir, fileName);
      await buildWorker(config, join(config.root, entry), fileName, precached);
    },
  };
}

async function listFiles(outDir: string, fileName: string): Promise<Precached[]> {
  const entries = await readdir(outDir, { recursive: true, withFileTypes: true });
  const names = entries.map((entry) => entry.name);
  // A style sheet is named after its screen: that of a desk screen goes with it.
  const styles = names.filter((name) => name.startsWith(DESK)).map((name) => name.slice(DESK.length).replace(/-[^-]*$/, ""));
  const isOfDesk = (name: string) => name.startsWith(DESK) || (name.endsWith(".css") && styles.some((style) => name.startsWith(`${style}-`)));
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== fileName && !entry.name.endsWith(".map") && !entry.name.endsWith(".png") && !isOfDesk(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(files.map(async (file) => [urlOf(outDir, file), digest(await readFile(file))]));
}

function urlOf(outDir: string, file: string): string {
  const path = "/" + relative(outDir, file).split(sep).join("/");
  return path === "/index.html" ? "/" : path;
}

function digest(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

async function buildWorker(config: ResolvedConfig, entry: string, fileName: string, precached: Precached[]) {
  await build({
    configFile: false,
    root: config.root,
    publicDir: false,
    logLevel: "warn",
    define: {
      __PRECACHE__: JSON.stringify(precached),
      __VERSION__: JSON.stringify(digest(JSON.stringify(precached))),
    },
    build: {
      outDir: config.build.outDir,
      emptyOutDir: false,
      target: config.build.target,
      lib: { entry, formats: ["iife"], name: "lotgate", fileName: () => fileName },
    },
  });
}
