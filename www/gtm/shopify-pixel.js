/**
 * Shopify custom pixel: posts the purchase of `checkout_completed` to the collector. A pixel runs in a sandboxed frame without an
 * origin, so nothing can be kept: it is sent at once and again until the collector's receipt comes, or the frame ends.
 * Envelope, address and receipt: ARCHITECTURE.md. Event: https://shopify.dev/docs/api/web-pixels-api/standard-events/checkout_completed.
 */
(() => {
  const SETTINGS = {
    site: 'demo',
    collector: 'https://collector.example',
    /** `none`, `sha256` or `email`: whether the buyer's address is sent, and how. */
    contact: 'none',
    /** What a line's `product_id` is: `product`, `variant` (their numbers) or `sku`. */
    product_id: 'product',
  };

  /** Most attempts for one purchase; the last one leaves some minutes after the first. */
  const ATTEMPTS_MAX = 10;

  /** First step of the backoff and the longest one, in milliseconds. */
  const BACKOFF_BASE_MS = 1000;
  const BACKOFF_MS_MAX = 60 * 1000;

  /** Longest `Retry-After` that is obeyed, in milliseconds. */
  const RETRY_AFTER_MS_MAX = 60 * 60 * 1000;

  /** Longest wait for an answer, in milliseconds. */
  const ANSWER_MS_MAX = 30 * 1000;

  /** Largest body that may outlive the frame, in bytes: browsers allow 64 KiB. */
  const KEEPALIVE_BYTES_MAX = 60000;

  analytics.subscribe('checkout_completed', async (event) => {
    const { id, text } = await envelope(event);
    deliver(id, text);
  });

  async function envelope(event) {
    const { checkout } = event.data;
    const { site, contact: mode } = SETTINGS;
    const data = purchase(checkout, event);
    const id = recordId(site + ' call ' + JSON.stringify(data));
    const contact = await buyer(checkout.email);
    const text = JSON.stringify({
      v: 1,
      site,
      id,
      source: 'call',
      captured_at: Date.now(),
      // The origin only: the path of an order page holds what opens it.
      page: origin(event) && origin(event) + '/',
      config: { contact: mode },
      contact: contact || undefined,
      data,
    });
    return { id, text };
  }

  function purchase(checkout, event) {
    const lines = checkout.lineItems || [];
    return {
      // Without an order, which Shopify does not rule out, the checkout's token: the purchase is not lost, but a message of the
      // shop's server about it will be another purchase.
      purchase_id: number(checkout.order?.id) || checkout.token,
      total_quantity: lines.reduce((sum, line) => sum + line.quantity, 0),
      total_price: checkout.totalPrice?.amount,
      currency: checkout.currencyCode,
      purchase_date: event.timestamp,
      payment_method: checkout.transactions?.[0]?.gateway,
      product_basket_item: lines.map((line) => item(line, event)),
    };
  }

  function item(line, event) {
    const { variant } = line;
    const product = variant?.product;
    const ids = { product: number(product?.id), variant: number(variant?.id), sku: variant?.sku };
    return {
      product_id: ids[SETTINGS.product_id] || undefined,
      name: line.title || product?.title,
      quantity: line.quantity,
      unit_price: variant?.price?.amount,
      price: line.finalLinePrice?.amount,
      url: absolute(product?.url, event),
      image_url: absolute(variant?.image?.src, event),
      brand: product?.vendor || undefined,
      category: product?.type || undefined,
    };
  }

  /** `123` of `gid://shopify/Order/123`; Shopify has written ids both ways. */
  function number(id) {
    return id ? String(id).split('/').pop().split('?')[0] : undefined;
  }

  function origin(event) {
    return event.context?.document?.location?.origin;
  }

  function absolute(address, event) {
    try {
      return address ? new URL(address, origin(event)).href : undefined;
    } catch {
      return undefined;
    }
  }

  /** The buyer's address as the setting wants it; empty if there is none, or it cannot be hashed. */
  async function buyer(email) {
    if (!email || SETTINGS.contact === 'none') return '';
    if (SETTINGS.contact === 'email') return email;
    try {
      const [local, domain] = email.trim().toLowerCase().split('@');
      const isGoogle = domain === 'gmail.com' || domain === 'googlemail.com';
      const normal = (isGoogle ? local.replaceAll('.', '') : local) + '@' + domain;
      const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(normal));
      return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
    } catch {
      return '';
    }
  }

  /** 64 bits of hash in base 36, as the loader makes them: the same purchase is the same record. cyrb53 (public domain, bryc). */
  function recordId(text) {
    let a = 0xdeadbeef;
    let b = 0x41c6ce57;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 2654435761);
      b = Math.imul(b ^ unit, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return [a, b].map((bits) => (bits >>> 0).toString(36).padStart(7, '0')).join('');
  }

  function deliver(id, text) {
    const size = new TextEncoder().encode(text).length;
    let attempts = 0;
    let confirmed = false;
    let underWay = false;
    let timer;
    const address = () => `${SETTINGS.collector}/v1/purchases?sent_at=${Date.now()}&attempt=${++attempts}`;

    addEventListener('online', () => {
      clearTimeout(timer);
      attempt();
    });
    addEventListener('pagehide', () => {
      // What is under way with `keepalive` goes on by itself.
      const goesOn = underWay && size <= KEEPALIVE_BYTES_MAX;
      if (!confirmed && !goesOn && attempts < ATTEMPTS_MAX) navigator.sendBeacon(address(), text);
    });
    attempt();

    async function attempt() {
      if (confirmed || underWay || attempts >= ATTEMPTS_MAX) return;
      underWay = true;
      const { receipt, retryAfter } = await post(address(), text, id, size);
      underWay = false;
      confirmed = !!receipt;
      const bound = Math.min(BACKOFF_MS_MAX, BACKOFF_BASE_MS * 2 ** (attempts - 1));
      if (!confirmed) timer = setTimeout(attempt, Math.max(Math.random() * bound, retryAfter));
    }
  }

  /** One request; only the collector's own receipt for this record is an answer, whatever the status. Never rejects. */
  async function post(address, text, id, size) {
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), ANSWER_MS_MAX);
    let retryAfter = 0;
    try {
      const response = await fetch(address, {
        method: 'POST',
        body: text,
        credentials: 'omit',
        keepalive: size <= KEEPALIVE_BYTES_MAX,
        signal: abort.signal,
      });
      retryAfter = wait(response.headers.get('retry-after'));
      const receipt = await response.json();
      const isOurs = receipt.receipt === 1 && receipt.id === id;
      return { receipt: isOurs && /^(accepted|duplicate|refused)$/.test(receipt.outcome), retryAfter };
    } catch {
      return { receipt: false, retryAfter };
    } finally {
      clearTimeout(limit);
    }
  }

  /** `Retry-After`, seconds or a date, in milliseconds from now; 0 if there is none. */
  function wait(header) {
    if (!header) return 0;
    const ms = /^\s*\d+\s*$/.test(header) ? header * 1000 : Date.parse(header) - Date.now();
    return ms > 0 ? Math.min(ms, RETRY_AFTER_MS_MAX) : 0;
  }
})();
