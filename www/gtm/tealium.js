/**
 * Tealium iQ, extension "JavaScript Code", scope "All Tags", after the E-Commerce extension, whose variables it reads. Tealium
 * calls it as the body of `function (a, b)`: `b` is the data of this page or event. Change the two addresses and the settings.
 */
(function () {
  var loader = 'https://collector.example/tag/purchase-tag.js';
  var settings = {
    site: 'demo',
    // Where the shop must ask first; nothing is stored or sent before.
    // consent: 'google',
    collector: 'https://collector.example'
  };
  // GA4's name, by which the tag reads it, and the E-Commerce extension's variable.
  var names = {
    transaction_id: '_corder',
    value: '_ctotal',
    currency: '_ccurrency',
    cart_id: 'cart_id',
    purchase_date: 'order_date',
    payment_method: 'order_payment_type',
    order_status: 'order_status',
    signature: 'order_signature'
  };
  // Lists with one entry per line; the price is that of one unit.
  var itemNames = {
    item_id: '_cprod',
    item_name: '_cprodname',
    item_brand: '_cbrand',
    item_category: '_ccat',
    price: '_cprice',
    quantity: '_cquan',
    url: 'product_url',
    image_url: 'product_image_url'
  };

  window.purchaseTag = window.purchaseTag || function () {
    (window.purchaseTag.q = window.purchaseTag.q || []).push(arguments);
  };
  window.purchaseTag('config', settings);
  if (isGiven(b._corder)) {
    var ecommerce = {};
    for (var name in names) if (isGiven(b[names[name]])) ecommerce[name] = b[names[name]];
    ecommerce.items = lines();
    window.purchaseTag('purchase', { event: 'purchase', ecommerce: ecommerce });
  }
  if (!document.querySelector('script[src="' + loader + '"]')) {
    var script = document.createElement('script');
    script.async = true;
    script.src = loader;
    document.head.appendChild(script);
  }

  function lines() {
    var items = [];
    var count = [].concat(b._cprod || []).length;
    for (var i = 0; i < count; i++) {
      var item = {};
      for (var name in itemNames) {
        // The extension makes lists of most variables; a shop's own may be a single text.
        var value = [].concat(b[itemNames[name]])[i];
        if (isGiven(value)) item[name] = value;
      }
      items.push(item);
    }
    return items;
  }

  function isGiven(value) {
    return value !== undefined && value !== null && value !== '';
  }
})();
