// The operator signs in, finds an account, opens a new one by a form, and reads a refusal.

import { assert, inBrowser } from './browser.mjs';

await inBrowser(async (page, { console: url, token }) => {
  await page.goto(url);
  await page.getByLabel('Admin token').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This token is not accepted.').waitFor();

  await page.getByLabel('Admin token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  assert.ok(!page.url().includes(token), 'the token is in the address');
  assert.match(await page.locator('dl').first().innerText(), /ready/);

  await page.getByRole('navigation').getByRole('link', { name: 'accounts' }).click();
  await page.getByRole('cell', { name: 'china' }).first().waitFor();

  // A name that would be markup, were it not shown as text.
  const name = '<img src=x onerror=alert(1)> & Söhne 云';
  await page.getByRole('link', { name: 'open', exact: true }).click();
  await page.getByLabel('name', { exact: true }).fill(name);
  await page.getByLabel('edition').selectOption('intl');
  await page.getByRole('button', { name: 'Carry out' }).click();
  await page.getByText('Done.').waitFor();
  await page.locator('dl a').first().click();
  await page.getByText(name).waitFor();
  await page.getByText('USD', { exact: true }).first().waitFor();
  assert.equal(await page.locator('main img').count(), 0);

  // What the API refuses is said, and where.
  await page.getByRole('navigation').getByRole('link', { name: 'accounts' }).click();
  await page.getByRole('link', { name: 'open', exact: true }).click();
  await page.getByLabel('edition').selectOption('china');
  await page.getByLabel('uin').fill('no number');
  await page.getByRole('button', { name: 'Carry out' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.locator('.wrong').count(), 1);

  // The other language, and out.
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: '退出' }).click();
  await page.getByLabel('管理令牌').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
});
