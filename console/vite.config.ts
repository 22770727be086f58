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

/** The licences of what others wrote and the built files hold, fonts too: each asks to go with every copy. */
function licences(): Plugin {
  return {
    name: "tocsin-licences",
    apply: "build",
    async generateBundle(_options, bundle) {
      const held = new Set<string>();
      for (const one of Object.values(bundle)) {
        const ids = one.type === "chunk" ? one.moduleIds : one.originalFileNames;
        for (const id of ids) {
          const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll("\\", "/"))?.[1];
          if (name !== undefined) held.add(name);
        }
      }
      const parts: string[] = [];
      for (const name of [...held].sort()) {
        const folder = path.resolve(import.meta.dirname, "node_modules", name);
        const about = JSON.parse(await files.readFile(path.join(folder, "package.json"), "utf8")) as Record<string, string>;
        const file = (await files.readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
        if (file === undefined) throw new Error(`${name} is in the console, and its licence is in no file of it.`);
        const text = (await files.readFile(path.join(folder, file), "utf8")).trim();
        parts.push(`${name} ${about.version} (${about.license})\n\n${text}\n`);
      }
      this.emitFile({ type: "asset", fileName: "licences.txt", source: parts.join(`\n${"-".repeat(80)}\n\n`) });
    },
  };
}

export default defineConfig({
  plugins: [svelte(), licences(), twins()],
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
    // The phone page is a page of its own: it has nothing of the queue.
    rolldownOptions: { input: ["index.html", "duty.html"], checks: { pluginTimings: false } },
    manifest: "manifest.json",
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": process.env.TOCSIN_URL ?? "http://127.0.0.1:8400" },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
