# The console's texts. $count chooses the plural form; $shown is the count as it is written in the language.

console-name = Purchase console
skip-to-content = Skip to the content
navigation = Console
nav-overview = Overview
nav-purchases = Purchases
nav-refused = Refused
nav-checkouts = Open checkouts
nav-accuracy = Accuracy
nav-destinations = Destinations
sign-in = Sign in
sign-out = Sign out
sign-in-intro = See what happened to every purchase of your shop.
sign-in-failed = The name or the password is wrong.
user-name = Name
password = Password
role-viewer = viewer
role-admin = admin
language = Language
time-zone = Time zone
apply = Apply
panel-link = Arriving purchases, live
pages = Pages
first-page = First page
next-page = Next page
all = All
all-sites = All sites
site = Site
state = State
source = Source
outcome = Outcome
received = Received
total = Total
units = Units
purchase = Purchase
payment-method = Payment method
gateway = Gateway
late = Late
not-known = not known

error-title = This did not work
error-back = Back to the overview
error-role = An administrator may do this. Ask one, or sign in as one.
error-origin = The request did not come from a page of this console. Open the console in this window and try again.
error-not-found = There is nothing here. It may have been removed, or the address is wrong.
error-malformed = The address or the form cannot be read.
error-attempts = Too many attempts to sign in. Wait a minute and try again.
error-store = The database does not answer now. Nothing was changed; try again in a moment.
error-failed = The collector failed. Its log says more.

notice-test-made = The test purchase was made. Below is what happened to it.
notice-judged-again = The payload was judged again and accepted.
notice-still-refused = The payload was judged again and is still refused.
notice-queued = The purchase is on its way to the destination again.
notice-nothing-queued = There was nothing to try again.
notice-adding = Earlier purchases are being added; the number that waits grows meanwhile. They leave little by little, after what is sold now.
notice-still-adding = Earlier purchases are being added already. Try again when that is done.

figures-label = The last 24 hours
tile-purchases = purchases in 24 hours
tile-late = of them late
tile-refused = contents refused in 24 hours
tile-given-up = given up by destinations
paused-title = { $destination } does not take purchases now.
paused-text = { $count ->
    [one] One purchase waits; it is tried again by itself.
   *[other] { $shown } purchases wait; they are tried again by themselves.
}
tile-open = checkouts left open in 24 hours
chart-title = { $count ->
    [one] Purchases in the last hour
   *[other] Purchases per hour, the last { $shown } hours
}
chart-summary = { $count ->
    [one] One purchase, { $late } of it late
   *[other] { $shown } purchases, { $late } of them late
}
legend-in-time = in time
legend-late = { $count ->
    [one] late: one minute or more after the order
   *[other] late: { $shown } minutes or more after the order
}
purchases-count = { $count ->
    [one] one purchase
   *[other] { $shown } purchases
}
late-count = { $count ->
    [0] none late
   *[other] { $shown } late
}
sites-title = Sites
sites-empty = No purchase has arrived yet. Put the tag on your shop, or make a test purchase.
last-purchase = Last purchase
ago = { $time } ago
quiet-title = No purchase from { $site }.
quiet-text = { $count ->
    [one] Nothing for an hour or more; the last one came on { $last }. Check that the tag is on the confirmation page and that the shop takes orders.
   *[other] Nothing for { $shown } hours or more; the last one came on { $last }. Check that the tag is on the confirmation page and that the shop takes orders.
}
badge-quiet = quiet
badge-well = purchases arrive
badge-site-gone = not configured any more
test-title = Test purchase
test-intro = Goes the whole way through the collector and shows its history. It is marked as a test, counts nowhere, and is not passed on.
test-make = Make a test purchase
test-note = A test purchase: it counts nowhere and is not passed on.

