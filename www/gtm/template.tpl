___TERMS_OF_SERVICE___

By creating or modifying this file you agree to Google Tag Manager's Community
Template Gallery Developer Terms of Service available at
https://developers.google.com/tag-manager/gallery-tos (or such other URL as
Google may provide), as modified from time to time.


___INFO___

{
  "type": "TAG",
  "id": "cvt_temp_public_id",
  "version": 1,
  "securityGroups": [],
  "displayName": "Purchase Tag",
  "categories": [
    "ANALYTICS",
    "MARKETING"
  ],
  "brand": {
    "id": "brand_dummy",
    "displayName": "Purchase Tag",
    "thumbnail": ""
  },
  "description": "Loads the purchase tag and hands it the purchase of the order confirmation page, which it keeps in the browser until your collector has confirmed it.",
  "containerContexts": [
    "WEB"
  ]
}


___TEMPLATE_PARAMETERS___

[
  {
    "type": "TEXT",
    "name": "site",
    "displayName": "Site key",
    "simpleValueType": true,
    "alwaysInSummary": true,
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      },
      {
        "type": "REGEX",
        "args": [
          "^([A-Za-z0-9._-]{1,64}|\\{\\{.+\\}\\})$"
        ],
        "errorMessage": "1 to 64 of A-Z a-z 0-9 . _ -"
      }
    ],
    "help": "The shop's key at the collector.",
    "valueHint": "demo"
  },
  {
    "type": "TEXT",
    "name": "loaderUrl",
    "displayName": "Address of the loader",
    "simpleValueType": true,
    "alwaysInSummary": true,
    "defaultValue": "https://collector.example/tag/purchase-tag.js",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      },
      {
        "type": "REGEX",
        "args": [
          "^https://[^?#]+\\.js$"
        ],
        "errorMessage": "An https address of a .js file, without a query"
      }
    ],
    "help": "Where <strong>purchase-tag.js</strong> is served. Its address must be covered by this template's permission <em>Injects scripts</em>."
  },
  {
    "type": "TEXT",
    "name": "collector",
    "displayName": "Address of the collector",
    "simpleValueType": true,
    "valueValidators": [
      {
        "type": "REGEX",
        "args": [
          "^(https?://[^?#]+|\\{\\{.+\\}\\})?$"
        ],
        "errorMessage": "An http(s) address, without a query"
      }
    ],
    "help": "Where purchases are sent. Empty: the origin of the loader.",
    "canBeEmptyString": true
  },
  {
    "type": "RADIO",
    "name": "source",
    "displayName": "Where the purchase is stated",
    "radioItems": [
      {
        "value": "dataLayer",
        "displayValue": "In the data layer: GA4's <em>ecommerce</em>, or Universal Analytics' <em>ecommerce.purchase</em>"
      },
      {
        "value": "fields",
        "displayValue": "In variables of this container, given below"
      },
      {
        "value": "markup",
        "displayValue": "In the page itself: a <em>cn_purchase</em> block or JSON script"
      }
    ],
    "simpleValueType": true,
    "defaultValue": "dataLayer"
  },
  {
    "type": "TEXT",
    "name": "eventName",
    "displayName": "Name of the data layer event",
    "simpleValueType": true,
    "defaultValue": "purchase",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      }
    ],
    "help": "An <em>ecommerce</em> object of another event (a refund, for example) is no purchase.",
    "enablingConditions": [
      {
        "paramName": "source",
        "paramValue": "dataLayer",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "GROUP",
    "name": "fields",
    "displayName": "The purchase",
    "groupStyle": "NO_ZIPPY",
    "enablingConditions": [
      {
        "paramName": "source",
        "paramValue": "fields",
        "type": "EQUALS"
      }
    ],
    "subParams": [
      {
        "type": "TEXT",
        "name": "purchaseId",
        "displayName": "Order number",
        "simpleValueType": true,
        "help": "Nothing is handed over while this is empty, so the tag may fire on every page."
      },
      {
        "type": "TEXT",
        "name": "totalPrice",
        "displayName": "Total",
        "simpleValueType": true
      },
      {
        "type": "TEXT",
        "name": "tax",
        "displayName": "Tax",
        "simpleValueType": true
      },
      {
        "type": "TEXT",
        "name": "shipping",
        "displayName": "Shipping",
        "simpleValueType": true
      },
      {
        "type": "TEXT",
        "name": "items",
        "displayName": "Lines",
        "simpleValueType": true,
        "help": "A variable that holds a list, in GA4's form (<em>item_id</em>, <em>item_name</em>, <em>price</em> per unit, <em>quantity</em>) or in the markup's."
      },
      {
        "type": "TEXT",
        "name": "totalQuantity",
        "displayName": "Units",
        "simpleValueType": true,
        "help": "Counted from the lines if they are in GA4's form."
      },
      {
        "type": "TEXT",
        "name": "cartId",
        "displayName": "Cart",
        "simpleValueType": true
      },
      {
        "type": "TEXT",
        "name": "purchaseDate",
        "displayName": "Time of the order",
        "simpleValueType": true
      },
      {
        "type": "TEXT",
        "name": "paymentMethod",
        "displayName": "Payment method",
        "simpleValueType": true
      }
    ]
  },
  {
    "type": "SELECT",
    "name": "total",
    "displayName": "What the total contains",
    "macrosInSelect": false,
    "selectItems": [
      {
        "value": "as_is",
        "displayValue": "What the customer paid: hand it over as it is"
      },
      {
        "value": "plus_tax_and_shipping",
        "displayValue": "Neither tax nor shipping: add both"
      },
      {
        "value": "plus_tax",
        "displayValue": "No tax: add it"
      },
      {
        "value": "plus_shipping",
        "displayValue": "No shipping: add it"
      },
      {
        "value": "minus_tax_and_shipping",
        "displayValue": "Both, and they are to be left out: deduct both"
      }
    ],
    "simpleValueType": true,
    "defaultValue": "as_is",
    "help": "GA4 documents <em>value</em> without tax and shipping; many shops put what the customer paid. Computed in decimal digits, never rounded.",
    "enablingConditions": [
      {
        "paramName": "source",
        "paramValue": "markup",
        "type": "NOT_EQUALS"
      }
    ]
  },
  {
    "type": "GROUP",
    "name": "reading",
    "displayName": "How amounts and dates are read",
    "groupStyle": "ZIPPY_CLOSED",
    "subParams": [
      {
        "type": "SELECT",
        "name": "decimal",
        "displayName": "Decimal mark",
        "macrosInSelect": false,
        "selectItems": [
          {
            "value": "unknown",
            "displayValue": "Not set: 1.234 is refused, because it can be read in two ways"
          },
          {
            "value": "dot",
            "displayValue": "Dot: 1.234 is a bit more than one"
          },
          {
            "value": "comma",
            "displayValue": "Comma: 1.234 is a thousand and more"
          }
        ],
        "simpleValueType": true,
        "defaultValue": "unknown"
      },
      {
        "type": "TEXT",
        "name": "timeZone",
        "displayName": "Time zone of dates without one",
        "simpleValueType": true,
        "valueHint": "Europe/Madrid",
        "help": "IANA name or ±hh:mm."
      },
      {
        "type": "TEXT",
        "name": "currency",
        "displayName": "Currency",
        "simpleValueType": true,
        "valueHint": "EUR",
        "valueValidators": [
          {
            "type": "REGEX",
            "args": [
              "^([A-Za-z]{3}|\\{\\{.+\\}\\})?$"
            ],
            "errorMessage": "An ISO 4217 code"
          }
        ],
        "help": "ISO 4217. Another one beside an amount is reported."
      },
      {
        "type": "SELECT",
        "name": "contact",
        "displayName": "Buyer's e-mail (cn_client_info)",
        "macrosInSelect": false,
        "selectItems": [
          {
            "value": "none",
            "displayValue": "Not read"
          },
          {
            "value": "sha256",
            "displayValue": "Read, and sent as SHA-256 only"
          },
          {
            "value": "email",
            "displayValue": "Read and sent"
          }
        ],
        "simpleValueType": true,
        "defaultValue": "none"
      }
    ]
  },
  {
    "type": "GROUP",
    "name": "status",
    "displayName": "Order status",
    "groupStyle": "ZIPPY_CLOSED",
    "subParams": [
      {
        "type": "SELECT",
        "name": "platform",
        "displayName": "Shop platform",
        "macrosInSelect": false,
        "selectItems": [
          {
            "value": "none",
            "displayValue": "Not set"
          },
          {
            "value": "woocommerce",
            "displayValue": "WooCommerce"
          },
          {
            "value": "prestashop",
            "displayValue": "PrestaShop"
          },
          {
            "value": "magento2",
            "displayValue": "Magento 2"
          },
          {
            "value": "bigcommerce",
            "displayValue": "BigCommerce"
          },
          {
            "value": "shift4shop",
            "displayValue": "Shift4Shop"
          }
        ],
        "simpleValueType": true,
        "defaultValue": "none",
        "help": "By whose rule an order's status counts as a purchase."
      },
      {
        "type": "TEXT",
        "name": "orderStatuses",
        "displayName": "Statuses of this shop",
        "simpleValueType": true,
        "valueHint": "awaiting_stock=pending, enviado=completed:placed",
        "help": "name=state[:placed], separated by commas; they win over the platform's."
      },
      {
        "type": "TEXT",
        "name": "orderStatus",
        "displayName": "Status of this order",
        "simpleValueType": true,
        "help": "If the page knows it and the data layer does not say it.",
        "enablingConditions": [
          {
            "paramName": "source",
            "paramValue": "markup",
            "type": "NOT_EQUALS"
          }
        ]
      }
    ]
  },
  {
    "type": "GROUP",
    "name": "consents",
    "displayName": "Consent",
    "groupStyle": "NO_ZIPPY",
    "subParams": [
      {
        "type": "SELECT",
        "name": "consent",
        "displayName": "Who tells the shopper's consent",
        "macrosInSelect": false,
        "selectItems": [
          {
            "value": "not-required",
            "displayValue": "Nobody: none is needed, or the consent settings of this tag hold it back"
          },
          {
            "value": "google",
            "displayValue": "Google's consent mode: gtag('consent', …) in the page"
          },
          {
            "value": "tag_manager",
            "displayValue": "Tag Manager: a banner that is a template of this container"
          },
          {
            "value": "tcf",
            "displayValue": "A banner of the IAB's framework (TCF)"
          },
          {
            "value": "wait",
            "displayValue": "A call of purchaseTag('consent', …)"
          }
        ],
        "simpleValueType": true,
        "defaultValue": "not-required",
        "help": "Until it is granted nothing is stored and nothing is sent: the purchase of this page waits in its memory. With <em>Tag Manager</em> set a default in <em>Consent Initialization</em>: it counts a type that was never set as granted."
      },
      {
        "type": "TEXT",
        "name": "consentFor",
        "displayName": "What must be granted",
        "simpleValueType": true,
        "valueHint": "ad_storage analytics_storage",
        "canBeEmptyString": true,
        "valueValidators": [
          {
            "type": "REGEX",
            "args": [
              "^([\\w\\s,]{1,256}|\\{\\{.+\\}\\})?$"
            ],
            "errorMessage": "Names or numbers, separated by blanks or commas"
          }
        ],
        "help": "Consent types, or purposes of the TCF, that must all be granted. Empty: <em>ad_storage</em> and <em>analytics_storage</em>, or purposes 1 and 7. With <em>Tag Manager</em> another type needs this template's permission <em>Accesses consent state</em>.",
        "enablingConditions": [
          {
            "paramName": "consent",
            "paramValue": "not-required",
            "type": "NOT_EQUALS"
          }
        ]
      },
      {
        "type": "TEXT",
        "name": "consentVendor",
        "displayName": "Vendor that must have consent, too",
        "simpleValueType": true,
        "canBeEmptyString": true,
        "valueValidators": [
          {
            "type": "REGEX",
            "args": [
              "^(\\d{1,5}|\\{\\{.+\\}\\})?$"
            ],
            "errorMessage": "A number on the IAB's vendor list"
          }
        ],
        "help": "Its number on the IAB's list.",
        "enablingConditions": [
          {
            "paramName": "consent",
            "paramValue": "tcf",
            "type": "EQUALS"
          }
        ]
      },
      {
        "type": "CHECKBOX",
        "name": "gpcDenies",
        "checkboxText": "Global Privacy Control is a refusal",
        "simpleValueType": true,
        "defaultValue": false
      }
    ]
  },
  {
    "type": "CHECKBOX",
    "name": "debug",
    "checkboxText": "Say in the preview's console what is handed over",
    "simpleValueType": true,
    "defaultValue": false
  }
]


