import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
  // A warning is a mistake: most of them are about people who see or move otherwise.
  onwarn(warning) {
    throw new Error(`${warning.filename ?? ""}:${warning.start?.line ?? ""} ${warning.message} [${warning.code}]`);
  },
};