search = Search
search-hint = Purchase id or product
search-button = Search
clear = Clear
only = Show only
from-day = From
to-day = To
filter-problems = with problems
filter-late = late
filter-unsent = not passed on
filter-tests = also tests
purchases-none = No purchase has arrived yet.
purchases-none-found = No purchase matches. Change the search, or clear it.
purchases-horizon = { $count ->
   *[other] The newest { $shown } purchases were looked at; those received on { $time } or before were not.
}
search-on = Search on
late-by = { $time } late
badge-test = test
badge-warnings = warnings
badge-conflict = two contents
badge-unsent = not passed on
badge-not-placed = not placed
badge-verified = verified

state-created = created
state-unknown = unknown
state-pending = pending
state-canceled = canceled
state-completed = completed
source-markup = markup on the page
source-call = call on the page
source-data-layer = data layer
source-json = JSON on the page
source-server = the shop’s server
source-checkout = checkout page
source-order-status = order-status URL
source-test = test

history = What happened
order = Order
order-date = Date of the order
order-status = Status in the shop
cart = Cart
products = Products
transitions = States
conflicts = Other contents
data = Data
data-content = Purchase as stored
data-envelope = Message as received
data-deliveries = { $count ->
    [one] One delivery
   *[other] { $shown } deliveries
}
deliveries = Deliveries
attempt = Attempt
delivery-accepted = accepted
delivery-duplicate = repeat, recognised
delivery-conflict = repeat with another content
found = Found:
what-to-do = What to do:
outcome-succeeded = succeeded
outcome-noted = succeeded, look
outcome-failed = failed
outcome-waiting = waiting
outcome-skipped = not needed
severity-normalised = rewritten
severity-warning = warning
severity-error = error

step-captured = Captured
step-buffered = Kept in the browser
step-sent = Sent
step-received = Received
step-checked = Checked
step-stored = Stored
fact-device-clock = by the device’s clock
fact-waited = waited { $time } until it was sent
fact-not-told = the message does not tell
fact-attempt = { $count ->
    [one] at the first attempt
   *[other] at attempt { $shown }
}
fact-attempts-failed = { $count ->
    [one] one attempt before it failed
   *[other] { $shown } attempts before it failed
}
fact-repeats = { $count ->
    [one] one further delivery, recognised as a repeat
   *[other] { $shown } further deliveries, recognised as repeats
}
fact-conflicts = { $count ->
    [one] one other content of the same purchase came later
   *[other] { $shown } other contents of the same purchase came later
}
fact-nothing-wrong = nothing is wrong
fact-normalised = some values were rewritten without changing their meaning
fact-vouched = the shop’s server vouches for id, total and date
fact-test = a test: it counts nowhere
fact-times = { $count ->
    [one] came once
   *[other] came { $shown } times
}
fact-last = last on { $time }
fact-late = late: { $time } after the order
fact-kept-refused = kept among the refused, not among the purchases
advice-refused = Mend the fields above in the page’s template. Payloads of the same kind are refused until then.
advice-warnings = The purchase counts. Mend the fields above so that nothing of it is lost.
advice-waited = The shopper was offline or left the page at once; the next visit delivered it. Let the shop’s server send purchases too to hear of them sooner.
advice-late = The shopper came to the confirmation page long after the order, or its address was opened again. Let the shop’s server send purchases too to hear of them at once.
advice-attempts = Connections fail now and then. If it happens often, check that the collector can be reached from everywhere.
advice-conflicts = The first content stands. A page that prints other values when it is loaded again is the usual cause; compare the contents.
retry-judge = Judge again