___SANDBOXED_JS_FOR_WEB_TEMPLATE___

const addConsentListener = require('addConsentListener');
const copyFromDataLayer = require('copyFromDataLayer');
const createArgumentsQueue = require('createArgumentsQueue');
const getType = require('getType');
const injectScript = require('injectScript');
const isConsentGranted = require('isConsentGranted');
const logToConsole = require('logToConsole');
const makeString = require('makeString');
const queryPermission = require('queryPermission');

// Keys that a shop adds to GA4's under the names of the purchase tag, because GA4 has none of its own for them.
const EXTRAS = ['cart_id', 'purchase_date', 'payment_method', 'source_name', 'source_type', 'order_status',
  'signature'];

const DIGITS = '0123456789';

// What separates groups of three digits; dot and comma may, too. The blanks are U+0020, U+00A0, U+202F.
const GROUP_MARKS = ' \u00a0\u202f\'';

// The types of Google's consent that the purchase tag needs unless the field names others.
const CONSENT_TYPES = 'ad_storage analytics_storage';

start();

function start() {
  if (!queryPermission('inject_script', data.loaderUrl)) {
    logToConsole('Purchase Tag: this template has no permission to inject ' + data.loaderUrl +
        '; edit "Injects scripts" in its permissions.');
    return data.gtmOnFailure();
  }
  const purchase = readPurchase();
  call('config', options());
  if (data.consent === 'tag_manager') tellConsent();
  if (purchase) call('purchase', purchase);
  if (data.debug) logToConsole('Purchase Tag:', purchase || 'no purchase on this page');
  // The same token, so that a tag that fires several times on a page loads the file once.
  injectScript(data.loaderUrl, data.gtmOnSuccess, data.gtmOnFailure, data.loaderUrl);
}

