/**
 * States the purchase to the tag before the form leaves, as a shop does that creates its order before the payment. The
 * purchase is in the page's JSON script element; only the way to pay is the form's.
 */
(function () {
  'use strict';

  const form = /** @type {HTMLFormElement} */ (document.getElementById('checkout'));
  // On the window, so that the tag hears of the purchase before it hears of the form.
  window.addEventListener('submit', function (event) {
    const first = /** @type {HTMLInputElement} */ (form.elements.namedItem('order_first'));
    if (event.target !== form || !first.checked) return;
    const purchase = JSON.parse(document.getElementById('purchase').textContent);
    const way = form.querySelector('input[name="payment"]:checked + span b');
    purchaseTag('checkout', { ...purchase, payment_method: way ? way.textContent : '' });
  }, true);
})();
