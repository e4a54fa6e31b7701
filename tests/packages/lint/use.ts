import { checkout, config, consent, flush, init, purchase, snapshot, version } from 'cn-purchase-tag';
import type { InitOptions, OutcomeDetail, TagSnapshot } from 'cn-purchase-tag';
import * as inline from 'cn-purchase-tag/inline';

const options: InitOptions = { site: 'demo', collector: 'https://collector.example', decimal: 'comma', data_layer: 'dataLayer' };
const running: Promise<boolean> = init(options);
void inline.init({ ...options, wasm: fetch('/purchase-tag.wasm') });
void init({ ...options, wasm: new URL('/purchase-tag.wasm', 'https://shop.example') });
void init({ ...options, wasm: new Uint8Array(8) });
void init({ ...options, wasm: WebAssembly.compile(new Uint8Array(8)) });
// @ts-expect-error: the collector's address is required
void init({ site: 'demo' });
// @ts-expect-error: no decimal mark
void init({ ...options, decimal: 'point' });
void init({ ...options, consent: 'google', consent_for: 'analytics_storage', gpc: 'deny' });
void init({ ...options, consent: 'tcf', consent_for: '1 7', consent_vendor: 42 });
// @ts-expect-error: no mode
void init({ ...options, consent: 'Google' });

purchase({ purchase_id: '10023', total_quantity: 3, total_price: '180.75' });
purchase([{ purchaseId: '10023', signature: '5f' }]);
// @ts-expect-error: a signature is a text
purchase({ purchase_id: '10023', signature: 5 });
// @ts-expect-error: an id is no purchase
purchase('10023');
checkout({ cart_id: '558' });
flush();
config({ currency: 'EUR' });
// @ts-expect-error: the site stands
config({ site: 'other' });
// @ts-expect-error: who tells consent stands
config({ consent: 'wait' });
consent('granted');
consent('denied', { site: 'demo' });
flush({ site: 'demo' });
void snapshot({ site: 'demo' });
const held: Promise<TagSnapshot | null> = snapshot();
const release: string = version;

document.addEventListener('purchase-tag:registered', ({ detail }) => {
  const outcome: OutcomeDetail = detail;
  console.log(outcome.purchase_id, release, running, held);
});
export const same: typeof init = inline.init;
