// The story of the demo, as a visitor lives it: a coffee paid in WeChat and in Alipay, an order that is too expensive,
// a top-up in one of both, and the order paid.

import { assert, inBrowser } from './browser.mjs';

const COFFEE = '¥18.00';

await inBrowser(async (page, { shop, price, topUpWith }) => {
  await page.goto(shop);

  /** Pays in the cashier that the app has opened over the page, and waits until it has gone. */
  async function pay() {
    const cashier = page.frameLocator('iframe[data-yunfu-cashier]');
    await cashier.getByRole('button', { name: '立即支付' }).click();
    await page.locator('iframe[data-yunfu-cashier]').waitFor({ state: 'detached' });
  }

  const newest = heading => page.getByRole('region', { name: heading }).locator('.sale').first();

  // Somebody who changes their mind: the page hears it, and nothing was paid.
  const coffee = 'A coffee, paid in the app';
  await page.getByRole('button', { name: 'Pay with WeChat' }).first().click();
  await page.frameLocator('iframe[data-yunfu-cashier]').getByRole('button', { name: '取消' }).click();
  await page.getByText('The app told the page “get_brand_wcpay_request:cancel”').waitFor();
  assert.equal(await newest(coffee).getAttribute('data-state'), 'waiting');
  assert.equal(await page.getByText('Here is your coffee.').count(), 0);

  // As users of both apps; each time the signed notice comes in, and only it hands out the coffee.
  for (const [app, told] of [['WeChat', 'get_brand_wcpay_request:ok'], ['Alipay', 'resultCode 9000']]) {
    const before = await newest(coffee).getAttribute('data-number');
    await page.getByRole('button', { name: `Pay with ${app}` }).first().click();
    await pay();
    const sale = newest(coffee);
    await sale.getByText(`A signed notice arrived: ${COFFEE} paid`).waitFor();
    await sale.getByText(`The app told the page “${told}”`).waitFor();
    assert.notEqual(await sale.getAttribute('data-number'), before);
    assert.equal(await sale.getAttribute('data-state'), 'paid');
    await page.locator('#page').getByText('Here is your coffee.').waitFor();

    // The message itself can be looked at.
    const notice = sale.getByRole('listitem').filter({ hasText: 'A signed notice' });
    await notice.getByText('The message').click();
    assert.match(await notice.locator('pre').innerText(), /"total_fee": 1800/);
  }

  // The order is more than there is.
  const order = page.getByRole('region', { name: 'An order that costs more than there is' });
  await order.getByText(price, { exact: true }).waitFor();
  await order.getByRole('button', { name: 'Pay the order' }).click();
  await order.getByText('FailedOperation.BalanceInsufficient', { exact: true }).waitFor();

  // Topped up over the cashier, and credited by the notice.
  await order.getByRole('button', { name: new RegExp(`^Top up .* with ${topUpWith}$`) }).click();
  await pay();
  await order.getByText(/^The balance was credited with/).waitFor();
  await order.getByRole('button', { name: /^Top up/ }).first().waitFor({ state: 'detached' });
  assert.equal(await order.locator('#balance').innerText(), price);

  // Now it can be paid, and is delivered.
  await order.getByRole('button', { name: 'Pay the order' }).click();
  await order.getByText('PayDeals paid the order.').waitFor();
  await order.getByText('Paid and delivered').waitFor();
  assert.match(await order.locator('.card code').last().innerText(), /^ins-/);

  // In the other language.
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('heading', { name: '一杯咖啡' }).waitFor();
  await page.getByText('已支付并发货').waitFor();
});
