import { defineConfig } from 'vite'

/** Builds the GraphiQL page that the gateway serves at /graphql, its assets below it. */
export default defineConfig({
  base: '/graphql/',
  publicDir: false,
  logLevel: 'warn',
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // A data URL for a font or an icon would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'LICENSES.md' },
    reportCompressedSize: false,
    // The editor is one large module graph, loaded after the page shows; there is no smaller part of it to run first.
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
})