refused-intro = What pages sent and could not be accepted, by cause. Mend the most frequent first: the purchases behind it are not counted anywhere.
refused-none = Nothing was refused. That is how it should be.
refused-cut = There are more; these are the last ones.
refusal-title = Refused payload
cause-refused = { $count ->
   *[other] refused
}
cause-refused-times = { $count ->
    [one] refused once
   *[other] refused { $shown } times
}
cause-example = Show the last one
since = since { $time }
goes-on = goes on
template = Template:
cause-ambiguous-comma = with a comma that can be read in two ways
cause-ambiguous-dot = with a dot that can be read in two ways
cause-malformed-comma = with a comma where none belongs
cause-malformed-dot = with a dot where none belongs
kind-missing = is missing
kind-empty = is empty
kind-placeholder = is a programming placeholder
kind-malformed = does not have the required form
kind-ambiguous = can be read in two ways
kind-negative = is below zero
kind-not-whole = is not a whole number
kind-out-of-range = is beyond its limits
kind-impossible = does not exist in the calendar
kind-no-time-zone = names no time zone
kind-too-long = is too long
kind-too-many = has too many elements
kind-unknown-value = is a word that is not known
kind-unknown-field = is a field that is not known
kind-wrong-type = has the wrong type
kind-repeated = is given twice with different values
kind-relative-url = is an address without its site
kind-currency-mismatch = names another currency
kind-no-items = has no products
kind-wrong-signature = does not fit the purchase
kind-number-form = was a number in another form
kind-date-form = was a date in another form
kind-spelling = was spelled differently
kind-resolved-url = was an address without its site
kind-derived = was computed from other values

problem-missing = { $field } is required; add it.
problem-empty = { $field } is there without a value; it is required.
problem-given-twice = The field is given twice; the first value stands.
problem-unknown-field = This is no documented field and was left out; check its spelling.
problem-template-placeholder = This is what a template prints without a value: print the value, or leave the field out.
problem-zero-id = An id of 0 is often a template’s placeholder: purchases with the same id count as one.
problem-zero-cart-id = 0 is a placeholder and no cart’s id; leave the field out if there is none.
problem-id-too-long = An id has at most { $limit } characters.
problem-control-in-id = The id has a line break or another control character in it, which a platform may refuse: print the id alone.
problem-text-too-long = A text has at most { $limit } characters.
problem-write-text-or-number = Write a text or a number here.
problem-write-one-of = Write one of { $words }.
problem-taken-as = Taken as { $value }.
problem-two-readings = This can be read in two ways: write it with a dot and two decimals, or configure the site’s decimal mark.
problem-write-decimal = Write digits with a dot as decimal mark and nothing else, such as 180.75.
problem-write-whole = Write a whole number, digits and nothing else, such as 3.
problem-not-below-zero = Write a number of 0 or more.
problem-write-up-to = Write a number from 0 to { $limit }.
problem-too-many-digits = The number has too many digits.
problem-write-currency = Write the currency as its ISO 4217 code, such as EUR.
problem-amount-kept = The purchase’s currency is { $currency }; the amount is kept as it is.
problem-amounts-taken = The site is configured for { $configured }; the amounts are taken in the currency that the page names.
problem-write-date = Write the date as ISO 8601 with its zone, such as 2024-09-13T10:49:31+02:00.
problem-no-such-date = This date or time does not exist; write an existing one.
problem-add-zone = Add the zone, such as Z or +02:00, or configure the site’s time zone: the instant is not known.
problem-write-address = Write the whole http or https address, such as https://shop.example/product.
problem-no-email = The buyer’s e-mail is no address such as name@shop.example, and was left out.
problem-unknown-status = This status is not known: configure the shop’s platform (data-platform), or name the status in data-order-statuses, such as "awaiting_stock=pending" or "sent=completed:placed".
problem-no-items = The purchase has no product_basket_item, so no platform can tell what was bought.
problem-too-many-items = A purchase has at most { $limit } items; send the others as a purchase of their own.
problem-write-item = An item must be an object with the item’s fields.
problem-quantity-is-one = No quantity is given, which GA4 counts as 1.
problem-line-price-computed = GA4 has no line price: it is the unit price times the quantity.
problem-no-line-price = The line’s price cannot be computed without its unit price and quantity.
problem-units-counted = GA4 has no total quantity: it is the sum of the items’.
problem-no-units = The units cannot be counted: give every item a whole quantity.
problem-not-json = This is not JSON from what was found on; print it with a JSON encoder.
problem-no-purchase = No purchase was found in the data: give it at least purchase_id, total_quantity and total_price.
problem-several-purchases = { $count } purchases were found where one is expected: give each a call or script element of its own.
problem-not-listed = { $count ->
    [one] One further problem is not listed.
   *[other] { $shown } further problems are not listed.
}
problem-unknown-zone = Write an IANA name such as Europe/Madrid, or an offset such as +01:00; dates without a zone were kept as printed.
problem-no-signature = This site takes only purchases that the shop's server signed: print the signature beside the purchase's fields.
problem-wrong-signature = The signature is not of this purchase_id, total_price and purchase_date: sign the three texts as the page prints them, joined by line feeds, with the site's server secret, in hexadecimal. If they are right, somebody changed the page.
problem-ambiguous-signed = The signed total can be read in two ways, and the browser says in which: print and sign it with a dot and two decimals, such as 180.75.

