import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

import { DESK, serviceWorker } from "./build/service_worker.ts";

const BACKEND = process.env.LOTGATE_BACKEND ?? "http://127.0.0.1:8000";
const BACKEND_PATHS = ["/api", "/schema", "/healthz"];
/** What every visit needs until the first screen stands: one file packs better than twenty. */
const SHELL =
  /src\/(api\/(calls|client|kept)|outbox\/|trust\/witness\.svelte|values\/decimal|words\/(moments|reasons|words)|window\/(offline|preferences|router|session|tones|wedge\.|form|scan\/pending|screens\/(Home|SignIn)|parts\/(BottomBar|Empty|ErrorSummary|Field|Icon|Load|Screen|Skeleton|Status|form|status)))/;

/** Screens and words of quality and administration (folders named so), and screens that are nothing without the server. */
const ONLINE =
  /\/src\/((window|words)\/desk\/|words\/labels_|window\/(release|chat)\/|window\/inspection\/HandOver|window\/parts\/(ChatCode|Disposition|FollowUps|PlannedFollowUps|ReworkCard|Similar)\.|window\/screens\/(Certificates|Chat|Keys|Log|LotLabels|Ncrs?|Notices|People|Production|ProductionRun|Release|Trace)\.svelte)/;
const ofDesk = (modules: readonly (string | null)[]) =>
  modules.length > 0 && modules.every((one) => one !== null && ONLINE.test(one.replaceAll("\\", "/")));

export default defineConfig({
  plugins: [svelte(), serviceWorker({ entry: "src/service-worker/sw.ts", fileName: "sw.js" })],
  build: {
    outDir: "dist",
    target: "es2022",
    // Nothing is inlined: the content security policy allows neither data: nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "shell", test: SHELL }] },
        chunkFileNames: (chunk) => `assets/${ofDesk(chunk.moduleIds) ? DESK : ""}[name]-[hash].js`,
      },
    },
  },
  worker: { format: "es" },
  server: {
    proxy: Object.fromEntries(BACKEND_PATHS.map((path) => [path, { target: BACKEND }])),
  },
});
