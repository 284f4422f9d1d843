/**
 * What every browser test starts from: a page that may neither complain on the console nor ask another
 * origin for anything, and handles for sandboxes and exercises by role, as a learner finds them.
 */
import { expect, test as base, type Locator, type Page } from '@playwright/test';

interface Fixtures {
  /** Runs by itself. Console errors that a test expects go into its list. */
  quietPage: { allowed: RegExp[] };
}

export const test = base.extend<Fixtures>({
  quietPage: [
    async ({ page, baseURL }, use) => {
      const complaints: string[] = [];
      // Tests run without the worker that keeps the site (playwright.config.ts).
      const allowed: RegExp[] = [/Service Worker registration blocked by Playwright/];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      const elsewhere: string[] = [];
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.origin !== new URL(baseURL!).origin)
          elsewhere.push(request.url());
      });
      await use({ allowed });
      expect(elsewhere, 'requests to other origins').toEqual([]);
      expect(complaints.filter((text) => !allowed.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export const lessons = {
  browser: '/course/promql-basics/expression-browser/',
  selectors: '/course/promql-basics/selectors/',
  rates: '/course/promql-basics/rates/',
};

/** A sandbox, found by the accessible name of its editor. */
export class Sandbox {
  readonly root: Locator;
  readonly editor: Locator;
  readonly status: Locator;

  constructor(
    private readonly page: Page,
    label: string | RegExp,
  ) {
    this.editor = page.getByRole('textbox', { name: label });
    this.root = page.locator('promenade-sandbox').filter({ has: this.editor });
    this.status = this.root.locator('.status');
  }

  async type(query: string): Promise<void> {
    await this.editor.click();
    await this.page.keyboard.press('ControlOrMeta+A');
    // insertText puts the text in as a paste does: no brackets are closed on the way.
    await this.page.keyboard.insertText(query);
  }

  async show(tab: 'Table' | 'Graph' | 'Explain'): Promise<void> {
    await this.root.getByRole('tab', { name: tab }).click();
  }
}

/** Brings lazy sandboxes to life by scrolling to them. */
export async function reach(page: Page, selector: string): Promise<void> {
  const target = page.locator(selector);
  await target.scrollIntoViewIfNeeded();
  await expect(target.getByRole('textbox')).toBeVisible({ timeout: 15_000 });
}

/** An exercise of the lesson that is open. */
export class Exercise {
  readonly root: Locator;
  readonly sandbox: Sandbox;
  readonly verdict: Locator;

  constructor(
    private readonly page: Page,
    private readonly id: string,
  ) {
    this.root = page.getByRole('region', { name: new RegExp(`Exercise ${id}`) });
    this.sandbox = new Sandbox(page, new RegExp(`Answer to exercise ${id}`));
    this.verdict = this.root.locator('[data-part="verdict"]');
  }

  async open(): Promise<void> {
    await reach(this.page, `promenade-exercise[data-id="${this.id}"]`);
  }

  async answer(query: string): Promise<void> {
    await this.sandbox.type(query);
    await this.root.getByRole('button', { name: 'Check answer' }).click();
  }
}

/**
 * Waits until the server under the pages has seen both of its targets (prometheus.yml beside this file):
 * itself, and one that refuses connections.
 */
export async function serverHasScraped(page: Page): Promise<void> {
  const series = async () => {
    const response = await page.request.get('/api/v1/query?query=up');
    const answer = (await response.json()) as { data: { result: unknown[] } };
    return answer.data.result.length;
  };
  await expect.poll(series).toBe(2);
}
