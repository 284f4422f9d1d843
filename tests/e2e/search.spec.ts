import { expect, test } from './fixtures';

/** What is searched for, the page that has it, and its place there. */
const wanted: readonly [string, string, RegExp][] = [
  ['histogram_quantile', 'a function', /\/functions\/#histogram_quantile$/],
  ['predict_linear', 'another function', /\/functions\/#predict_linear$/],
  [
    'two busiest moment',
    'an exercise by its title',
    /\/course\/promql-advanced\/over-time\/#exercise-4\.7-E2$/,
  ],
  ['matcher finds parts of a value', 'a misconception', /\/misconceptions\/#mc19$/],
  ['quantiles can be averaged', 'another misconception', /\/misconceptions\/#mc11$/],
];

test('the search finds functions, exercises and misconceptions, at their places', async ({ page }) => {
  await page.goto('/course/');
  await page.getByRole('button', { name: 'Search' }).click();
  const field = page.locator('dialog input');
  const places = page.locator('dialog a[href]');
  for (const [query, what, address] of wanted) {
    await field.fill(query);
    await expect
      .poll(() => places.evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href)), what)
      .toContainEqual(expect.stringMatching(address));
  }
});

test('a function of the list leads to a lesson that uses it', async ({ page }) => {
  await page.goto('/functions/#rate');
  const rate = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'rate', exact: true }) });
  await expect(rate).toContainText('rate(range vector)');
  await rate.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/course\//);
});
