// The static site: lessons from ../course, exercises from ../exercises, and the pages of the server.
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';

import { contentSecurityPolicy } from './integrations/content-security-policy';
import { serviceWorker } from './integrations/service-worker';
import { courseSidebar } from './integrations/course-sidebar';

export default defineConfig({
  // Set these to serve the site from a sub-path of another host.
  site: process.env['PROMENADE_SITE'] ?? 'http://localhost:9090',
  base: process.env['PROMENADE_BASE'] ?? '/',
  trailingSlash: 'ignore',
  // Keeps the space where a line of prose ends before a link.
  compressHTML: true,
  vite: {
    // Small scripts stay files of their own: the content security policy allows no inline module.
    build: { assetsInlineLimit: 0 },
    worker: { format: 'es' },
  },
  // Code that isn't live, such as YAML, in the colours of the theme (styles/prose.css).
  markdown: { shikiConfig: { theme: 'css-variables' } },
  integrations: [
    starlight({
      title: 'Promenade',
      description: 'A course on Prometheus that runs Prometheus in the page.',
      favicon: '/favicon.svg',
      customCss: ['theme', 'prose', 'sandbox', 'editor', 'result', 'exercise', 'lab', 'progress'].map(
        (name) => `./src/styles/${name}.css`,
      ),
      components: {
        Footer: './src/components/overrides/Footer.astro',
        Hero: './src/components/overrides/Hero.astro',
        PageTitle: './src/components/overrides/PageTitle.astro',
        Search: './src/components/overrides/Search.astro',
        SiteTitle: './src/components/overrides/SiteTitle.astro',
        TwoColumnContent: './src/components/overrides/TwoColumnContent.astro',
        SocialIcons: './src/components/overrides/SocialIcons.astro',
      },
      expressiveCode: false,
      sidebar: courseSidebar(new URL('../course/', import.meta.url)),
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 2 },
    }),
    contentSecurityPolicy(),
    // Last: it hashes the files as they are served.
    serviceWorker(),
  ],
});
