/** The shop's script on every page: the tag, and on the confirmation page the purchase. */
import { init, purchase } from 'cn-purchase-tag';

init({ site: 'demo', collector: 'https://collector.example' });

const order = document.getElementById('order');
if (order) purchase(JSON.parse(order.textContent));