// Asked for with each call: by the time consent changes, the loader has put a queue of its own in the place of the first.
function call(command, argument) {
  createArgumentsQueue('purchaseTag', 'purchaseTag.q')(command, argument);
}

// Tells the purchase tag what Tag Manager knows. A type that is denied from the start may be the banner's first word before the
// answer of an earlier page: because a refusal erases what is stored, only a change is told as one.
function tellConsent() {
  const granted = {};
  const types = words(data.consentFor || CONSENT_TYPES);
  const isGranted = () => types.every((type) => granted[type]);
  const forbidden = types.filter((type) => !queryPermission('access_consent', type, 'read'));
  if (forbidden.length) {
    logToConsole('Purchase Tag: this template has no permission to read the consent of ' + forbidden.join(', ') +
        '; edit "Accesses consent state" in its permissions. Until then nothing is stored or sent.');
    return;
  }
  types.forEach((type) => {
    granted[type] = isConsentGranted(type);
    addConsentListener(type, (consentType, isNow) => {
      granted[type] = isNow;
      if (isGranted()) call('consent', 'granted');
      else if (!isNow) call('consent', 'denied');
    });
  });
  if (isGranted()) call('consent', 'granted');
}

function words(text) {
  return text.split(',').join(' ').split(' ').filter((word) => word !== '');
}

