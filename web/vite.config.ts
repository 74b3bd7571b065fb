import { defineConfig } from 'vite';

// The content security policy (deploy/nginx/yagura.conf.in) allows files of this origin and nothing inline: no data: addresses, no
// polyfill script in the page.
export default defineConfig({
  build: {
    outDir: '../build/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
});