checkouts-intro = Shoppers who left for a payment gateway and of whom nothing was heard since. They are not purchases; some become one when the shopper comes back, or when your shop’s server reports it.
checkouts-none = No checkout is open.
cart-or-order = Cart or order
left = Left
basis = Known from
basis-left = the departure
basis-returned = the return
basis-status = the order’s status

accuracy-intro = { $count ->
    [one] Of those who left to pay in the last day, how many reached the confirmation page?
   *[other] Of those who left to pay in the last { $shown } days, how many reached the confirmation page?
}
accuracy-cut = There are more than one page can count; these are the last ones.
accuracy-note = { $count ->
    [one] Late: one minute or more. Never: not heard of for { $hours } hours or more. The share leaves out who canceled and who may still come.
   *[other] Late: { $shown } minutes or more. Never: not heard of for { $hours } hours or more. The share leaves out who canceled and who may still come.
}
by-gateway = By gateway
gateway-note = The gateway is known by the link or form that was left by, or by the page that the shopper came back to. Who left by the shop’s own server and never came back is under “not known”.
left-by-method = By payment method
method-note = The payment method is the purchase’s, or the one that the checkout page states. Of who never came back it is known only if the checkout page states it.
purchases-by-method = All purchases by payment method
gateways-none = Nobody has left for a gateway yet, or the checkout page is not marked.
methods-none = No purchase has arrived yet.
share-confirmed = Reached the confirmation page
share-page = Told by a page
left-count = Left
reached = Reached it
told-by-page = Told by a page
reached-late = Of them late
median = Half within
by-server = Only by the server
canceled = Canceled
still-open = May still come
elsewhere = Another page only
server-alone = Not reached, order told by the server
never = Never

badge-unconfigured = not configured any more
destinations-none = Purchases are not passed on anywhere: no destination is configured.
earlier-title = Pass on earlier purchases
earlier-intro = Purchases received on these days that were never to be passed on here, such as those from before it was configured. Without a last day, all until now. Klaviyo records orders of more than a day ago without starting flows; Connectif starts its workflows for each, unless its trigger_purchase_event is false.
earlier-button = Add them
earlier-added = { $count ->
    [0] There was nothing to add.
    [one] One earlier purchase was added. It leaves after what is sold now.
   *[other] { $shown } earlier purchases were added. They leave little by little, after what is sold now.
}

