// Type-aware linting of the site and its browser tests. Formatting is prettier's business.
import astro from 'eslint-plugin-astro';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['site/dist/', 'site/.astro/', 'site/src/engine/generated/'] },
  {
    files: ['site/**/*.ts', 'tests/e2e/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: './site/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // `() => this.run()` is a callback, not a claim about its value.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Counts and times read well in a template string.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `array[i]!` inside a loop over the array says what noUncheckedIndexedAccess can't see.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  ...astro.configs.recommended,
  // The scripts inside .astro files only import; the modules that they import are checked above.
  { files: ['**/*.astro/*.ts'], extends: [tseslint.configs.disableTypeChecked] },
);
