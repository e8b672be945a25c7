// A Chromium that talks to loopback alone, and a page whose every complaint fails the test.

import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

/** Runs steps in a fresh browser. `steps` gets a page, and what the test told us. */
export async function inBrowser(steps) {
  const told = JSON.parse(readFileSync(0, 'utf8'));
  const browser = await chromium.launch({
    executablePath: process.argv[2],
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  try {
    const page = await browser.newPage({ locale: told.locale ?? 'en-US' });
    page.setDefaultTimeout(30_000);
    const complaints = [];
    page.on('pageerror', error => complaints.push(String(error)));
    page.on('console', message => {
      // Chromium reports each answer of 4xx as an error of the page; those are looked at in the steps.
      if (message.type() === 'error' && !message.text().includes('Failed to load resource')) {
        complaints.push(message.text());
      }
    });
    page.on('request', request => {
      const { hostname, protocol } = new URL(request.url());
      if (!['127.0.0.1', 'localhost'].includes(hostname) && protocol !== 'data:' && protocol !== 'blob:') {
        complaints.push(`asks elsewhere: ${request.url()}`);
      }
    });
    await steps(page, told);
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
}

export { assert };