step-passed = Passed on to { $destination }
step-verified = Seen at { $destination }
step-passed-nowhere = Passed on
fact-passed-nowhere = no destination was configured for it
fact-test-not-passed = tests are not passed on
fact-never-placed = it was canceled before it counted as an order
fact-not-placed-yet = when it counts as an order
fact-refused-not-passed = refused payloads are not passed on
attempt-interrupted = the collector was stopped
attempt-missing = not found there
attempt-retry = not taken, tried again by itself
attempt-refused = refused
attempt-not-sent = not sent
fact-verified = the platform shows it
fact-not-asked = this platform cannot be asked, or not yet
fact-next = next on { $time }
fact-attempts = { $count ->
    [one] one attempt
   *[other] { $shown } attempts
}
event-placed = order placed
event-completed = order completed
event-canceled = order canceled
pass-waiting = waits
pass-verifying = taken, not yet seen there
pass-delivered = taken
pass-verified = taken and seen there
pass-not-sent = not sent
pass-dead = given up
retry-pass = Pass on again
retry-dead = { $count ->
    [one] Pass on the one given up again
   *[other] Pass on all { $shown } again
}
circuit-closed = works
circuit-dead = works, some given up
circuit-open = paused after failures
circuit-half-open = being tried again
delivered-24h = Passed on in 24 hours
waiting-count = Waiting
dead-count = Given up
open-until = Paused until
last-error = Last error on { $time }:
show-unsent = Show purchases
never-failed = Nothing has failed yet.
pass-advice-no-contact = The purchase names no buyer and the platform takes none without one. Set data-contact="email" on the shop’s tag, and print cn_client_info for guests too.
pass-advice-hashed-contact = Only a hash of the buyer’s address is kept, and the platform needs the address. Set data-contact="email" on the shop’s tag.
pass-advice-total-not-positive = The platform takes no order without a total above zero. Nothing needs to be done for free orders.
pass-advice-no-lines = The platform takes no order without lines that have a product id, a quantity and a price. Add them to the shop’s template.
pass-advice-too-large = The purchase is larger than the platform takes. Register it at the platform by hand.
pass-advice-unreachable = The platform could not be reached; it is tried again by itself. If it stays so, check the address and the collector’s way out.
pass-advice-timed-out = The platform did not answer in time; it is tried again by itself.
pass-advice-no-certificates = The collector’s machine has no certificates of authorities: install the package ca-certificates there. It is tried again by itself.
pass-advice-server-error = The platform has a problem of its own; it is tried again by itself.
pass-advice-throttled = The platform asks for fewer requests; it is tried again by itself when the platform allows it.
pass-advice-credentials = The platform does not accept the key. Put a valid one in place and restart the collector; what waits is passed on then.
pass-advice-scope = The key may not do this, or the account is blocked. Give the key the right to write purchases and contacts; what waits is passed on then.
pass-advice-wrong-address = There is nothing at the configured address. Check the destination’s base_url, domain, list_id or url; what waits is passed on then.
pass-advice-redirected = The configured address answers with another address, which is not followed because the key would go with it. Configure the final address.
pass-advice-refused = The platform refuses this purchase; its words are above. Mend the cause, then pass it on again.
pass-advice-contact-unknown = The platform does not know the buyer, also after the contact was created. Check the contact in the platform, then pass the purchase on again.
pass-advice-products-unknown = Products of this purchase are not in the platform’s catalogue. Import them, then pass the purchase on again.
pass-advice-product-domain = A product’s address is on a domain that the platform’s account does not allow. Add the domain there, then pass the purchase on again.
pass-advice-not-found-yet = The platform does not show yet what was sent; it is asked again by itself for about an hour, and only then is the purchase sent again.
pass-advice-never-seen = The platform accepted the purchase each time and never showed it. Look for it there by its number and ask the platform why; pass it on again only if it is not there.
pass-advice-interrupted = The collector was stopped during this attempt; it is tried again by itself.
pass-advice-unconfigured = The destination is not in the collector’s configuration any more. Configure it again, or leave it.
pass-advice-unreadable = The stored purchase cannot be read by this version of the collector. Run the version that stored it, or a later one.

duration-seconds = { $count ->
    [one] { $shown } second
   *[other] { $shown } seconds
}
duration-minutes = { $count ->
    [one] { $shown } minute
   *[other] { $shown } minutes
}
duration-hours = { $count ->
    [one] { $shown } hour
   *[other] { $shown } hours
}
duration-days = { $count ->
    [one] { $shown } day
   *[other] { $shown } days
}
