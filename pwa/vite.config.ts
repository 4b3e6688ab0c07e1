import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

import { serviceWorker } from "./build/service_worker.ts";

const BACKEND = process.env.LOTGATE_BACKEND ?? "http://127.0.0.1:8000";
const BACKEND_PATHS = ["/api", "/schema", "/healthz"];

export default defineConfig({
  plugins: [svelte(), serviceWorker({ entry: "src/service-worker/sw.ts", fileName: "sw.js" })],
  build: {
    outDir: "dist",
    target: "es2022",
    // Nothing is inlined: the content security policy allows neither data: nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: {
    proxy: Object.fromEntries(BACKEND_PATHS.map((path) => [path, { target: BACKEND }])),
  },
});