function options() {
  const given = {};
  put(given, 'site', data.site);
  put(given, 'collector', data.collector);
  if (data.decimal !== 'unknown') put(given, 'decimal', data.decimal);
  put(given, 'time_zone', data.timeZone);
  put(given, 'currency', data.currency);
  put(given, 'contact', data.contact);
  if (data.platform !== 'none') put(given, 'platform', data.platform);
  put(given, 'order_statuses', data.orderStatuses);
  const isAsked = data.consent && data.consent !== 'not-required';
  if (isAsked) given.consent = data.consent === 'tag_manager' ? 'wait' : data.consent;
  if (data.consent === 'google' || data.consent === 'tcf') put(given, 'consent_for', data.consentFor);
  if (data.consent === 'tcf') put(given, 'consent_vendor', data.consentVendor);
  if (data.gpcDenies) given.gpc = 'deny';
  return given;
}

function readPurchase() {
  if (data.source === 'fields') return fromFields();
  if (data.source === 'dataLayer') return fromDataLayer();
}

// GA4's and Universal Analytics' objects are handed over in their own form: the tag reads them by the same rules as a
// data layer of its own. What changes is the total, and what is not known there stays here.
function fromDataLayer() {
  // Version 1 is the object that was pushed last. Version 2 merges it with those of earlier events, lists included, unless
  // the shop pushes `ecommerce: null` in between: a cart of three lines would lend two to a purchase of one.
  const ecommerce = copyFromDataLayer('ecommerce', 1);
  if (getType(ecommerce) !== 'object') return undefined;
  if (getType(ecommerce.purchase) === 'object') return universalAnalytics(ecommerce);
  if (copyFromDataLayer('event') !== (data.eventName || 'purchase')) return undefined;
  const sold = pick(ecommerce, ['transaction_id', 'currency', 'items'].concat(EXTRAS));
  put(sold, 'value', total(ecommerce.value, ecommerce.tax, ecommerce.shipping));
  return entry(sold, sold);
}

function universalAnalytics(ecommerce) {
  const action = getType(ecommerce.purchase.actionField) === 'object' ? ecommerce.purchase.actionField : {};
  const done = pick(action, ['id'].concat(EXTRAS));
  put(done, 'revenue', total(action.revenue, action.tax, action.shipping));
  const sold = pick(ecommerce, ['currencyCode']);
  sold.purchase = pick(ecommerce.purchase, ['products']);
  sold.purchase.actionField = done;
  return entry(sold, done);
}

function entry(sold, fields) {
  if (!isGiven(fields.order_status)) put(fields, 'order_status', data.orderStatus);
  return {event: 'purchase', ecommerce: sold};
}

function fromFields() {
  if (!isGiven(data.purchaseId)) return undefined;
  const price = total(data.totalPrice, data.tax, data.shipping);
  const fields = {};
  put(fields, 'cart_id', data.cartId);
  put(fields, 'purchase_date', data.purchaseDate);
  put(fields, 'payment_method', data.paymentMethod);
  put(fields, 'order_status', data.orderStatus);
  if (isGa4List(data.items)) {
    fields.transaction_id = data.purchaseId;
    put(fields, 'value', price);
    fields.items = data.items;
    return entry(fields, fields);
  }
  fields.purchase_id = data.purchaseId;
  put(fields, 'total_price', price);
  put(fields, 'total_quantity', data.totalQuantity);
  put(fields, 'product_basket_item', data.items);
  return fields;
}

// Lines in the markup's form have `product_id`, in Connectif's `productId`.
function isGa4List(items) {
  if (getType(items) !== 'array' || getType(items[0]) !== 'object') return false;
  return !isGiven(items[0].product_id) && !isGiven(items[0].productId);
}

// The total as the setting wants it. What cannot be computed without guessing comes out as a sum that the tag refuses and
// reports: a wrong total would go unnoticed.
function total(value, tax, shipping) {
  if (!isGiven(value) || !data.total || data.total === 'as_is') return value;
  const parts = [];
  if (data.total !== 'plus_shipping' && isGiven(tax)) parts.push(tax);
  if (data.total !== 'plus_tax' && isGiven(shipping)) parts.push(shipping);
  if (!parts.length) return value;
  const deducts = data.total === 'minus_tax_and_shipping';
  let result = amount(value);
  let words = makeString(value);
  parts.forEach((part) => {
    words += (deducts ? ' - ' : ' + ') + makeString(part);
    const read = amount(part);
    if (result && read) result = deducts ? difference(result, read) : sum(result, read);
    else result = undefined;
  });
  if (result) return printed(result);
  logToConsole('Purchase Tag: the total cannot be computed: ' + words);
  return words;
}

