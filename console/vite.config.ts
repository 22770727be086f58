import { promises as files } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const OUT = path.resolve(import.meta.dirname, "../src/tocsin/web/static");
const gzip = promisify(zlib.gzip);
const brotli = promisify(zlib.brotliCompress);

/** Compressed twins beside each text, made once here and never by the server. */
function twins(): Plugin {
  let folder = OUT;
  return {
    name: "tocsin-twins",
    apply: "build",
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      for (const name of await files.readdir(folder, { recursive: true })) {
        if (!/\.(js|css|html|svg|json|txt)$/.test(name)) continue;
        const file = path.join(folder, name);
        const bytes = await files.readFile(file);
        if (bytes.length < 512) continue;
        await files.writeFile(`${file}.gz`, await gzip(bytes, { level: 9 }));
        await files.writeFile(`${file}.br`, await brotli(bytes));
      }
    },
  };
}

export default defineConfig({
  plugins: [svelte(), twins()],
  worker: { format: "es" },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    // Nothing inline: the pages' Content-Security-Policy lets no inline script, style or data font through.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // How long which plugin took is nobody's concern.
    rolldownOptions: { checks: { pluginTimings: false } },
    manifest: "manifest.json",
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": process.env.TOCSIN_URL ?? "http://127.0.0.1:8400" },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