// An amount as {digits, scale}: digits without a mark, and how many of them stand after it. Undefined if the text can be
// read in two ways or not at all.
function amount(value) {
  const isNumber = getType(value) === 'number';
  const text = inner(makeString(value));
  if (!text) return undefined;
  const dots = count(text, '.');
  const commas = count(text, ',');
  let mark = '';
  if (dots && commas) {
    mark = text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ',';
    if ((mark === '.' ? dots : commas) > 1) return undefined;
  } else if (dots + commas === 1) {
    mark = dots ? '.' : ',';
    // Three digits after the only mark may be a group.
    if (!isNumber && text.length - text.indexOf(mark) === 4 && text.charAt(0) !== '0') {
      if (data.decimal !== 'dot' && data.decimal !== 'comma') return undefined;
      if (mark !== (data.decimal === 'dot' ? '.' : ',')) mark = '';
    }
  }
  const at = mark ? text.indexOf(mark) : text.length;
  const whole = ungrouped(text.substring(0, at));
  const fraction = text.substring(at + 1);
  if (whole === undefined || !isDigits(fraction)) return undefined;
  return {digits: whole + fraction, scale: fraction.length};
}

// The text between its first and last digit; what surrounds it may be a currency's sign or code and blanks, no more.
function inner(text) {
  let from = 0;
  let to = text.length;
  while (from < to && !isDigit(text.charAt(from))) from++;
  while (to > from && !isDigit(text.charAt(to - 1))) to--;
  const before = text.substring(0, from).trim();
  const after = text.substring(to).trim();
  if (before.length > 3 || after.length > 3) return '';
  const around = before + after;
  if (around.indexOf('-') >= 0 || around.indexOf('\u2212') >= 0 || around.indexOf('(') >= 0 || around.indexOf('%') >= 0) {
    return '';
  }
  const last = before.charAt(before.length - 1);
  if ((last === '.' || last === ',') && text.charAt(from - 1) === last) return '';
  return text.substring(from, to);
}

// Digits without the marks between groups of three. Undefined if they are no such groups.
function ungrouped(text) {
  let digits = '';
  let group = 0;
  let mark = '';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (isDigit(character)) {
      digits += character;
      group++;
    } else {
      if (GROUP_MARKS.indexOf(character) < 0 && character !== '.' && character !== ',') return undefined;
      if ((mark && character !== mark) || (mark ? group !== 3 : group > 3)) return undefined;
      mark = character;
      group = 0;
    }
  }
  return mark && group !== 3 ? undefined : digits;
}

function sum(a, b) {
  const scale = a.scale > b.scale ? a.scale : b.scale;
  const x = padded(a, scale, b);
  const y = padded(b, scale, a);
  let digits = '';
  let carry = 0;
  for (let i = x.length - 1; i >= 0; i--) {
    const digit = DIGITS.indexOf(x.charAt(i)) + DIGITS.indexOf(y.charAt(i)) + carry;
    carry = digit > 9 ? 1 : 0;
    digits = DIGITS.charAt(digit - 10 * carry) + digits;
  }
  return {digits: (carry ? '1' : '') + digits, scale: scale};
}

// Undefined if it would be below zero.
function difference(a, b) {
  const scale = a.scale > b.scale ? a.scale : b.scale;
  const x = padded(a, scale, b);
  const y = padded(b, scale, a);
  let digits = '';
  let borrow = 0;
  for (let i = x.length - 1; i >= 0; i--) {
    const digit = DIGITS.indexOf(x.charAt(i)) - DIGITS.indexOf(y.charAt(i)) - borrow;
    borrow = digit < 0 ? 1 : 0;
    digits = DIGITS.charAt(digit + 10 * borrow) + digits;
  }
  return borrow ? undefined : {digits: digits, scale: scale};
}

// The digits at a scale, with as many before the mark as the other amount has, so that both line up.
function padded(value, scale, other) {
  let digits = value.digits;
  for (let i = value.scale; i < scale; i++) digits += '0';
  const length = scale + other.digits.length - other.scale;
  while (digits.length < length) digits = '0' + digits;
  return digits;
}

function printed(value) {
  const at = value.digits.length - value.scale;
  let whole = value.digits.substring(0, at);
  while (whole.length > 1 && whole.charAt(0) === '0') whole = whole.substring(1);
  return (whole || '0') + (value.scale ? '.' + value.digits.substring(at) : '');
}

function count(text, character) {
  return text.split(character).length - 1;
}

function isDigit(character) {
  return character !== '' && DIGITS.indexOf(character) >= 0;
}

function isDigits(text) {
  for (let i = 0; i < text.length; i++) if (!isDigit(text.charAt(i))) return false;
  return true;
}

function isGiven(value) {
  return value !== undefined && value !== null && value !== '';
}

function put(object, key, value) {
  if (isGiven(value)) object[key] = value;
}

function pick(object, keys) {
  const picked = {};
  keys.forEach((key) => put(picked, key, object[key]));
  return picked;
}


___WEB_PERMISSIONS___

[
  {
    "instance": {
      "key": {
        "publicId": "access_consent",
        "versionId": "1"
      },
      "param": [
        {
          "key": "consentTypes",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "consentType"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "ad_storage"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "consentType"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "analytics_storage"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "access_globals",
        "versionId": "1"
      },
      "param": [
        {
          "key": "keys",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "key"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  },
                  {
                    "type": 1,
                    "string": "execute"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "purchaseTag"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "key"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  },
                  {
                    "type": 1,
                    "string": "execute"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "purchaseTag.q"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "inject_script",
        "versionId": "1"
      },
      "param": [
        {
          "key": "urls",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 1,
                "string": "https://collector.example/tag/*"
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "logging",
        "versionId": "1"
      },
      "param": [
        {
          "key": "environments",
          "value": {
            "type": 1,
            "string": "debug"
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "read_data_layer",
        "versionId": "1"
      },
      "param": [
        {
          "key": "allowedKeys",
          "value": {
            "type": 1,
            "string": "specific"
          }
        },
        {
          "key": "keyPatterns",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 1,
                "string": "ecommerce"
              },
              {
                "type": 1,
                "string": "event"
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  }
]


___TESTS___

scenarios:
- name: GA4 purchase is handed over with its numbers as they are written
  code: |-
    ecommerce = {
      transaction_id: '10023', value: '180.750', tax: 4.9, shipping: '5.99', currency: 'EUR', coupon: 'SUMMER',
      items: [{item_id: 'P-1', item_name: 'Mug', price: '60.25', quantity: '3'}]
    };
    runCode(mockData);
    assertThat(calls[0]).isEqualTo(['config', {site: 'demo', contact: 'none'}]);
    assertThat(calls[1]).isEqualTo(['purchase', {event: 'purchase', ecommerce: {
      transaction_id: '10023', value: '180.750', currency: 'EUR',
      items: [{item_id: 'P-1', item_name: 'Mug', price: '60.25', quantity: '3'}]
    }}]);
    assertThat(calls).hasLength(2);
    assertApi('injectScript').wasCalled();
    assertApi('gtmOnSuccess').wasCalled();
    assertApi('gtmOnFailure').wasNotCalled();
- name: The last pushed object is read, not the merged one
  code: |-
    runCode(mockData);
    assertApi('copyFromDataLayer').wasCalledWith('ecommerce', 1);
- name: Universal Analytics' purchase is handed over
  code: |-
    event = undefined;
    ecommerce = {currencyCode: 'EUR', impressions: [{id: 'X'}], purchase: {
      actionField: {id: 'T1', affiliation: 'Shop', revenue: '35.43', tax: '4.90', shipping: '5.99', cart_id: 'C7', signature: '5f'},
      products: [{id: 'P-1', name: 'Mug', price: '15.25', quantity: 1}]
    }};
    mockData.total = 'plus_tax_and_shipping';
    runCode(mockData);
    assertThat(calls[1]).isEqualTo(['purchase', {event: 'purchase', ecommerce: {currencyCode: 'EUR', purchase: {
      products: [{id: 'P-1', name: 'Mug', price: '15.25', quantity: 1}],
      actionField: {id: 'T1', cart_id: 'C7', signature: '5f', revenue: '46.32'}
    }}}]);
- name: Tax and shipping are added and deducted in decimal digits
  code: |-
    const cases = [
      ['plus_tax_and_shipping', 0.1, 0.2, undefined, '0.3'],
      ['plus_tax_and_shipping', '9007199254740993.01', '0.02', 0, '9007199254740993.03'],
      ['plus_tax_and_shipping', '1.234,50 €', '0,5', '€ 5', '1240.00'],
      ['plus_tax', '99.99', '0.01', '5', '100.00'],
      ['plus_shipping', '99.99', '5', '0.01', '100.00'],
      ['minus_tax_and_shipping', '121', '21.00', '10,00', '90.00'],
      ['minus_tax_and_shipping', '1000', '0.01', '', '999.99'],
      ['plus_tax_and_shipping', '180.750', undefined, '', '180.750'],
      ['as_is', 180.75, 5, 5, 180.75]
    ];
    cases.forEach((row) => {
      mockData.total = row[0];
      ecommerce = {transaction_id: '1', value: row[1], tax: row[2], shipping: row[3]};
      calls = [];
      runCode(mockData);
      assertThat(calls[1][1].ecommerce.value, row[0]).isStrictlyEqualTo(row[4]);
    });
- name: A total that cannot be computed without guessing is handed over so that it is refused
  code: |-
    const cases = [
      ['1.234', '5', 'unknown', '1.234 + 5'],
      ['100', '-5', 'dot', '100 + -5'],
      ['100', 'five', 'dot', '100 + five'],
      ['1.23.45', '5', 'dot', '1.23.45 + 5'],
      ['1,23.456.7', '5', 'dot', '1,23.456.7 + 5'],
      ['12,34.5', '5', 'dot', '12,34.5 + 5'],
      ['1234,567.8', '5', 'dot', '1234,567.8 + 5'],
      ['about 5', '5', 'dot', 'about 5 + 5'],
      ['100', '5 %', 'dot', '100 + 5 %'],
      ['.5', '5', 'dot', '.5 + 5']
    ];
    mockData.total = 'plus_tax';
    cases.forEach((row) => {
      mockData.decimal = row[2];
      ecommerce = {transaction_id: '1', value: row[0], tax: row[1]};
      calls = [];
      runCode(mockData);
      assertThat(calls[1][1].ecommerce.value).isStrictlyEqualTo(row[3]);
    });
    mockData.total = 'minus_tax_and_shipping';
    ecommerce = {transaction_id: '1', value: '10', tax: '11'};
    calls = [];
    runCode(mockData);
    assertThat(calls[1][1].ecommerce.value).isStrictlyEqualTo('10 - 11');
- name: The decimal mark decides what can be read in two ways
  code: |-
    mockData.total = 'plus_tax';
    [['dot', '1.734'], ['comma', '1234.5']].forEach((row) => {
      mockData.decimal = row[0];
      ecommerce = {transaction_id: '1', value: '1.234', tax: '0.5'};
      calls = [];
      runCode(mockData);
      assertThat(calls[1][1].ecommerce.value).isStrictlyEqualTo(row[1]);
    });
- name: Another event's ecommerce is no purchase
  code: |-
    event = 'refund';
    ecommerce = {transaction_id: '10023', value: 10};
    runCode(mockData);
    assertThat(calls).hasLength(1);
    assertApi('injectScript').wasCalled();
- name: A shop's own event name is taken
  code: |-
    mockData.eventName = event = 'order_complete';
    ecommerce = {transaction_id: '10023', value: 10};
    runCode(mockData);
    assertThat(calls[1][1].ecommerce.transaction_id).isEqualTo('10023');
- name: A page without a purchase only loads the tag
  code: |-
    runCode(mockData);
    assertThat(calls).isEqualTo([['config', {site: 'demo', contact: 'none'}]]);
    assertApi('gtmOnSuccess').wasCalled();
- name: Every option reaches the tag under its name
  code: |-
    mockData.collector = 'https://c.example';
    mockData.decimal = 'comma';
    mockData.timeZone = 'Europe/Madrid';
    mockData.currency = 'EUR';
    mockData.contact = 'sha256';
    mockData.platform = 'woocommerce';
    mockData.orderStatuses = 'enviado=completed:placed';
    runCode(mockData);
    assertThat(calls[0]).isEqualTo(['config', {
      site: 'demo', collector: 'https://c.example', decimal: 'comma', time_zone: 'Europe/Madrid', currency: 'EUR',
      contact: 'sha256', platform: 'woocommerce', order_statuses: 'enviado=completed:placed'
    }]);
- name: The order's status is added unless the data layer says it
  code: |-
    mockData.orderStatus = 'processing';
    ecommerce = {transaction_id: '1', value: 1};
    runCode(mockData);
    assertThat(calls[1][1].ecommerce.order_status).isEqualTo('processing');
    ecommerce.order_status = 'on-hold';
    runCode(mockData);
    assertThat(calls[3][1].ecommerce.order_status).isEqualTo('on-hold');
- name: Variables with GA4's lines become an entry
  code: |-
    mockData.source = 'fields';
    mockData.purchaseId = '10023';
    mockData.totalPrice = '180.75';
    mockData.shipping = '5.99';
    mockData.total = 'plus_shipping';
    mockData.cartId = 'C7';
    mockData.items = [{item_id: 'P-1', price: 60.25, quantity: 3}];
    runCode(mockData);
    assertThat(calls[1]).isEqualTo(['purchase', {event: 'purchase', ecommerce: {
      cart_id: 'C7', transaction_id: '10023', value: '186.74', items: [{item_id: 'P-1', price: 60.25, quantity: 3}]
    }}]);
    assertApi('copyFromDataLayer').wasNotCalled();
- name: Variables with the markup's lines become its fields
  code: |-
    mockData.source = 'fields';
    mockData.purchaseId = '10023';
    mockData.totalPrice = '180.75';
    mockData.totalQuantity = '3';
    mockData.purchaseDate = '2024-09-13T10:49:31Z';
    mockData.paymentMethod = 'Card';
    mockData.items = [{product_id: 'P-1', name: 'Mug', quantity: 3, price: '180.75'}];
    runCode(mockData);
    assertThat(calls[1]).isEqualTo(['purchase', {
      purchase_id: '10023', total_price: '180.75', total_quantity: '3', purchase_date: '2024-09-13T10:49:31Z',
      payment_method: 'Card', product_basket_item: [{product_id: 'P-1', name: 'Mug', quantity: 3, price: '180.75'}]
    }]);
- name: Variables that are empty are no purchase
  code: |-
    mockData.source = 'fields';
    mockData.purchaseId = undefined;
    mockData.totalPrice = '5';
    runCode(mockData);
    assertThat(calls).hasLength(1);
- name: With markup as the source the data layer is not read
  code: |-
    mockData.source = 'markup';
    ecommerce = {transaction_id: '10023', value: 10};
    runCode(mockData);
    assertThat(calls).hasLength(1);
    assertApi('copyFromDataLayer').wasNotCalled();
- name: The consent options reach the tag before anything else
  code: |-
    const cases = [
      ['not-required', 'analytics_storage', '7', {}],
      ['google', 'analytics_storage', '7', {consent: 'google', consent_for: 'analytics_storage'}],
      ['tcf', '1, 7', '7', {consent: 'tcf', consent_for: '1, 7', consent_vendor: '7'}],
      ['tcf', '', '', {consent: 'tcf'}],
      ['wait', '', '', {consent: 'wait'}]
    ];
    cases.forEach((row) => {
      mockData.consent = row[0];
      mockData.consentFor = row[1];
      mockData.consentVendor = row[2];
      calls = [];
      runCode(mockData);
      row[3].site = 'demo';
      row[3].contact = 'none';
      assertThat(calls, row[0]).isEqualTo([['config', row[3]]]);
    });
    mockData.consent = 'not-required';
    mockData.gpcDenies = true;
    calls = [];
    runCode(mockData);
    assertThat(calls[0][1].gpc).isEqualTo('deny');
    assertApi('isConsentGranted').wasNotCalled();
    assertApi('addConsentListener').wasNotCalled();
- name: What Tag Manager knows of consent is told as the tag's own words
  code: |-
    mockData.consent = 'tag_manager';
    let tell = {};
    mock('isConsentGranted', false);
    mock('addConsentListener', (consentType, listener) => {
      tell[consentType] = listener;
    });
    ecommerce = {transaction_id: '10023', value: 10};
    runCode(mockData);
    assertThat(calls[0]).isEqualTo(['config', {site: 'demo', contact: 'none', consent: 'wait'}]);
    assertThat(calls[1][0]).isEqualTo('purchase');
    assertThat(calls, 'denied from the start is no refusal').hasLength(2);
    assertApi('injectScript').wasCalled();
    tell.ad_storage('ad_storage', true);
    assertThat(calls, 'one of two').hasLength(2);
    tell.analytics_storage('analytics_storage', true);
    assertThat(calls[2]).isEqualTo(['consent', 'granted']);
    tell.ad_storage('ad_storage', false);
    assertThat(calls[3]).isEqualTo(['consent', 'denied']);
    assertThat(calls).hasLength(4);
- name: Consent that Tag Manager has already is told before the purchase
  code: |-
    mockData.consent = 'tag_manager';
    mockData.consentFor = 'analytics_storage';
    mock('isConsentGranted', true);
    mock('addConsentListener', (consentType) => {
      assertThat(consentType).isEqualTo('analytics_storage');
    });
    ecommerce = {transaction_id: '10023', value: 10};
    runCode(mockData);
    assertThat(calls[1]).isEqualTo(['consent', 'granted']);
    assertThat(calls[2][0]).isEqualTo('purchase');
    assertApi('isConsentGranted').wasCalledWith('analytics_storage');
- name: A consent type that the permission does not cover is never granted
  code: |-
    mockData.consent = 'tag_manager';
    mockData.consentFor = 'analytics_storage, ad_user_data';
    mock('queryPermission', (permission, what) => what !== 'ad_user_data');
    mock('logToConsole', (words) => {
      assertThat(words).contains('ad_user_data');
    });
    runCode(mockData);
    assertThat(calls).isEqualTo([['config', {site: 'demo', contact: 'none', consent: 'wait'}]]);
    assertApi('logToConsole').wasCalled();
    assertApi('isConsentGranted').wasNotCalled();
- name: A loader that does not come is a failure
  code: |-
    mock('injectScript', (url, onSuccess, onFailure) => onFailure());
    runCode(mockData);
    assertApi('gtmOnFailure').wasCalled();
    assertApi('gtmOnSuccess').wasNotCalled();
- name: A loader that the permission does not cover is a failure that says so
  code: |-
    mockData.loaderUrl = 'https://other.example/purchase-tag.js';
    mock('queryPermission', false);
    mock('logToConsole', (words) => {
      assertThat(words).contains('https://other.example/purchase-tag.js');
    });
    runCode(mockData);
    assertApi('logToConsole').wasCalled();
    assertApi('gtmOnFailure').wasCalled();
    assertApi('injectScript').wasNotCalled();
- name: What is handed over is said in the preview only if wanted
  code: |-
    runCode(mockData);
    assertApi('logToConsole').wasNotCalled();
    mockData.debug = true;
    runCode(mockData);
    assertApi('logToConsole').wasCalledWith('Purchase Tag:', 'no purchase on this page');
setup: |-
  let mockData = {
    site: 'demo', loaderUrl: 'https://collector.example/tag/purchase-tag.js', source: 'dataLayer', eventName: 'purchase',
    total: 'as_is', decimal: 'unknown', contact: 'none', platform: 'none', consent: 'not-required'
  };
  let event = 'purchase';
  let ecommerce;
  let calls = [];
  mock('copyFromDataLayer', (key) => key === 'event' ? event : ecommerce);
  mock('createArgumentsQueue', (functionKey, listKey) => {
    assertThat(functionKey).isEqualTo('purchaseTag');
    assertThat(listKey).isEqualTo('purchaseTag.q');
    return (command, argument) => calls.push([command, argument]);
  });
  mock('injectScript', (url, onSuccess, onFailure, token) => {
    assertThat(url).isEqualTo(mockData.loaderUrl);
    assertThat(token).isEqualTo(url);
    onSuccess();
  });


___NOTES___

How to install it: www/gtm/README.md. The address in the permission "Injects scripts" and in the field "Address of the
loader" are to be changed together. How Google's documentation describes the sandbox: https://developers.google.com/tag-platform/tag-manager/templates/sandboxed-javascript
